"""Looking at the past: which moment an address means, and which figures are others today."""

from datetime import UTC, date, datetime, time

import pytest
from starlette.requests import Request

from stickprov_client.web.problems import PageProblem
from stickprov_client.web.reporting.addresses import cases_behind, page_of, rooms_of
from stickprov_client.web.reporting.changed import changes_between
from stickprov_client.web.reporting.known import Known, kept, known_in
from support.quarter import quarter, share


def asking(query: str) -> Request:
    return Request({"type": "http", "path": "/dashboard", "query_string": query.encode(), "headers": []})


@pytest.mark.parametrize(
    ("query", "at"),
    [
        # Half past two on a winter's day in Stockholm is half past one in UTC; a summer's day ends two hours before.
        ("known=2021-01-31&clock=14:30", datetime(2021, 1, 31, 13, 30, tzinfo=UTC)),
        ("known=2021-01-31&clock=14:30:05", datetime(2021, 1, 31, 13, 30, 5, tzinfo=UTC)),
        ("known=2021-06-30", datetime(2021, 6, 30, 21, 59, 59, 999999, tzinfo=UTC)),
        ("known=2021-01-31&clock=00:00", datetime(2021, 1, 30, 23, 0, tzinfo=UTC)),
    ],
)
def test_a_day_means_its_end_and_a_time_of_day_what_the_clock_on_the_wall_shows(query, at):
    known = known_in(asking(query))

    assert known is not None
    assert known.at == at


def test_an_address_without_a_moment_means_now():
    assert known_in(asking("known=&clock=")) is None
    assert kept(None) == {}


@pytest.mark.parametrize(
    "query", ["known=yesterday", "clock=14:30", "known=2021-01-31&clock=25:00", "known=9999-12-31"]
)
def test_a_moment_that_cannot_be_used_is_said_with_a_way_to_now(query):
    with pytest.raises(PageProblem) as caught:
        known_in(asking(query))

    assert caught.value.status == 400
    assert caught.value.way_on == ("/dashboard", "Visa som det är nu")


def test_every_link_stays_in_the_same_past():
    known = Known(date(2021, 5, 1), time(14, 30))

    addresses = [*rooms_of("P", None, known).values(), cases_behind("P", date(2021, 1, 1), date(2021, 4, 1), known)()]

    assert all("known=2021-05-01&clock=14%3A30" in address for address in addresses)
    assert rooms_of("P", None)["trend"] == page_of("P", "trend")


def test_what_changed_stands_beside_what_it_was():
    now = quarter()
    [january, *others] = now.months
    then = now.model_copy(
        update={
            "total": now.total.model_copy(update={"remarks": 103}),
            "pooled": share(103, 509),
            "months": [january.model_copy(update={"remarks": 27, "remark_share": share(27, 156)}), *others],
        }
    )

    changes = changes_between(then, now, "sv")

    changed = {one.name: (one.then, one.now) for one in (*changes.whole, *changes.parts) if one.differs}
    assert changed["Anmärkningar x"] == ("103", "104")
    assert changed["januari 2021"] == ("17,3\u00a0% (27/156)", "17,9\u00a0% (28/156)")
    assert set(changed) == {"Anmärkningar x", "Med anmärkning, sammanlagt", "januari 2021"}
    # Count, numerator and share, of the whole and of its month.
    assert changes.count == 6


def test_nothing_changed_where_nothing_did():
    changes = changes_between(quarter(), quarter(), "en")

    assert (changes.count, changes.parts) == (0, [])
    assert not any(one.differs for one in changes.whole)


def test_what_was_not_there_then_is_told_as_nothing():
    now = quarter()

    changes = changes_between(now.model_copy(update={"months": now.months[:2]}), now, "en")

    assert [(one.name, one.then) for one in changes.parts] == [("March 2021", "–")]
    assert changes.count > 0

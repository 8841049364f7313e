"""What an address asks of the trail: every condition as it is meant, and what cannot be used is said."""

from datetime import date
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

import pytest

from stickprov_client.api.reporting import TrailFilter
from stickprov_client.web.auditing.asked import asked_in, trail_of

DRAW = "0192aa00-0000-7000-8000-000000000001"


def query(address: str) -> dict[str, str]:
    return {name: value for name, [value] in parse_qs(urlsplit(address).query).items()}


def test_an_address_without_conditions_asks_for_everything_newest_first():
    asked = asked_in({"control_point": "", "case": "  "}, "sv")

    assert (asked.wanted, asked.newest, asked.faults) == (TrailFilter(), True, ())


def test_every_condition_reaches_the_service():
    told = {
        "control_point": "AMF-2021-3",
        "case": "9f86d081",
        "plan": "AMF-2021",
        "actor": "p0123",
        "draw": DRAW,
        "type": "finding-recorded",
        "source": "findings",
        "from": "2021-01-01",
        "to": "2021-02-01",
        "period": "2021-Q1",
        "order": "oldest",
    }

    asked = asked_in(told, "sv")

    assert asked.wanted == TrailFilter(
        control_point="AMF-2021-3",
        case="9f86d081",
        plan="AMF-2021",
        actor="p0123",
        draw=UUID(DRAW),
        types=("finding-recorded",),
        source="findings",
        start=date(2021, 1, 1),
        end=date(2021, 2, 1),
        period="2021-Q1",
    )
    assert not asked.newest


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("draw", "no-id", "”no-id” är inte ett urvals id"),
        ("from", "yesterday", "”yesterday” är ingen dag"),
        ("to", "2021-02-30", "”2021-02-30” är ingen dag"),
        ("period", "2021-Q5", "”2021-Q5” är ingen period"),
    ],
)
def test_what_cannot_be_used_is_said_and_leaves_all(name, value, told):
    asked = asked_in({name: value, "case": "9f86d081"}, "sv")

    [fault] = asked.faults
    assert fault.startswith(told)
    assert asked.wanted == TrailFilter(case="9f86d081")


@pytest.mark.parametrize(("name", "value"), [("type", "finding-painted"), ("source", "reporting")])
def test_a_choice_that_nobody_offered_leaves_all(name, value):
    assert asked_in({name: value}, "sv").wanted == TrailFilter()


def test_a_condition_is_taken_away_or_added_and_the_others_stay():
    asked = asked_in({"case": "9f86d081", "type": "finding-recorded", "order": "oldest"}, "en")

    assert query(asked.address(without="type")) == {"case": "9f86d081", "order": "oldest"}
    assert query(asked.address(after="7")) == {
        "case": "9f86d081",
        "type": "finding-recorded",
        "order": "oldest",
        "after": "7",
    }


def test_a_file_is_asked_for_with_the_same_conditions():
    asked = asked_in({"case": "9f86d081"}, "en")

    assert asked.address("/audit/trail.csv") == "/audit/trail.csv?case=9f86d081"


def test_a_link_to_events_that_belong_together_begins_with_the_first():
    assert query(trail_of(draw=DRAW)) == {"draw": DRAW, "order": "oldest"}

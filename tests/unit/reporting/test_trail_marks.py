"""Where an event belongs in the trail, whatever can be read of it."""

from datetime import UTC, date, datetime
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stickprov_contracts.envelope import Envelope
from stickprov_kernel.log.envelope import encode
from stickprov_reporting.domain.audit.trail import NOTHING, PeriodMark, Reference, mark_of, ordered_after
from support.reporting import POINT, case_drawn, case_id, draw_id, month_period, recorded, sample

NOW = "2021-01-31T10:00:00.000000Z"
JANUARY = PeriodMark(date(2021, 1, 1), date(2021, 2, 1), "2021-01")


def envelope(type_: str, *, time: str = NOW, actor: str = "p1") -> bytes:
    return encode(
        Envelope(
            id="1",
            source="/stickprov/sampler",
            type=type_,
            subject="s",
            streamversion="1",
            time=time,
            actor=actor,
            correlationid="2",
        )
    )


def mark(event, **changes):
    return mark_of(envelope(f"stickprov.{event.source}.{event.name}.v1", **changes), event.model_dump_json().encode())


def test_a_drawn_case_is_about_its_draw_its_points_and_its_period():
    found = mark(case_drawn("d", "a", "2021-01", points=[POINT, "B"]))

    assert (found.kind, found.actor, found.time) == ("case-drawn", "p1", datetime(2021, 1, 31, 10, tzinfo=UTC))
    assert found.subject == (draw_id("d"), True, (POINT, "B"), None, JANUARY)
    assert found.case == bytes.fromhex(case_id("a"))


def test_a_sample_tells_what_its_draw_and_its_series_are_about():
    found = mark(sample("d", [("", "2021-01", 10, 2)], month_period("2021-01")))

    assert found.references == (
        Reference(draw_id("d"), (POINT,), None, JANUARY),
        Reference(draw_id("series"), (POINT,)),
    )


def test_a_finding_says_nothing_of_its_period():
    found = mark(recorded("d", "a"))

    assert (found.subject.period, found.subject.control_points, found.references) == (None, (POINT,), ())


@pytest.mark.parametrize(
    "data", [b"no json", b"[]", b"7", b'{"draw": 7, "case": "x", "control_points": [1], "period": 3}']
)
def test_what_cannot_be_read_is_about_nothing_and_has_its_place(data):
    found = mark_of(envelope("stickprov.sampler.case-sealed.v7"), data)

    assert (found.kind, found.actor, found.subject, found.case) == ("case-sealed", "p1", NOTHING, None)


def test_an_envelope_that_is_none_has_its_place_too():
    assert mark_of(b"x", b"{}") == ("unreadable", None, "", NOTHING, None, ())


@given(st.binary(max_size=300), st.binary(max_size=300))
def test_no_bytes_at_all_break_the_trail(one, other):
    mark_of(one, other)
    mark_of(envelope("stickprov.sampler.case-drawn.v1"), other)


@given(st.text(max_size=30), st.text(max_size=30))
def test_no_text_is_kept_that_the_database_cannot_hold(actor, point):
    found = mark_of(
        envelope("stickprov.sampler.case-drawn.v1", actor=actor.encode(errors="ignore").decode()),
        (b'{"control_points": ["\\u0000", "' + point.encode("unicode_escape").replace(b'"', b"") + b'"]}'),
    )

    assert "\x00" not in found.actor + "".join(found.subject.control_points)


def test_subjects_have_keys_of_their_own_and_the_same_has_the_same():
    one, other = mark(recorded("d", "a")).subject, mark(recorded("d", "b")).subject

    assert one.key() == other.key()
    assert one.key() != mark(recorded("e", "a")).subject.key()
    assert one.key() != one._replace(refers=UUID(int=1)).key()


def test_the_order_of_a_log_never_goes_back_though_clocks_do():
    later, earlier = datetime(2021, 2, 1, tzinfo=UTC), datetime(2021, 1, 1, tzinfo=UTC)

    assert ordered_after(later, earlier) == later
    assert ordered_after(earlier, later) == later
    assert ordered_after(later, None) == later

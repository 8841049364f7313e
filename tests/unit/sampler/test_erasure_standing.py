"""What is due to be erased, what is not, and why: for every mixture of draws, retentions, holds and days."""

from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stickprov_contracts.events import NoteReference, Period
from stickprov_contracts.events.erasure import LegalHoldLifted, LegalHoldPlaced, RetentionSet
from stickprov_sampler.domain.erasure import retention
from stickprov_sampler.domain.erasure.holding import Holds, decide_lifting, holds_of
from stickprov_sampler.domain.erasure.refusals import HoldLiftedError, HoldUnknownError
from stickprov_sampler.domain.erasure.retention import Rule, due_from, longest, months_after
from stickprov_sampler.domain.erasure.standing import (
    Drawn,
    Frozen,
    series_without_use,
    standing_of_draw,
    standing_of_frame,
)

PERIOD = Period(start=date(2021, 1, 1), end=date(2021, 2, 1), label="2021-01")
DRAWN = date(2021, 2, 10)
DUE = date(2023, 2, 10)
DRAW, OTHER, FRAME, SERIES, HOLD = (UUID(int=number) for number in range(1, 6))
WHY = NoteReference(note=UUID(int=9), digest="0" * 64)
TWO_YEARS = {"AMF-2021-3": Rule(24)}
A, B, C = ("a" * 64, "b" * 64, "c" * 64)


def drawn(*cases: str, research: str = "", points: tuple[str, ...] = ("AMF-2021-3",)) -> Drawn:
    return Drawn(DRAW, FRAME, points, PERIOD, DRAWN, {case: case == research for case in cases})


def frozen(*, erased: bool = False) -> Frozen:
    return Frozen(FRAME, SERIES, "AMF-2021-3", PERIOD, date(2021, 2, 3), erased)


def held(**what: object) -> Holds:
    return holds_of([LegalHoldPlaced(hold=HOLD, why=WHY, **what)])  # type: ignore[arg-type] - any one field


def test_a_draw_is_due_once_its_time_is_up_and_not_the_day_before():
    before = standing_of_draw(drawn(A, B), TWO_YEARS, Holds(), DUE - timedelta(days=1))
    then = standing_of_draw(drawn(A, B), TWO_YEARS, Holds(), DUE)

    assert (before.standing, before.erasable, before.due) == ("not-due", frozenset(), DUE)
    assert (then.standing, then.erasable) == ("due", {A, B})


def test_without_a_decision_nothing_is_ever_due():
    standing = standing_of_draw(drawn(A), {}, Holds(), date.max)

    assert (standing.standing, standing.erasable, standing.due, standing.months) == ("no-retention", set(), None, None)


def test_a_draw_of_two_points_waits_for_the_longer_time_and_for_a_decision_on_both():
    both = drawn(A, points=("AMF-2021-3", "AMF-2021-4"))

    one_missing = standing_of_draw(both, TWO_YEARS, Holds(), date.max)
    longer = standing_of_draw(both, TWO_YEARS | {"AMF-2021-4": Rule(60)}, Holds(), DUE)

    assert one_missing.standing == "no-retention"
    assert (longer.standing, longer.due) == ("not-due", date(2026, 2, 10))


@pytest.mark.parametrize("what", [{"control_point": "AMF-2021-3"}, {"draw": DRAW}])
def test_a_hold_on_the_point_or_the_draw_keeps_all_of_it(what):
    standing = standing_of_draw(drawn(A, B), TWO_YEARS, held(**what), DUE)

    assert (standing.standing, standing.erasable, standing.held, standing.holds) == ("held", set(), {A, B}, {HOLD})


def test_a_hold_on_a_case_keeps_that_case_in_whatever_draw_it_is():
    standing = standing_of_draw(drawn(A, B), TWO_YEARS, held(draw=OTHER, case=A), DUE)

    assert (standing.standing, standing.erasable, standing.held) == ("due", {B}, {A})


def test_what_research_may_keep_stays_where_the_point_says_so():
    keeping = {"AMF-2021-3": Rule(24, keep_for_research=True)}

    kept = standing_of_draw(drawn(A, B, research=B), keeping, Holds(), DUE)
    not_kept = standing_of_draw(drawn(A, B, research=B), TWO_YEARS, Holds(), DUE)
    rest = standing_of_draw(drawn(B, research=B), keeping, Holds(), DUE)

    assert (kept.erasable, kept.research) == ({A}, {B})
    assert not_kept.erasable == {A, B}
    assert (rest.standing, rest.erasable, rest.research) == ("erased", set(), {B})


def test_a_hold_that_was_lifted_holds_nothing():
    holds = holds_of([LegalHoldPlaced(hold=HOLD, draw=DRAW, why=WHY), LegalHoldLifted(hold=HOLD, why=WHY)])

    assert standing_of_draw(drawn(A), TWO_YEARS, holds, DUE).erasable == {A}
    with pytest.raises(HoldLiftedError):
        decide_lifting(LegalHoldLifted(hold=HOLD, why=WHY), holds)
    with pytest.raises(HoldUnknownError):
        decide_lifting(LegalHoldLifted(hold=OTHER, why=WHY), holds)


def test_a_frames_identities_go_when_no_draw_needs_them_any_more():
    gone = standing_of_draw(drawn(), TWO_YEARS, Holds(), DUE)
    live = replace(gone, standing="not-due")

    assert standing_of_frame(frozen(), [gone], TWO_YEARS, Holds(), DUE).standing == "due"
    assert standing_of_frame(frozen(), [gone, live], TWO_YEARS, Holds(), DUE).standing == "not-due"
    assert standing_of_frame(frozen(), [], TWO_YEARS, Holds(), date(2023, 2, 2)).standing == "not-due"
    assert standing_of_frame(frozen(), [], TWO_YEARS, Holds(), date(2023, 2, 3)).standing == "due"
    assert standing_of_frame(frozen(), [], {}, Holds(), date.max).standing == "no-retention"
    assert standing_of_frame(frozen(erased=True), [], TWO_YEARS, Holds(), DUE).standing == "erased"


def test_a_draw_that_was_erased_on_request_leaves_its_frame_until_the_frames_time_is_up():
    gone = standing_of_draw(drawn(), TWO_YEARS, Holds(), date(2021, 3, 1))

    assert standing_of_frame(frozen(), [gone], TWO_YEARS, Holds(), date(2021, 3, 1)).standing == "not-due"


def test_a_hold_on_one_case_keeps_the_frame_that_its_spare_would_come_from():
    of_draw = standing_of_draw(drawn(A, B), TWO_YEARS, held(draw=DRAW, case=A), DUE)

    assert of_draw.standing == "due"
    assert standing_of_frame(frozen(), [of_draw], TWO_YEARS, Holds(), DUE).standing == "held"


def test_a_series_key_goes_with_the_last_case_and_the_last_frame():
    gone, there = frozen(erased=True), replace(frozen(), frame=OTHER)

    assert series_without_use([gone], {}) == {SERIES}
    assert series_without_use([gone], {SERIES: 1}) == frozenset()
    assert series_without_use([gone, there], {}) == frozenset()


def test_a_month_without_such_a_day_ends_on_its_last():
    assert months_after(date(2024, 1, 31), 1) == date(2024, 2, 29)
    assert months_after(date(2021, 12, 31), 2) == date(2022, 2, 28)
    assert due_from(date(2021, 2, 1), date(2021, 1, 5), Rule(0)) == date(2021, 2, 1)
    assert months_after(date(9000, 1, 1), 12 * 1200) == date.max


def test_setting_what_is_set_already_stores_nothing():
    two_years = RetentionSet(control_point="AMF-2021-3", months=24)
    none = RetentionSet(control_point="AMF-2021-3", months=None)

    assert retention.decide(two_years, None) == [two_years]
    assert retention.decide(two_years, two_years) == []
    assert retention.decide(none, None) == []
    assert retention.decide(none, two_years) == [none]
    assert retention.rule_of(none) is None


POINTS = ("P1", "P2", "P3")
CASES = tuple(letter * 64 for letter in "abcdef")
days = st.dates(date(2020, 1, 1), date(2030, 1, 1))


@st.composite
def draws(draw: st.DrawFn) -> Drawn:
    start = draw(days)
    return Drawn(
        draw(st.sampled_from([DRAW, OTHER])),
        FRAME,
        tuple(draw(st.sets(st.sampled_from(POINTS), min_size=1))),
        Period(start=start, end=start + timedelta(days=31), label="p"),
        draw(days),
        draw(st.dictionaries(st.sampled_from(CASES), st.booleans())),
    )


one_hold = st.one_of(
    st.builds(dict, control_point=st.sampled_from(POINTS)),
    st.builds(dict, draw=st.sampled_from([DRAW, OTHER])),
    st.builds(dict, draw=st.sampled_from([DRAW, OTHER]), case=st.sampled_from(CASES)),
)
hold_events = st.lists(one_hold).map(
    lambda found: [LegalHoldPlaced(hold=UUID(int=n), why=WHY, **one) for n, one in enumerate(found)]
)
rules = st.dictionaries(st.sampled_from(POINTS), st.builds(Rule, st.integers(0, 120), st.booleans()))


@given(draws(), rules, hold_events, days)
@settings(max_examples=300, deadline=None)
def test_nothing_held_not_due_or_kept_for_research_is_ever_erased(of, ruled, placed, on):
    standing = standing_of_draw(of, ruled, holds_of(placed), on)

    for case in standing.erasable:
        assert case in of.left
        assert not any(
            one.case == case
            if one.case is not None
            else one.draw == of.draw or (one.control_point is not None and one.control_point in of.control_points)
            for one in placed
        )
        assert not (of.left[case] and any(ruled[point].keep_for_research for point in of.control_points))
    if standing.erasable:
        assert all(
            due_from(of.period.end, of.made, ruled[point]) <= on for point in of.control_points
        )  # fails, too, where a point has none


@given(draws(), rules, hold_events, days)
@settings(max_examples=200, deadline=None)
def test_once_it_is_erased_nothing_of_it_is_due_again(of, ruled, placed, on):
    holds = holds_of(placed)
    first = standing_of_draw(of, ruled, holds, on)
    left = {case: research for case, research in of.left.items() if case not in first.erasable}

    again = standing_of_draw(replace(of, left=left), ruled, holds, on)

    assert again.erasable == frozenset()
    assert again.held == first.held
    assert again.standing != "due"


@given(draws(), rules, hold_events, days, st.randoms())
@settings(max_examples=200, deadline=None)
def test_the_answer_is_the_same_in_whatever_order_it_is_told(of, ruled, placed, on, chance):
    mixed, points, left = list(placed), list(of.control_points), list(of.left.items())
    for one in (mixed, points, left):
        chance.shuffle(one)
    other = replace(of, control_points=tuple(points), left=dict(left))

    told = standing_of_draw(of, ruled, holds_of(placed), on)
    told_otherwise = standing_of_draw(other, dict(reversed(list(ruled.items()))), holds_of(mixed), on)

    assert replace(told_otherwise, drawn=of) == told


@given(st.lists(draws(), max_size=4), rules, hold_events, days)
@settings(max_examples=200, deadline=None)
def test_a_frame_goes_only_when_its_time_is_up_and_nothing_of_it_can_be_drawn_any_more(drawings, ruled, placed, on):
    holds = holds_of(placed)
    standings = [standing_of_draw(of, ruled, holds, on) for of in drawings]
    frame = replace(frozen(), control_point="P1")

    standing = standing_of_frame(frame, standings, ruled, holds, on)

    if standing.standing == "due":
        assert due_from(frame.period.end, frame.made, ruled["P1"]) <= on
        assert not any(one.control_point == "P1" for one in placed)
        for one in standings:
            assert set(one.drawn.left) <= one.erasable | one.research
            assert not one.held


@given(st.sets(st.sampled_from(POINTS), min_size=1), rules)
def test_the_longest_time_holds_for_a_draw(points, ruled):
    rule = longest(points, ruled)

    if points <= set(ruled):
        assert rule == Rule(
            max(ruled[point].months for point in points), any(ruled[point].keep_for_research for point in points)
        )
    else:
        assert rule is None

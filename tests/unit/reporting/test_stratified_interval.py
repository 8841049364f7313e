"""The exact interval over strata: against the design's figures, against counting in whole numbers, against coverage."""

import itertools
import math
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stickprov_reporting.domain.statistics import stratified
from stickprov_reporting.domain.statistics.hypergeometric import exact_limits
from stickprov_reporting.domain.statistics.stratified import MOST_WORK, Drawn, stratified_limits, work_of

TAIL = Fraction(1, 40)


def test_the_limits_are_those_of_the_design():
    assert stratified_limits((Drawn(60, 20, 3), Drawn(40, 10, 1))) == (5, 27)


@pytest.mark.parametrize(
    "frames",
    [
        pytest.param([(6, 3), (5, 2)], id="two strata"),
        pytest.param([(9, 1), (4, 3)], id="one case of a stratum"),
        pytest.param([(4, 2), (3, 2), (3, 1)], id="three strata"),
        pytest.param([(5, 5), (6, 2)], id="one stratum reviewed as a whole"),
    ],
)
@pytest.mark.parametrize("confidence", [Fraction(95, 100), Fraction(8, 10)])
def test_every_small_case_is_as_counted_in_whole_numbers(frames, confidence):
    for outcome in itertools.product(*(range(reviewed + 1) for _, reviewed in frames)):
        strata = tuple(Drawn(*frame, x) for frame, x in zip(frames, outcome, strict=True))
        assert stratified_limits(strata, confidence) == counted_limits(strata, (1 - confidence) / 2), outcome


def test_one_stratum_is_the_simple_case():
    for remarks in range(13):
        assert stratified_limits((Drawn(87, 12, remarks),)) == exact_limits(87, 12, remarks)


def test_a_probability_of_exactly_half_alpha_is_left_out():
    # One case of each: T is 40 or 80 when the first, or both, have a remark. With a remark in the first alone,
    # P(T >= 40) = A1/40 + A2/40 - A1 A2/1600 is 1/40, half alpha, for A = 1 in either stratum; so A = 1 is not in.
    assert most_likely((Drawn(40, 1, 1), Drawn(40, 1, 0)), 1) == TAIL
    assert stratified_limits((Drawn(40, 1, 1), Drawn(40, 1, 0)))[0] == 2


def test_a_probability_close_to_half_alpha_is_counted_in_whole_numbers(monkeypatch):
    asked = []
    exactly = stratified._WorstCase._exactly
    monkeypatch.setattr(
        stratified._WorstCase, "_exactly", lambda self, *place: asked.append(place) or exactly(self, *place)
    )

    stratified_limits.__wrapped__((Drawn(40, 1, 1), Drawn(40, 1, 0)))

    assert asked


@pytest.mark.parametrize("frames", [[(6, 3), (5, 2)], [(12, 4), (8, 3)], [(40, 1), (7, 2)], [(5, 2), (4, 2), (3, 1)]])
def test_at_least_95_percent_of_all_draws_cover_the_truth_however_it_lies_in_the_strata(frames):
    outcomes = list(itertools.product(*(range(reviewed + 1) for _, reviewed in frames)))
    limits = [stratified_limits(tuple(Drawn(*f, x) for f, x in zip(frames, o, strict=True))) for o in outcomes]
    whole = math.prod(math.comb(*frame) for frame in frames)
    for allocation in itertools.product(*(range(size + 1) for size, _ in frames)):
        covered = sum(
            math.prod(ways(*frame, a, x) for frame, a, x in zip(frames, allocation, outcome, strict=True))
            for outcome, (lower, upper) in zip(outcomes, limits, strict=True)
            if lower <= sum(allocation) <= upper
        )
        assert Fraction(covered, whole) >= Fraction(95, 100), allocation


@given(st.data())
@settings(max_examples=60, deadline=None)
def test_limits_hold_the_estimate_rise_with_remarks_and_do_not_depend_on_the_order_of_strata(data):
    sizes = data.draw(st.lists(st.integers(1, 30), min_size=2, max_size=3))
    strata = []
    for size in sizes:
        reviewed = data.draw(st.integers(1, size))
        strata.append(Drawn(size, reviewed, data.draw(st.integers(0, reviewed))))

    lower, upper = stratified_limits(tuple(strata))

    estimate = sum(Fraction(s.size * s.remarks, s.reviewed) for s in strata)
    assert lower <= estimate <= upper
    assert stratified_limits(tuple(strata[::-1])) == (lower, upper)
    if strata[0].remarks < strata[0].reviewed:
        more = (strata[0]._replace(remarks=strata[0].remarks + 1), *strata[1:])
        assert stratified_limits(more)[0] >= lower
        assert stratified_limits(more)[1] >= upper


@given(st.data())
@settings(max_examples=40, deadline=None)
def test_probabilities_in_floating_point_are_far_closer_to_the_truth_than_the_margin_they_are_given(data):
    size = data.draw(st.integers(1, 2_000))
    reviewed = data.draw(st.integers(1, min(size, 300)))
    marked = data.draw(st.integers(0, size))

    (row,) = stratified._chances(size, reviewed, marked, marked)

    whole = math.comb(size, reviewed)
    for x in range(reviewed + 1):
        exact = Fraction(ways(size, reviewed, marked, x), whole)
        assert abs(Fraction(float(row[x])) - exact) <= exact / 10**11 + Fraction(1, 10**25), x


def test_a_frame_too_large_to_be_laid_out_is_told_by_the_work_it_would_be():
    assert work_of([Drawn(2663, 156, 28)] * 3) == math.inf
    assert work_of([Drawn(9999, 5000, 1000), Drawn(98, 50, 5)]) > MOST_WORK
    assert work_of([Drawn(60, 20, 3), Drawn(40, 10, 1)]) < 10_000


def test_a_stratum_too_large_for_a_table_gives_the_same_limits_as_with_one(monkeypatch):
    strata = (Drawn(300, 20, 3), Drawn(12, 4, 1))
    with_table = stratified_limits.__wrapped__(strata)
    monkeypatch.setattr(stratified, "_has_table", lambda _: False)

    assert stratified_limits.__wrapped__(strata) == with_table


def counted_limits(strata, tail):
    """The limits from their definition: every A, every allocation of it, every outcome. What was seen is there."""
    mirrored = [s._replace(remarks=s.reviewed - s.remarks) for s in strata]
    fewest, fewest_without = (
        next(a for a in range(sum(s.remarks for s in found), size_of(strata) + 1) if most_likely(found, a) > tail)
        for found in (strata, mirrored)
    )
    return fewest, size_of(strata) - fewest_without


def size_of(strata):
    return sum(s.size for s in strata)


def most_likely(strata, marked):
    """The largest P(T >= t) of all allocations of this many remarks."""
    least = sum(Fraction(s.size * s.remarks, s.reviewed) for s in strata)
    outcomes = [
        outcome
        for outcome in itertools.product(*(range(s.reviewed + 1) for s in strata))
        if sum(Fraction(s.size * x, s.reviewed) for s, x in zip(strata, outcome, strict=True)) >= least
    ]
    whole = math.prod(math.comb(s.size, s.reviewed) for s in strata)
    return max(
        Fraction(
            sum(
                math.prod(ways(s.size, s.reviewed, a, x) for s, a, x in zip(strata, allocation, o, strict=True))
                for o in outcomes
            ),
            whole,
        )
        for allocation in itertools.product(*(range(s.size + 1) for s in strata))
        if sum(allocation) == marked
    )


def ways(size, reviewed, marked, remarks):
    if remarks > marked or reviewed - remarks > size - marked:
        return 0
    return math.comb(marked, remarks) * math.comb(size - marked, reviewed - remarks)

"""Cases with chances of their own: against every sample of a small design, and against the simple case."""

import itertools
import math

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from stickprov_reporting.domain.statistics.horvitz_thompson import (
    Weighed,
    known_cases,
    totals_of,
    variance_of_total,
    weighed_limits,
    weighed_units,
    why_not_weighed,
)
from stickprov_reporting.domain.statistics.hypergeometric import exact_limits
from stickprov_reporting.domain.statistics.parts import REMARKED
from support.reporting import draw_id
from support.statistics import weighed

REVIEWED = {"reviewed": 1}
REMARK = {"reviewed": 1, "remarks": 1}


def conditional_poisson(odds, drawn):
    """Every sample, as likely as the product of its units' odds, and the chance of each unit."""
    samples = {s: math.prod(odds[i] for i in s) for s in itertools.combinations(range(len(odds)), drawn)}
    total = sum(samples.values())
    chance = {s: weight / total for s, weight in samples.items()}
    return chance, [sum(p for s, p in chance.items() if unit in s) for unit in range(len(odds))]


def test_over_all_samples_the_total_is_right_on_average_and_its_variance_nearly():
    remarks = [0, 1, 1, 0, 1, 0, 0, 1, 0, 1, 1, 0]
    samples, chances = conditional_poisson([0.3 + 0.1 * unit for unit in range(12)], 6)

    def draws(sample):
        return {None: [Weighed(chances[unit], remarks[unit], 1) for unit in sample]}

    mean = sum(p * totals_of(draws(s))[0] for s, p in samples.items())
    variance = sum(p * (totals_of(draws(s))[0] - sum(remarks)) ** 2 for s, p in samples.items())
    estimated = sum(p * variance_of_total(draws(s), 0) for s, p in samples.items())
    assert mean == pytest.approx(sum(remarks))
    assert estimated == pytest.approx(variance, rel=0.05)


def test_equal_chances_are_a_simple_draw():
    draws = {None: [Weighed(20 / 222, int(case < 6), 1) for case in range(20)]}

    assert totals_of(draws) == pytest.approx((222 * 6 / 20, 222))
    # N^2 (1 - f) p q / (n - 1)
    assert variance_of_total(draws, 0) == pytest.approx(222**2 * (1 - 20 / 222) * 0.3 * 0.7 / 19)


def test_units_taken_for_sure_add_their_count_and_no_doubt():
    sure = [Weighed(1.0, 1, 1), Weighed(1.0, 0, 1)]
    unsure = [Weighed(0.2, 1, 1), Weighed(0.3, 0, 1), Weighed(0.4, 1, 1)]

    assert totals_of({None: sure + unsure})[0] == pytest.approx(1 + totals_of({None: unsure})[0])
    assert variance_of_total({None: sure + unsure}, 0) == variance_of_total({None: unsure}, 0)
    assert weighed_limits({None: sure}, 2) == (0.5, 0.5, 0.5)


def test_without_any_remark_the_upper_limit_is_that_of_a_simple_draw_of_as_many_that_weigh_the_same():
    alike = {None: [Weighed(12 / 87, 0, 1)] * 12}

    assert weighed_units(alike, 87) == (0, 0, exact_limits(87, 12, 0).upper)
    assert weighed_limits(alike, 87).upper == 21 / 87


def test_missing_cases_raise_the_weight_of_the_others():
    basis = weighed("d", "2021-01", 40, [(0.5, REMARK), (0.25, REVIEWED), (0.5, {}), (0.5, {"non-response": 1})])

    known = known_cases(basis.weighed, REMARKED)

    assert known == {draw_id("d"): [Weighed(0.125, 0, 1), Weighed(0.25, 1, 1)]}


def test_over_coverage_is_known_and_belongs_to_nothing():
    basis = weighed("d", "2021-01", 40, [(0.5, REMARK), (0.25, {"over-coverage": 1})])

    assert known_cases(basis.weighed, REMARKED)[draw_id("d")] == [Weighed(0.25, 0, 0), Weighed(0.5, 1, 1)]


@pytest.mark.parametrize(
    ("cases", "reason"),
    [
        pytest.param([(0.5, {}), (0.5, {})], "nothing-reviewed", id="all wait"),
        pytest.param([(0.5, REMARK)], "one-per-group", id="one case"),
        pytest.param([(0.5, REMARK), (1.0, REMARK)], "one-per-group", id="one case beside one taken for sure"),
        pytest.param([(1.0, REMARK)], None, id="all of it"),
    ],
)
def test_there_is_no_variance_and_it_is_said_why(cases, reason):
    basis = weighed("d", "2021-01", 40, cases)

    assert why_not_weighed(known_cases(basis.weighed, REMARKED)) == reason


CASES = st.lists(
    st.tuples(st.floats(0.01, 1), st.integers(0, 1)).map(lambda case: Weighed(case[0], case[1], 1)),
    min_size=2,
    max_size=25,
)


@given(CASES, st.randoms())
@settings(deadline=None)
def test_limits_hold_the_estimate_stay_within_the_frame_and_do_not_depend_on_order(cases, chance):
    draws = {None: cases}
    assume(why_not_weighed(draws) is None)
    size = max(len(cases), math.ceil(sum(1 / case.chance for case in cases)))

    units, share = weighed_units(draws, size), weighed_limits(draws, size)

    seen = sum(case.counted for case in cases)
    assert seen <= units.lower <= units.estimate <= units.upper <= size - len(cases) + seen
    assert 0 <= share.lower <= share.estimate + 1e-12
    assert share.estimate - 1e-12 <= share.upper <= 1
    shuffled = list(cases)
    chance.shuffle(shuffled)
    assert (weighed_units({None: shuffled}, size), weighed_limits({None: shuffled}, size)) == (units, share)

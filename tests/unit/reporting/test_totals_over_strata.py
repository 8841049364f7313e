"""Intervals over several parts: exact where that can be had, approximate and named so elsewhere."""

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from stickprov_reporting.domain.statistics.hypergeometric import exact_limits
from stickprov_reporting.domain.statistics.interval import interval_of
from stickprov_reporting.domain.statistics.parts import Part, is_ready

MONTHS = [Part(2663, 156, 28), Part(2663, 159, 29), Part(2663, 194, 47)]


def test_three_months_together_are_as_in_the_design():
    interval = interval_of(MONTHS)

    assert (round(interval.lower, 1), round(interval.upper, 1)) == (1352.6, 1912.7)
    assert (interval.method, interval.exact, interval.confidence) == ("mover-approximate", False, 0.95)
    assert interval.lower_share == pytest.approx(0.16930, abs=1e-5)
    assert interval.upper_share == pytest.approx(0.23942, abs=1e-5)


def test_one_part_gets_an_interval_that_says_it_is_exact():
    interval = interval_of([Part(222, 20, 11)])

    assert (interval.lower, interval.upper) == (73, 168)
    assert (interval.lower_share, interval.upper_share) == (73 / 222, 168 / 222)
    assert (interval.method, interval.exact, interval.share_exact) == ("hypergeometric-exact", True, True)


def test_a_few_small_strata_get_an_exact_interval():
    interval = interval_of([Part(60, 20, 3), Part(40, 10, 1)])

    assert (interval.lower, interval.upper) == (5, 27)
    assert (interval.method, interval.exact, interval.estimate) == ("stratified-exact", True, 13.0)


def test_parts_that_were_reviewed_as_a_whole_leave_no_doubt():
    interval = interval_of([Part(10, 10, 4), Part(5, 5, 0)])

    assert (interval.lower, interval.upper, interval.method, interval.exact) == (4, 4, "census", True)


def test_a_part_of_which_all_is_known_adds_its_count_and_no_doubt():
    interval = interval_of([Part(222, 20, 11), Part(9, 9, 5)])

    assert (interval.lower, interval.upper, interval.method) == (73 + 5, 168 + 5, "hypergeometric-exact")
    assert interval.lower_share == 78 / 231


def test_missing_cases_are_taken_at_random_and_then_nothing_is_guaranteed():
    interval = interval_of([Part(222, 20, 11, missing=3)])

    assert (interval.lower, interval.upper) == (73, 168)
    assert (interval.exact, interval.share_exact, interval.assumptions) == (False, False, ["missing-at-random"])


def test_over_coverage_is_part_of_the_frame_but_not_of_what_the_share_is_of():
    interval = interval_of([Part(222, 18, 11, outside=2)])

    assert (interval.lower, interval.upper) == exact_limits(222, 20, 11)
    assert (interval.exact, interval.share_exact) == (True, False)
    lower, upper = exact_limits(220, 18, 11)
    assert (interval.lower_share, interval.upper_share) == (lower / 220, upper / 220)
    assert (interval.estimate, interval.estimate_share) == (222 * 11 / 20, 11 / 18)
    assert interval.assumptions == ["over-coverage-conditioned"]


def test_a_census_with_over_coverage_knows_the_share_for_sure():
    interval = interval_of([Part(100, 90, 9, outside=10)])

    assert (interval.lower, interval.upper, interval.lower_share, interval.upper_share) == (9, 9, 0.1, 0.1)
    assert (interval.exact, interval.share_exact, interval.assumptions) == (True, True, [])


@pytest.mark.parametrize(
    ("parts", "reason"),
    [
        pytest.param([], "nothing-reviewed", id="nothing was drawn"),
        pytest.param([Part(10, 0, 0, missing=3)], "nothing-reviewed", id="nothing is reviewed"),
        pytest.param([Part(10, 0, 0, outside=3)], "nothing-reviewed", id="nothing belongs"),
        pytest.param([Part(10, 5, 1), Part(10, 0, 0)], "part-without-review", id="one part has nothing reviewed"),
        pytest.param([Part(0, 5, 1)], "sample-unheard", id="the sample was not heard of yet"),
    ],
)
def test_there_is_no_interval_and_it_is_said_why(parts, reason):
    assert is_ready(parts) == reason


@st.composite
def parts(draw, largest=120):
    size = draw(st.integers(1, largest))
    known = draw(st.integers(1, size))
    outside = draw(st.integers(0, known - 1))
    return Part(size, known - outside, draw(st.integers(0, known - outside)), outside)


@given(st.lists(parts(), min_size=1, max_size=5), st.randoms())
@settings(deadline=None)  # the first import of numpy, and up to a tenth of a second for large strata
def test_whatever_the_method_limits_hold_the_estimate_and_the_order_of_parts_leaves_no_trace(found, chance):
    interval = interval_of(found)

    assert interval.lower - 1e-9 <= interval.estimate <= interval.upper + 1e-9
    assert interval.lower_share - 1e-9 <= interval.estimate_share <= interval.upper_share + 1e-9
    assert interval.lower >= sum(part.remarks for part in found) - 1e-9
    assert interval.upper <= sum(part.size - part.known + part.remarks for part in found) + 1e-9
    chance.shuffle(found)
    assert interval_of(found) == interval


@given(st.lists(parts(), min_size=1, max_size=4), st.data())
@settings(deadline=None)
def test_one_remark_more_never_lowers_an_exact_limit_or_an_estimate(found, data):
    place = data.draw(st.integers(0, len(found) - 1))
    part = found[place]
    assume(part.remarks < part.reviewed)
    more = [*found[:place], part._replace(remarks=part.remarks + 1), *found[place + 1 :]]

    before, after = interval_of(found), interval_of(more)

    assert after.estimate_share >= before.estimate_share
    if before.exact:
        assert after.lower >= before.lower
        assert after.upper >= before.upper

"""Totals over strata: approximate, from each stratum's exact limits."""

import pytest

from stickprov_reporting.domain.statistics.interval import interval_of
from stickprov_reporting.domain.statistics.mover import Part, mover_limits

MONTHS = [Part(2663, 156, 28), Part(2663, 159, 29), Part(2663, 194, 47)]


def test_three_months_together_are_as_in_the_design():
    lower, upper = mover_limits(MONTHS)

    assert (round(lower, 1), round(upper, 1)) == (1352.6, 1912.7)


def test_several_parts_get_an_interval_that_says_it_is_approximate():
    interval = interval_of(MONTHS)

    assert (interval.method, interval.exact, interval.confidence) == ("mover-approximate", False, 0.95)
    assert interval.lower_share == pytest.approx(0.16930, abs=1e-5)
    assert interval.upper_share == pytest.approx(0.23942, abs=1e-5)


def test_one_part_gets_an_interval_that_says_it_is_exact():
    interval = interval_of([Part(222, 20, 11)])

    assert (interval.lower, interval.upper) == (73, 168)
    assert (interval.lower_share, interval.upper_share) == (73 / 222, 168 / 222)
    assert (interval.method, interval.exact) == ("hypergeometric-exact", True)


def test_parts_that_were_reviewed_as_a_whole_leave_no_doubt():
    interval = interval_of([Part(10, 10, 4), Part(5, 5, 0)])

    assert (interval.lower, interval.upper) == (4, 4)


@pytest.mark.parametrize(
    "parts",
    [
        pytest.param([], id="nothing was drawn"),
        pytest.param([Part(10, 0, 0)], id="nothing is reviewed"),
        pytest.param([Part(10, 5, 1), Part(10, 0, 0)], id="one part has nothing reviewed"),
        pytest.param([Part(0, 5, 1)], id="the sample was not heard of yet"),
    ],
)
def test_there_is_no_interval_when(parts):
    assert interval_of(parts) is None

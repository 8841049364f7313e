"""The exact interval of one simple draw: against figures known from elsewhere, against counting, against coverage."""

import math
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import hypergeom

from stickprov_reporting.domain.statistics import hypergeometric
from stickprov_reporting.domain.statistics.hypergeometric import exact_limits


@pytest.mark.parametrize(
    ("size", "reviewed", "remarks", "expected"),
    [
        (222, 20, 11, (73, 168)),
        (7989, 509, 104, (1368, 1923)),
        (87, 12, 0, (0, 21)),
        (2663, 156, 28, (331, 657)),
        (2663, 159, 29, (339, 663)),
        (2663, 194, 47, (495, 815)),
    ],
)
def test_the_limits_are_those_of_the_documents(size, reviewed, remarks, expected):
    assert exact_limits(size, reviewed, remarks) == expected


def test_a_frame_that_was_reviewed_as_a_whole_leaves_no_doubt():
    assert [exact_limits(40, 40, remarks) for remarks in (0, 7, 40)] == [(0, 0), (7, 7), (40, 40)]


def test_remarks_only_say_at_least_how_many_and_none_at_most_how_many():
    assert exact_limits(87, 12, 12) == (87 - 21, 87)
    assert exact_limits(87, 12, 0) == (0, 21)


def test_nothing_reviewed_says_nothing():
    assert exact_limits(50, 0, 0) == (0, 50)


def test_a_probability_of_exactly_half_alpha_is_left_out():
    # One unit of forty: P(X >= 1 | A) = A / 40, and A = 1 hits 1/40 = alpha / 2 exactly, so it does not count.
    assert exact_limits(40, 1, 1) == (2, 40)
    # The same at the other end: P(X <= 0 | A) = (40 - A) / 40 is 1/40 at A = 39.
    assert exact_limits(40, 1, 0) == (0, 38)


@pytest.mark.parametrize("confidence", [Fraction(95, 100), Fraction(9, 10), Fraction(999, 1000)])
@pytest.mark.parametrize("size", range(1, 16))
def test_every_small_case_is_as_counted_by_hand(size, confidence):
    tail = (1 - confidence) / 2
    for reviewed in range(size + 1):
        for remarks in range(reviewed + 1):
            believable_low = [a for a in range(size + 1) if at_least(size, reviewed, a, remarks) > tail]
            believable_high = [a for a in range(size + 1) if at_most(size, reviewed, a, remarks) > tail]
            expected = (min(believable_low), max(believable_high))
            assert exact_limits(size, reviewed, remarks, confidence) == expected, (reviewed, remarks)


@pytest.mark.parametrize(("size", "reviewed"), [(60, 1), (60, 7), (60, 30), (60, 59), (203, 20), (400, 11), (1000, 5)])
def test_at_least_95_percent_of_all_draws_cover_the_truth_whatever_it_is(size, reviewed):
    limits = [exact_limits(size, reviewed, remarks) for remarks in range(reviewed + 1)]
    for truth in range(size + 1):
        covered = sum(
            ways(size, reviewed, truth, remarks)
            for remarks, (lower, upper) in enumerate(limits)
            if lower <= truth <= upper
        )
        assert Fraction(covered, math.comb(size, reviewed)) >= Fraction(95, 100), truth


@given(st.data())
@settings(max_examples=60, deadline=None)
def test_in_large_frames_an_independent_library_agrees_at_both_limits(data):
    size = data.draw(st.integers(100, 50_000))
    reviewed = data.draw(st.integers(1, min(size, 3_000)))
    remarks = data.draw(st.integers(0, reviewed))

    lower, upper = exact_limits(size, reviewed, remarks)

    # Sums of the library's probabilities lose about 1e-11 of them; no limit was ever closer to alpha / 2 than that.
    assert hypergeom(size, lower, reviewed).sf(remarks - 1) > 0.025 * (1 - 1e-9)
    assert lower == remarks or hypergeom(size, lower - 1, reviewed).sf(remarks - 1) <= 0.025 * (1 + 1e-9)
    assert hypergeom(size, upper, reviewed).cdf(remarks) > 0.025 * (1 - 1e-9)
    assert upper == size - reviewed + remarks or (
        hypergeom(size, upper + 1, reviewed).cdf(remarks) <= 0.025 * (1 + 1e-9)
    )


@given(st.data())
@settings(max_examples=200, deadline=None)
def test_the_sum_in_floating_point_is_far_closer_to_the_truth_than_the_margin_it_is_given(data):
    size = data.draw(st.integers(1, 3_000))
    reviewed = data.draw(st.integers(0, size))
    marked = data.draw(st.integers(0, size))
    remarks = data.draw(st.integers(0, reviewed))

    exact = hypergeometric._at_least_exactly(size, reviewed, marked, remarks)

    error = abs(Fraction(hypergeometric._at_least(size, reviewed, marked, remarks)) - exact)
    assert error <= Fraction(1, 10**11) * exact + Fraction(1, 10**25)


@pytest.mark.parametrize(
    ("counts", "message"),
    [
        ((10, 11, 3), "3 remarks among 11 reviewed of 10 units cannot be."),
        ((10, 5, 6), "6 remarks among 5 reviewed of 10 units cannot be."),
        ((10, 5, -1), "-1 remarks among 5 reviewed of 10 units cannot be."),
    ],
)
def test_counts_that_do_not_fit_each_other_are_refused(counts, message):
    with pytest.raises(ValueError) as refused:
        exact_limits(*counts)
    assert str(refused.value) == message


def test_a_confidence_of_100_percent_is_refused():
    with pytest.raises(ValueError) as refused:
        exact_limits(10, 5, 1, Fraction(1))
    assert str(refused.value) == "A confidence lies between 0 and 1, not at 1."


def ways(size, reviewed, marked, remarks):
    """In how many samples of n from N with A marked there are exactly x marked ones."""
    return math.comb(marked, remarks) * math.comb(size - marked, reviewed - remarks)


def at_least(size, reviewed, marked, remarks):
    counted = sum(ways(size, reviewed, marked, x) for x in range(remarks, reviewed + 1))
    return Fraction(counted, math.comb(size, reviewed))


def at_most(size, reviewed, marked, remarks):
    counted = sum(ways(size, reviewed, marked, x) for x in range(remarks + 1))
    return Fraction(counted, math.comb(size, reviewed))

"""What an interval says of a tolerance, what persons concluded beside it, and how two reviewers agree."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stickprov_contracts.events import Period
from stickprov_contracts.events.follow_ups import ControlConcluded
from stickprov_reporting.domain.statistics.agreement import agreement_of, kappa
from stickprov_reporting.domain.statistics.interval import interval_of
from stickprov_reporting.domain.statistics.parts import Part
from stickprov_reporting.domain.statistics.tally import Concluded
from stickprov_reporting.domain.statistics.verdict import conclusions_within, verdict_of


@pytest.mark.parametrize(
    ("tolerance", "verdict"),
    [
        # 73 to 168 of 222
        ("0.75", "cannot-be-told"),
        ("0.757", "followed"),
        ("0.5", "cannot-be-told"),
        ("0.32", "not-followed"),
    ],
)
def test_a_verdict_needs_the_whole_interval_on_one_side(tolerance, verdict):
    found = verdict_of(interval_of([Part(222, 20, 11)]), Decimal(tolerance))

    assert found.verdict == verdict
    assert (found.tolerance, found.method, found.exact) == (Decimal(tolerance), "hypergeometric-exact", True)


def test_an_upper_limit_equal_to_the_tolerance_is_within_it():
    within = interval_of([Part(100, 100, 5)])

    assert (within.lower_share, within.upper_share) == (0.05, 0.05)
    assert verdict_of(within, Decimal("0.05")).verdict == "followed"
    assert verdict_of(within, Decimal("0.0499999")).verdict == "not-followed"


def test_without_a_tolerance_there_is_no_verdict_and_without_an_interval_none_can_be_told():
    assert verdict_of(interval_of([Part(222, 20, 11)]), None) is None
    found = verdict_of(None, Decimal("0.05"))
    assert (found.verdict, found.method, found.exact) == ("cannot-be-told", None, False)


@given(st.integers(1, 200), st.data())
def test_a_verdict_says_what_the_interval_says(size, data):
    known = data.draw(st.integers(1, size))
    interval = interval_of([Part(size, known, data.draw(st.integers(0, known)))])
    tolerance = data.draw(st.decimals(0, 1, places=3))

    found = verdict_of(interval, tolerance).verdict

    assert (found == "followed") == (interval.upper <= tolerance * size)
    assert (found == "not-followed") == (interval.lower > tolerance * size)


def concluded(start, end, label, version, verdict="followed"):
    period = Period(start=start, end=end, label=label)
    return Concluded(ControlConcluded(control_point="p", period=period, verdict=verdict), version)


def test_of_each_period_within_the_range_the_newest_conclusion_is_told():
    quarter = (date(2021, 1, 1), date(2021, 4, 1), "2021-Q1")
    conclusions = [
        concluded(date(2021, 2, 1), date(2021, 3, 1), "2021-02", 1),
        concluded(*quarter, 2, "not-followed"),
        concluded(*quarter, 1),
        concluded(date(2020, 12, 1), date(2021, 3, 1), "2020-12-01/2021-03-01", 1),
    ]

    found = conclusions_within(conclusions, date(2021, 1, 1), date(2021, 4, 1))

    assert [(one.period.label, one.verdict, one.version) for one in found] == [
        ("2021-Q1", "not-followed", 2),
        ("2021-02", "followed", 1),
    ]


def test_agreement_counts_who_saw_a_remark():
    found = agreement_of(
        {
            "second:both": 50,
            "second:remark-remark": 20,
            "second:remark-none": 5,
            "second:none-remark": 10,
            "second:none-none": 15,
            "second:settled": 12,
        }
    )

    assert (found.both, found.both_remarked, found.first_only, found.second_only, found.neither) == (50, 20, 5, 10, 15)
    assert (found.agreed.numerator, found.agreed.denominator, found.settled) == (35, 50, 12)
    # 0.7 observed, 0.5 by chance: the textbook's example.
    assert found.kappa == pytest.approx(0.4)


@pytest.mark.parametrize(
    ("counts", "expected"),
    [((3, 0, 0, 7), 1), ((25, 25, 25, 25), 0), ((0, 5, 5, 0), -1), ((8, 0, 0, 0), None), ((0, 0, 0, 8), None)],
)
def test_kappa_at_its_edges(counts, expected):
    assert kappa(*counts) == expected


def test_without_a_second_review_there_is_no_agreement_to_tell():
    assert agreement_of({"drawn": 4, "reviewed": 4}) is None

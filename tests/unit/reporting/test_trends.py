"""How a share moves from period to period, and how two periods differ."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stickprov_reporting.domain.statistics.calendar import MONTHS_IN, cut_to, label_of, period_of
from stickprov_reporting.domain.statistics.interval import interval_of
from stickprov_reporting.domain.statistics.parts import Part
from stickprov_reporting.domain.statistics.statistic import DateRange, statistics_of
from stickprov_reporting.domain.statistics.trend import difference_of, periods_compared, trend_of
from support.statistics import drawn, monthly, place, point, together

YEAR = DateRange(date(2021, 1, 1), date(2022, 1, 1))
MONTHS = [
    ("2021-01", 2663, 156, 28),
    ("2021-02", 2663, 159, 29),
    ("2021-03", 2663, 194, 47),
    ("2021-04", 2670, 163, 30),
    ("2021-05", 2670, 183, 40),
]


@pytest.mark.parametrize(
    ("step", "labels"),
    [
        ("month", ["2021-01", "2021-02", "2021-03", "2021-04", "2021-05"]),
        ("quarter", ["2021-Q1", "2021-Q2"]),
        ("tertial", ["2021-T1", "2021-T2"]),
        ("half-year", ["2021-H1"]),
        ("year", ["2021"]),
    ],
)
def test_a_trend_has_the_periods_with_a_draw_in_order(step, labels):
    found = trend_of(monthly(MONTHS[::-1]), YEAR, step, {})

    assert [period.label for period in found.periods] == labels
    assert (found.by, sum(period.counts.remarks for period in found.periods)) == (step, 174)


def test_a_period_has_the_figures_that_its_statistic_has():
    quarter = DateRange(date(2021, 1, 1), date(2021, 4, 1))
    statistic = statistics_of(monthly(MONTHS[:3]), quarter, {})

    (found,) = trend_of(monthly(MONTHS[:3]), quarter, "quarter", {}).periods

    assert (found.start, found.end) == (quarter.start, quarter.end)
    assert (found.counts, found.pooled, found.mean_of_months, found.weighted, found.interval) == (
        statistic.total,
        statistic.pooled,
        statistic.mean_of_months,
        statistic.weighted,
        statistic.interval,
    )


def test_each_period_but_the_first_is_compared_with_the_one_before_it_that_has_something_reviewed():
    basis = together(monthly(MONTHS[:1]), drawn("waits", [place("2021-02", 50, waiting=3)]), monthly(MONTHS[2:3]))
    first, waiting, third = trend_of(basis, YEAR, "month", {}).periods

    assert first.difference is None
    assert (waiting.interval, waiting.no_interval, waiting.difference.estimate) == (None, "nothing-reviewed", None)
    assert third.difference.estimate == pytest.approx(47 / 194 - 28 / 156)
    assert third.difference.told == "cannot-be-told"


def test_a_draw_over_a_quarter_has_a_trend_by_month():
    basis = drawn("d", [place("2021-04", 23, 3, 2), place("2021-05", 29, 3, 3)], design="stratified", by=("month",))

    found = trend_of(basis, YEAR, "month", {})

    assert [(p.label, p.counts.size, p.pooled.numerator, p.interval.exact) for p in found.periods] == [
        ("2021-04", 23, 2, True),
        ("2021-05", 29, 3, True),
    ]


def test_a_period_that_the_range_cuts_is_called_by_its_dates():
    cut = DateRange(date(2021, 2, 1), date(2021, 6, 1))

    found = trend_of(monthly(MONTHS[1:]), cut, "quarter", {})

    assert [period.label for period in found.periods] == ["2021-02-01/2021-04-01", "2021-04-01/2021-06-01"]


def test_a_trend_has_a_verdict_for_each_period():
    basis = replace(monthly(MONTHS[:2]), point=point(tolerance=Decimal("0.3")))

    assert [p.verdict.verdict for p in trend_of(basis, YEAR, "month", {}).periods] == ["followed", "followed"]


def test_a_difference_is_put_together_from_both_intervals():
    found = difference_of(interval_of([Part(2528, 199, 63)]), interval_of([Part(2663, 156, 28)]))

    first, second = interval_of([Part(2528, 199, 63)]), interval_of([Part(2663, 156, 28)])
    p, q = 63 / 199, 28 / 156
    below = ((p - first.lower_share) ** 2 + (second.upper_share - q) ** 2) ** 0.5
    above = ((first.upper_share - p) ** 2 + (q - second.lower_share) ** 2) ** 0.5
    assert (found.estimate, found.lower, found.upper) == pytest.approx((p - q, p - q - below, p - q + above))
    assert (found.told, found.assumptions) == ("higher", [])


def test_a_difference_says_what_either_interval_takes_for_granted():
    missing = interval_of([Part(222, 20, 11, missing=1)])
    outside = interval_of([Part(222, 18, 11, outside=2)])

    assert difference_of(missing, outside).assumptions == ["missing-at-random", "over-coverage-conditioned"]


def test_periods_whose_draws_are_of_one_series_may_share_units():
    first = drawn("d", [place("2021-01", 30, 5, 1)], series="s")
    second = drawn("e", [place("2021-02", 30, 5, 4)], series="s")
    january = DateRange(date(2021, 1, 1), date(2021, 2, 1))
    february = DateRange(date(2021, 2, 1), date(2021, 3, 1))

    found = periods_compared(second, february, first, january, {})

    assert (found.period.label, found.against.label) == ("2021-02", "2021-01")
    assert found.difference.estimate == pytest.approx(4 / 5 - 1 / 5)
    assert found.difference.assumptions == ["draws-independent"]


def test_without_both_intervals_there_is_no_difference():
    found = difference_of(interval_of([Part(222, 20, 11)]), None)

    assert (found.estimate, found.lower, found.upper, found.told) == (None, None, None, "cannot-be-told")


@st.composite
def parts(draw):
    size = draw(st.integers(1, 100))
    known = draw(st.integers(1, size))
    return Part(size, known, draw(st.integers(0, known)))


@given(parts(), parts())
def test_the_difference_the_other_way_round_is_its_negative(first, second):
    one, other = interval_of([first]), interval_of([second])

    forth, back = difference_of(one, other), difference_of(other, one)

    assert (forth.estimate, forth.lower, forth.upper) == pytest.approx((-back.estimate, -back.upper, -back.lower))
    assert -1 <= forth.lower <= forth.estimate + 1e-12
    assert forth.estimate - 1e-12 <= forth.upper <= 1
    assert {forth.told, back.told} in ({"cannot-be-told"}, {"higher", "lower"})


@pytest.mark.parametrize(
    ("start", "end", "label"),
    [
        ((2021, 3, 1), (2021, 4, 1), "2021-03"),
        ((2021, 12, 1), (2022, 1, 1), "2021-12"),
        ((2021, 10, 1), (2022, 1, 1), "2021-Q4"),
        ((2021, 5, 1), (2021, 9, 1), "2021-T2"),
        ((2021, 7, 1), (2022, 1, 1), "2021-H2"),
        ((2021, 1, 1), (2022, 1, 1), "2021"),
        ((2020, 8, 1), (2021, 8, 1), "2020-08-01/2021-08-01"),
        ((2021, 3, 2), (2021, 4, 1), "2021-03-02/2021-04-01"),
    ],
)
def test_a_period_is_called_as_people_know_it(start, end, label):
    assert label_of(date(*start), date(*end)) == label


@given(
    st.sampled_from(sorted(MONTHS_IN)),
    st.dates(date(2019, 1, 1), date(2023, 1, 1)),
    st.integers(1, 900),
    st.dates(date(2018, 1, 1), date(2026, 1, 1)),
)
def test_a_day_of_a_range_lies_in_its_own_period_cut_to_the_range_and_no_other_day_does(step, start, days, day):
    end = date.fromordinal(start.toordinal() + days)
    period = period_of(day, MONTHS_IN[step])

    cut = cut_to(period, start, end)

    assert (cut is not None and cut.start <= day < cut.end) == (start <= day < end)
    if cut is not None:
        assert start <= cut.start < cut.end <= end
        assert (cut.label == period.label) == ((cut.start, cut.end) == (period.start, period.end))


@pytest.mark.parametrize("step", sorted(MONTHS_IN))
def test_the_calendars_last_period_ends_with_it(step):
    assert period_of(date(9999, 12, 1), MONTHS_IN[step]).end == date.max

"""The statistic of a control point: the figures of the board's documents, and what happens at the edges."""

from collections.abc import Sequence
from datetime import date

import pytest

from stickprov_contracts.events import Event, Period
from stickprov_contracts.http.statistics import AsOf, Statistics
from stickprov_reporting.domain.projection.fold import Folded
from stickprov_reporting.domain.statistics.statistic import DateRange, statistics_of
from stickprov_reporting.domain.statistics.tally import basis_within
from support.reporting import (
    APRIL_TO_AUGUST,
    JANUARY_TO_MARCH,
    POINT,
    SEPTEMBER_TO_DECEMBER,
    MonthCount,
    case_drawn,
    defined,
    incoming,
    month_of_document,
    month_period,
    recorded,
    sample,
)

YEAR = DateRange(date(2021, 1, 1), date(2022, 1, 1))
QUARTER = Period(start=date(2021, 1, 1), end=date(2021, 4, 1), label="2021-Q1")


def statistic(events: Sequence[Event], dates: DateRange = YEAR) -> Statistics:
    projection = Folded()
    projection.apply(incoming([defined(categories=["deposit", "swish"]), *events]))
    point = projection.definitions[POINT].point
    basis = basis_within(point, projection.strata, projection.cells, dates.start, dates.end)
    return statistics_of(basis, dates, {"sampler": AsOf(position=1, chain_hash="ab")})


def months(counts: Sequence[MonthCount]) -> list[Event]:
    return [event for count in counts for event in month_of_document(count)]


def percent(share: float | None) -> float:
    return round(100 * share, 1)


@pytest.mark.parametrize(
    ("counts", "drawn", "remarks", "fraction", "pooled", "mean"),
    [
        pytest.param(JANUARY_TO_MARCH, 509, 104, 6.4, 20.4, 20.1, id="January to March 2021"),
        pytest.param(APRIL_TO_AUGUST, 792, 176, 5.9, 22.2, 22.3, id="April to August 2021"),
        pytest.param(SEPTEMBER_TO_DECEMBER, 644, 163, 6.4, 25.3, 24.5, id="September to December 2021"),
    ],
)
def test_correct_information_as_in_the_documents(counts, drawn, remarks, fraction, pooled, mean):
    found = statistic(months(counts))

    assert (found.total.drawn, found.total.reviewed, found.total.remarks) == (drawn, drawn, remarks)
    assert percent(found.total.sampling_fraction.value) == fraction
    assert percent(found.pooled.value) == pooled
    assert percent(found.mean_of_months) == mean
    assert (found.pooled.numerator, found.pooled.denominator) == (remarks, drawn)


def test_each_month_has_its_exact_interval_and_the_quarter_an_approximate_one():
    found = statistic(months(JANUARY_TO_MARCH))

    assert [(m.month, m.interval.lower, m.interval.upper, m.interval.exact) for m in found.months] == [
        ("2021-01", 331, 657, True),
        ("2021-02", 339, 663, True),
        ("2021-03", 495, 815, True),
    ]
    assert (round(found.interval.lower, 1), round(found.interval.upper, 1)) == (1352.6, 1912.7)
    assert (found.interval.method, found.interval.exact) == ("mover-approximate", False)
    assert (found.total.size, found.size_average) == (7989, 2663)


@pytest.mark.parametrize(
    ("counts", "pooled", "weighted"),
    [
        pytest.param(
            [("2021-04", 23, 3, 2), ("2021-05", 29, 3, 3), ("2021-06", 20, 3, 3), ("2021-07", 15, 3, 2)],
            83.3,
            85.4,
            id="plan, April to July",
        ),
        pytest.param(
            [("2021-08", 11, 3, 2), ("2021-09", 35, 6, 4), ("2021-10", 38, 6, 6)],
            80.0,
            81.7,
            id="plan, August to October",
        ),
    ],
)
def test_a_weighted_share_weighs_by_what_was_drawn_from(counts, pooled, weighted):
    found = statistic(months([MonthCount(*count) for count in counts]))

    assert (percent(found.pooled.value), percent(found.weighted)) == (pooled, weighted)


def test_a_draw_counts_only_if_its_period_lies_within_the_range():
    events = months(JANUARY_TO_MARCH)

    february = statistic(events, DateRange(date(2021, 2, 1), date(2021, 3, 1)))
    cut_short = statistic(events, DateRange(date(2021, 2, 1), date(2021, 3, 31)))

    assert [month.month for month in february.months] == ["2021-02"]
    assert (february.total.size, february.total.remarks) == (2663, 29)
    assert february.interval == february.months[0].interval
    assert [month.month for month in cut_short.months] == ["2021-02"]


def test_a_range_without_draws_has_totals_of_zero_and_no_shares():
    found = statistic(months(JANUARY_TO_MARCH), DateRange(date(2020, 1, 1), date(2021, 1, 1)))

    assert (found.total.size, found.total.drawn, found.total.reviewed, found.total.remarks) == (0, 0, 0, 0)
    assert (found.pooled.value, found.mean_of_months, found.weighted) == (None, None, None)
    assert (found.interval, found.months, found.strata, found.size_average) == (None, [], [], None)
    assert [category.share.numerator for category in found.categories] == [0, 0]


def test_while_a_month_has_nothing_reviewed_there_is_no_mean_of_months_and_no_interval():
    february = month_period("2021-02")
    found = statistic(
        [
            *month_of_document(MonthCount("2021-01", 50, 5, 2)),
            sample("d", [("", "2021-02", 60, 1)], february),
            case_drawn("d", "a", "2021-02"),
        ]
    )

    assert (found.total.reviewed, found.total.waiting) == (5, 1)
    assert (found.pooled.numerator, found.pooled.denominator) == (2, 5)
    assert (found.mean_of_months, found.weighted, found.interval) == (None, None, None)
    assert [month.interval is None for month in found.months] == [False, True]


def test_cases_that_wait_are_taken_as_missing_at_random():
    found = statistic(
        [
            sample("d", [("", "2021-01", 222, 21)], month_period("2021-01")),
            *(case_drawn("d", f"{number}", "2021-01") for number in range(21)),
            *(recorded("d", f"{number}", remark=number < 11) for number in range(20)),
        ]
    )

    assert found.total.waiting == 1
    assert (found.interval.lower, found.interval.upper) == (73, 168)


def test_a_simple_draw_over_a_quarter_is_one_draw_and_has_an_exact_interval():
    cases = [(f"{month} {number}", month) for month in ("2021-01", "2021-02", "2021-03") for number in range(4)]
    found = statistic(
        [
            sample("d", [("", "2021-01", 23, 4), ("", "2021-02", 29, 4), ("", "2021-03", 35, 4)], QUARTER),
            *(case_drawn("d", case, month, period=QUARTER) for case, month in cases),
            *(recorded("d", case) for case, _ in cases),
        ]
    )

    assert (found.interval.lower, found.interval.upper, found.interval.exact) == (0, 21, True)
    assert found.weighted == found.pooled.value
    # Within a month, the cases that fell into it are a simple draw from its units.
    assert [month.interval.exact for month in found.months] == [True, True, True]


def test_a_stratified_draw_is_as_many_parts_as_it_has_strata():
    cases = [(f"{stratum} {number}", stratum) for stratum, n in (("a", 20), ("b", 10)) for number in range(n)]
    remarks = {"a 0", "a 1", "a 2", "b 0"}
    found = statistic(
        [
            sample("d", [("a", "2021-01", 60, 20), ("b", "2021-01", 40, 10)], month_period("2021-01"), by=["stratum"]),
            *(case_drawn("d", case, "2021-01", stratum=stratum) for case, stratum in cases),
            *(recorded("d", case, remark=case in remarks) for case, _ in cases),
        ]
    )

    assert found.weighted == pytest.approx((60 * 3 / 20 + 40 * 1 / 10) / 100)
    assert (found.interval.lower, found.interval.upper) == (5, 27)
    assert found.interval.method == found.months[0].interval.method == "stratified-exact"
    assert [(s.month, s.stratum, s.size, s.drawn, s.remarks) for s in found.strata] == [
        ("2021-01", "a", 60, 20, 3),
        ("2021-01", "b", 40, 10, 1),
    ]


def test_a_census_leaves_no_doubt():
    found = statistic(
        [
            sample("d", [("", "2021-01", 2, 2)], month_period("2021-01"), design="census"),
            case_drawn("d", "a", "2021-01"),
            case_drawn("d", "b", "2021-01"),
            recorded("d", "a", remark=True),
            recorded("d", "b"),
        ]
    )

    assert (found.interval.lower, found.interval.upper, found.interval.exact) == (1, 1, True)


def test_an_empty_month_of_a_stratified_frame_counts_in_no_mean():
    found = statistic(
        [
            sample("d", [("", "2021-01", 10, 2), ("", "2021-02", 0, 0)], QUARTER, by=["month"]),
            case_drawn("d", "a", "2021-01", period=QUARTER),
            case_drawn("d", "b", "2021-01", period=QUARTER),
            recorded("d", "a", remark=True),
            recorded("d", "b"),
        ]
    )

    assert found.mean_of_months == 0.5
    assert found.interval.exact is True


def test_findings_without_their_sample_have_no_range_yet_and_break_nothing():
    found = statistic([case_drawn("d", "a", "2021-01"), recorded("d", "a")])

    assert found.total.drawn == 0


def test_categories_keep_the_order_of_their_definition_and_one_no_longer_defined_comes_last():
    found = statistic(
        [
            sample("d", [("", "2021-01", 10, 3)], month_period("2021-01")),
            *(case_drawn("d", case, "2021-01") for case in "abc"),
            recorded("d", "a", "swish", "zebra", remark=True),
            recorded("d", "b", "swish", remark=True),
        ]
    )

    assert [(c.category, c.sv, c.share.numerator, c.share.denominator, c.by_month) for c in found.categories] == [
        ("deposit", "deposit på svenska", 0, 2, {"2021-01": 0}),
        ("swish", "swish på svenska", 2, 2, {"2021-01": 2}),
        ("zebra", "zebra", 1, 2, {"2021-01": 1}),
    ]


def test_every_digit_is_the_same_whatever_the_order_in_which_the_draws_were_heard():
    counts = [MonthCount(f"2021-{month:02}", 101 + 7 * month, 5 + month, month % 4 + 1) for month in range(1, 13)]
    draws = [month_of_document(count) for count in counts]

    answers = {
        statistic([event for draw in order for event in draw]).model_dump_json()
        for order in (draws, draws[::-1], draws[6:] + draws[:6], draws[::2] + draws[1::2])
    }

    assert len(answers) == 1


def test_an_answer_says_as_of_when_and_by_which_projection():
    found = statistic([])

    assert found.as_of == {"sampler": AsOf(position=1, chain_hash="ab")}
    assert found.projection == 2
    assert (found.start, found.end) == (date(2021, 1, 1), date(2022, 1, 1))

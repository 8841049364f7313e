"""Which estimator a design calls for, and what is said where it has none."""

from dataclasses import replace

import pytest

from stickprov_reporting.domain.statistics.estimating import estimated
from stickprov_reporting.domain.statistics.hypergeometric import exact_limits
from stickprov_reporting.domain.statistics.statistic import statistics_of
from support.reporting import draw_id
from support.statistics import EVER, Place, drawn, monthly, place, together, weighed


def statistic(basis):
    return statistics_of(basis, EVER, {})


def test_cases_drawn_as_clusters_are_themselves_a_simple_draw():
    found = statistic(drawn("d", [place("2021-01", 735, 64, 6)], design="cluster"))

    assert (found.interval.lower, found.interval.upper) == exact_limits(735, 64, 6)
    assert (found.interval.method, found.interval.exact) == ("hypergeometric-exact", True)


def test_a_systematic_draw_is_counted_as_a_simple_one_and_says_so():
    found = statistic(drawn("d", [place("2021-01", 222, 20, 11)], design="systematic"))

    assert (found.interval.lower, found.interval.upper) == (73, 168)
    assert (found.interval.exact, found.interval.assumptions) == (False, ["systematic-as-simple"])


def test_each_handlers_cases_are_a_stratum():
    handlers = [place("2021-01", 11, 3, 1, stratum="p1"), place("2021-01", 9, 3, 0, stratum="p2")]
    found = statistic(drawn("d", handlers, design="per_group", by=("stratum",)))

    assert (found.interval.method, found.interval.exact) == ("stratified-exact", True)
    assert found.weighted == pytest.approx((11 / 3) / 20)


def test_one_case_of_each_handler_has_no_variance():
    handlers = [place("2021-01", 11, 1, number % 2, stratum=f"p{number}") for number in range(3)]
    found = statistic(drawn("d", handlers, design="per_group", by=("stratum",)))

    assert (found.interval, found.no_interval) == (None, "one-per-group")
    assert found.weighted == pytest.approx(1 / 3)


def test_a_handler_with_a_single_case_is_known_as_a_whole():
    handlers = [place("2021-01", 11, 2, 1, stratum="p1"), place("2021-01", 1, 1, 1, stratum="p2")]
    found = statistic(drawn("d", handlers, design="per_group", by=("stratum",)))

    low, high = exact_limits(11, 2, 1)
    assert (found.interval.lower, found.interval.upper, found.interval.exact) == (low + 1, high + 1, True)


def test_cases_drawn_by_size_weigh_by_their_chances():
    remark, reviewed = {"reviewed": 1, "remarks": 1}, {"reviewed": 1}
    found = statistic(weighed("d", "2021-01", 40, [(0.5, remark), (0.25, reviewed), (0.2, reviewed), (0.1, remark)]))

    # 1/0.5 + 1/0.1 = 12 of 1/0.5 + 1/0.25 + 1/0.2 + 1/0.1 = 21
    assert found.interval.estimate == pytest.approx(12)
    assert found.weighted == found.interval.estimate_share == pytest.approx(12 / 21)
    assert (found.interval.method, found.interval.exact) == ("horvitz-thompson-approximate", False)
    assert found.interval.assumptions == ["normal-approximation"]
    assert (found.pooled.numerator, found.pooled.denominator) == (2, 4)


def test_everything_taken_for_sure_is_a_census():
    found = statistic(weighed("d", "2021-01", 2, [(1.0, {"reviewed": 1, "remarks": 1}), (1.0, {"reviewed": 1})]))

    assert (found.interval.lower, found.interval.upper, found.interval.exact) == (1, 1, True)
    assert (found.interval.method, found.interval.assumptions) == ("census", [])


@pytest.mark.parametrize(
    ("basis", "reason"),
    [
        pytest.param(
            together(weighed("d", "2021-01", 40, [(0.5, {"reviewed": 1})]), drawn("e", [place("2021-02", 50, 5, 1)])),
            "mixed-designs",
            id="one draw by size, one simple",
        ),
        pytest.param(drawn("d", [place("2021-01", 50, 5, 1)], design="two-phase"), "design-unknown", id="another"),
        pytest.param(drawn("d", [place("2021-01", 50, 5, 1)], design=""), "sample-unheard", id="not heard of"),
        pytest.param(drawn("d", [place("2021-01", 50, waiting=5)]), "nothing-reviewed", id="all wait"),
        pytest.param(
            together(drawn("d", [place("2021-01", 50, 5, 1)]), drawn("e", [place("2021-02", 50, waiting=5)])),
            "part-without-review",
            id="one month waits",
        ),
        pytest.param(replace(drawn("d", [place("2021-01", 5)]), strata={}, cells={}), "nothing-reviewed", id="none"),
    ],
)
def test_there_is_no_interval_and_it_is_said_why(basis, reason):
    found = estimated(basis)

    assert (found.interval, found.no_interval) == (None, reason)


def test_draws_of_one_series_may_share_units_and_that_is_said():
    apart = together(drawn("d", [place("2021-01", 30, 5, 1)]), drawn("e", [place("2021-02", 30, 5, 1)]))
    shared = together(
        drawn("d", [place("2021-01", 30, 5, 1)], series="s"), drawn("e", [place("2021-02", 30, 5, 1)], series="s")
    )

    assert (estimated(apart).interval.exact, estimated(apart).interval.assumptions) == (True, [])
    found = estimated(shared).interval
    assert (found.exact, found.assumptions, found.method) == (False, ["draws-independent"], "stratified-exact")


def test_a_stratum_has_its_own_exact_interval():
    places = [place("2021-01", 60, 20, 3, stratum="a"), place("2021-01", 40, 10, 1, stratum="b")]
    found = statistic(drawn("d", places, design="stratified", by=("stratum",)))

    assert [(s.stratum, s.interval.lower, s.interval.upper) for s in found.strata] == [
        ("a", *exact_limits(60, 20, 3)),
        ("b", *exact_limits(40, 10, 1)),
    ]


def test_draws_are_told_by_period_with_the_label_people_know():
    found = statistic(
        together(drawn("d", [place("2021-04", 9, 3), place("2021-06", 9, 3)]), monthly([("2021-01", 5, 2, 1)]))
    )

    assert [(d.period.label, d.design, d.size, d.drawn) for d in found.draws] == [
        ("2021-01", "simple", 5, 2),
        ("2021-Q2", "simple", 18, 6),
    ]
    assert found.draws[1].draw == draw_id("d")


def test_units_are_told_by_name_and_have_no_size_of_their_own():
    counts = [
        Place("2021-01", 50, {"drawn": 3, "reviewed": 2, "remarks": 1, "non-response": 1}, unit="Norr"),
        Place("2021-01", 0, {"drawn": 2, "over-coverage": 1}, unit="Centrum"),
    ]
    found = statistic(drawn("d", counts))

    assert [(u.unit, u.drawn, u.reviewed, u.over_coverage, u.non_response, u.waiting) for u in found.units] == [
        ("Centrum", 2, 0, 1, 0, 1),
        ("Norr", 3, 2, 0, 1, 0),
    ]
    assert [(u.remarks, u.remark_share.value) for u in found.units] == [(0, None), (1, 0.5)]


def test_where_no_case_has_a_unit_none_is_told():
    assert statistic(monthly([("2021-01", 50, 5, 1)])).units == []

"""Over-coverage, non-response and waiting cases: counted apart, with reasons, and with what they could change."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from stickprov_contracts.questionnaires import Option, Question, Questionnaire
from stickprov_reporting.domain.statistics.hypergeometric import exact_limits
from stickprov_reporting.domain.statistics.statistic import statistics_of
from support.statistics import EVER, drawn, place, weighed


def statistic(basis):
    return statistics_of(basis, EVER, {})


def test_each_way_to_be_left_out_is_counted_apart():
    found = statistic(drawn("d", [place("2021-01", 222, 14, 5, outside=3, lacking=2, waiting=1)]))

    total = found.total
    assert (total.drawn, total.reviewed, total.over_coverage, total.non_response, total.waiting) == (20, 14, 3, 2, 1)
    assert (found.pooled.numerator, found.pooled.denominator) == (5, 14)
    assert (found.interval.lower, found.interval.upper) == exact_limits(222, 17, 5)
    assert found.interval.assumptions == ["missing-at-random", "over-coverage-conditioned"]


def test_the_worst_case_takes_nothing_for_granted():
    found = statistic(drawn("d", [place("2021-01", 222, 14, 5, lacking=2, waiting=4)])).missing

    assert found.missing == 6
    assert (found.at_random.lower, found.at_random.upper) == exact_limits(222, 14, 5)
    worst = found.worst_case
    assert (worst.lower, worst.upper) == (exact_limits(222, 20, 5).lower, exact_limits(222, 20, 11).upper)
    assert (worst.exact, worst.assumptions, worst.estimate, worst.estimate_share) == (True, [], None, None)
    assert (found.lowest_share, found.highest_share) == (5 / 20, 11 / 20)


def test_the_worst_case_is_of_the_cases_that_belong():
    found = statistic(drawn("d", [place("2021-01", 222, 14, 5, outside=3, lacking=3)])).missing

    worst = found.worst_case
    assert (worst.lower, worst.upper) == (exact_limits(222, 20, 5).lower, exact_limits(222, 20, 8).upper)
    assert worst.lower_share == exact_limits(219, 17, 5).lower / 219
    assert worst.upper_share == exact_limits(219, 17, 8).upper / 219
    assert (found.lowest_share, found.highest_share) == (5 / 17, 8 / 17)


def test_where_nothing_is_missing_nothing_could_change():
    assert statistic(drawn("d", [place("2021-01", 222, 17, 5, outside=3)])).missing is None


def test_there_is_a_worst_case_before_anything_is_reviewed():
    found = statistic(drawn("d", [place("2021-01", 222, waiting=20)])).missing

    assert found.at_random is None
    assert (found.worst_case.lower, found.worst_case.upper) == (0, 222)
    assert (found.lowest_share, found.highest_share) == (0, 1)


def test_a_census_with_a_missing_case_has_limits_one_apart():
    found = statistic(drawn("d", [place("2021-01", 10, 9, 4, lacking=1)], design="census"))

    assert (found.missing.worst_case.lower, found.missing.worst_case.upper) == (4, 5)
    assert (found.missing.worst_case.method, found.missing.worst_case.exact) == ("census", True)
    assert (found.interval.method, found.interval.exact) == ("hypergeometric-exact", False)


def test_by_size_the_worst_case_weighs_the_missing_ones_as_they_are():
    remark, reviewed = {"reviewed": 1, "remarks": 1}, {"reviewed": 1}
    cases = [(0.5, remark), (0.25, reviewed), (0.2, {"non-response": 1}), (0.5, {})]
    found = statistic(weighed("d", "2021-01", 40, cases))

    assert found.missing.missing == 2
    assert found.missing.worst_case.lower <= found.interval.lower
    assert found.missing.worst_case.upper >= found.interval.upper
    assert found.interval.assumptions == ["missing-at-random", "normal-approximation"]


@given(st.integers(1, 12), st.integers(1, 8), st.integers(0, 8), st.data())
@settings(deadline=None)
def test_the_worst_case_holds_whatever_the_missing_ones_turn_out_to_be(reviewed, missing, outside, data):
    remarks = data.draw(st.integers(0, reviewed))
    later = data.draw(st.integers(0, missing))
    basis = drawn("d", [place("2021-01", 60, reviewed, remarks, outside=outside, waiting=missing)])
    after = statistic(drawn("d", [place("2021-01", 60, reviewed + missing, remarks + later, outside=outside)]))

    worst = statistic(basis).missing.worst_case

    assert worst.lower <= after.interval.lower
    assert worst.upper >= after.interval.upper


def test_reasons_have_the_questionnaires_text_or_the_standard_one_in_the_order_of_the_lists():
    form = Questionnaire(
        sv="f",
        en="f",
        questions=[Question(id="q", sv="q", en="q", type="yes_no")],
        over_coverage=[Option(id="adult", sv="Vuxenstuderande", en="Adult student")],
    )
    basis = drawn("d", [place("2021-01", 50, 5, 1, outside=9, lacking=3)])
    key = next(iter(basis.cells))
    given_reasons = {
        "over-coverage:duplicate": 2,
        "over-coverage:adult": 6,
        "over-coverage:gone": 1,
        "non-response:no-time": 3,
        "subunits:over-coverage:adult": 12,
    }
    cells = {key._replace(indicator=indicator): count for indicator, count in given_reasons.items()}
    found = statistic(replace(basis, cells={**basis.cells, **cells}, questionnaires={"form": form}))

    assert [(r.outcome, r.level, r.reason, r.sv, r.count) for r in found.reasons] == [
        ("over-coverage", "case", "adult", "Vuxenstuderande", 6),
        ("over-coverage", "case", "duplicate", "Samma ärende två gånger i registret", 2),
        ("over-coverage", "case", "gone", "gone", 1),
        ("over-coverage", "subunit", "adult", "Vuxenstuderande", 12),
        ("non-response", "case", "no-time", "Hanns inte med", 3),
    ]

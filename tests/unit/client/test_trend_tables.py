"""Trends, differences and the rest of a statistic as a terminal shows them."""

import io
from decimal import Decimal

import pytest
from rich.console import Console

from stickprov_client.cli.statistics_tables import statistics_view
from stickprov_client.cli.trend_tables import difference_view, trend_view
from stickprov_contracts.http.statistics import (
    Agreement,
    Counts,
    FileReviewStatistics,
    Missing,
    NumberStatistics,
    OptionStatistics,
    QuestionStatistics,
    ReasonCount,
    SubunitStatistics,
    ToleranceVerdict,
)
from support.quarter import interval, quarter, share
from support.trends import difference, first_quarter_by_month, march_against_january


def lines_of(view, width=160) -> list[str]:
    """Lines as people see them: a no-break space looks like a space."""
    page = io.StringIO()
    Console(file=page, width=width, highlight=False).print(view)
    return [" ".join(line.replace("\N{NO-BREAK SPACE}", " ").split()) for line in page.getvalue().splitlines()]


def shown(**changes) -> list[str]:
    return lines_of(statistics_view(quarter().model_copy(update=changes), "sv"))


def test_each_period_of_a_trend_stands_with_its_share_its_interval_and_its_difference():
    lines = lines_of(trend_view(first_quarter_by_month(), "sv"))

    assert "januari 2021 2 663 156 28 17,9 % 28/156 12,4–24,7 % ? Går inte att avgöra –" in lines
    assert (
        "mars 2021 2 663 194 47 24,2 % 47/194 18,6–30,6 % ? Går inte att avgöra "
        "? ingen säker skillnad +6,0 (−3,1 till +14,5)"
    ) in lines


def test_a_period_that_differs_for_certain_says_which_way():
    trend = first_quarter_by_month()
    fallen = trend.periods[2].model_copy(update={"difference": difference(-0.18, -0.26, -0.1, "lower")})

    lines = lines_of(trend_view(trend.model_copy(update={"periods": [fallen]}), "sv"))

    assert any(line.endswith("↓ lägre −18,0 (−26,0 till −10,0)") for line in lines)


def test_a_period_without_an_interval_says_why():
    trend = first_quarter_by_month()
    empty = trend.periods[0].model_copy(update={"interval": None, "no_interval": "nothing-reviewed", "verdict": None})

    lines = lines_of(trend_view(trend.model_copy(update={"periods": [empty]}), "sv"))

    assert "Det finns inget intervall, eftersom ingenting har granskats." in lines


def test_two_periods_are_compared_in_a_sentence_that_claims_no_more_than_the_interval():
    lines = lines_of(difference_view(march_against_january(), "sv"))

    assert "mars 2021 2 663 194 47 24,2 % 47/194 18,6–30,6 %" in lines
    assert lines[-1].startswith("Det går inte att säga om andelen har ändrats: skillnaden är +6,3 (−2,4 till +14,6)")


def test_the_verdict_is_a_sign_and_a_word_and_the_tolerance_stands_beside_it():
    verdict = ToleranceVerdict(
        verdict="not-followed", tolerance=Decimal("0.15"), method="mover-approximate", exact=False
    )

    assert "Mot toleransen 15 %: ✗ Över toleransen. Hela intervallet ligger över toleransen." in shown(verdict=verdict)


def test_what_was_left_out_is_counted_with_its_reasons_and_with_what_it_could_change():
    total = Counts.model_validate(quarter().total.model_dump() | {"over_coverage": 4, "non_response": 3, "waiting": 2})
    reason = ReasonCount(
        outcome="non-response", level="case", reason="file-missing", sv="Akten saknas", en="File missing", count=3
    )
    missing = Missing(
        missing=5,
        at_random=interval(1352.6, 1912.7, 7989, "mover-approximate"),
        worst_case=interval(1320, 1990, 7989, "mover-approximate"),
        lowest_share=None,
        highest_share=None,
    )

    lines = shown(total=total, reasons=[reason], missing=missing)

    assert "Övertäckning 4 · Bortfall 3 · Väntar 2" in lines
    assert "Akten saknas: 3" in lines
    assert any("16,5–24,9 % (Om de liknar de övriga: 16,9–23,9 %)" in line for line in lines)


def test_answers_stand_with_who_was_asked_and_numbers_with_sum_and_mean():
    option = OptionStatistics(
        option="yes",
        sv="Ja",
        en="Yes",
        share=share(311, 480),
        mean_of_months=None,
        weighted=None,
        interval=None,
        by_month={},
    )
    question = QuestionStatistics(
        questionnaire="q",
        question="plan",
        sv="Finns en plan?",
        en="Is there a plan?",
        level="case",
        type="yes_no",
        asked=480,
        reviewed=500,
        options=[option],
        number=NumberStatistics(answered=104, total=Decimal("182340.5"), mean=Decimal("1753.2740")),
        asked_by_month={},
    )

    lines = shown(questions=[question])

    assert "Finns en plan? (480 besvarade, av 500 granskade)" in lines
    assert "Ja 64,8 % 311/480 –" in lines
    assert "Summa 182 340,5, Medelvärde 1 753,3" in lines


def test_what_is_inside_the_cases_says_why_it_has_no_interval():
    inside = SubunitStatistics(
        name="barn",
        size=None,
        drawn=24,
        reviewed=24,
        over_coverage=0,
        non_response=0,
        waiting=0,
        remarks=6,
        remark_share=share(6, 24),
        sampling_fraction=None,
        interval=None,
        no_interval="one-per-group",
    )

    lines = shown(subunits=inside)

    assert "Inom ärendena: barn" in lines
    assert "Med anmärkning 25,0 % 6/24" in lines
    assert any(line.startswith("Det finns inget intervall: ett ärende per grupp") for line in lines)


@pytest.mark.parametrize(("kappa", "written"), [(0.7712, "0,77"), (None, "–")])
def test_agreement_and_file_review_have_a_line_each(kappa, written):
    agreement = Agreement(
        both=50, agreed=share(46, 50), both_remarked=9, first_only=1, second_only=3, neither=37, kappa=kappa, settled=3
    )
    again = FileReviewStatistics(due=104, reviewed=90, remarks=55, remark_share=share(55, 90), questions=[])

    lines = shown(agreement=agreement, file_review=again)

    assert f"Överensstämmelse mellan granskare: 92,0 % 46/50, Cohens kappa {written}" in lines
    assert "Aktgranskning: 90 av 104 ärenden med anmärkning; Med anmärkning på nytt 61,1 % 55/90" in lines

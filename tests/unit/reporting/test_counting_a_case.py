"""What one drawn case counts for, by hand."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stickprov_contracts.events.findings import (
    AnswerRecorded,
    CaseMarkedOverCoverage,
    FileReviewRecorded,
    FindingRecorded,
    SubunitOutcome,
)
from stickprov_reporting.domain.projection.answers import answers_of, number_of
from stickprov_reporting.domain.projection.fold import Folded
from support.reporting import POINT, case_drawn, case_id, draw_id, incoming

CASE = {"draw": draw_id("draw"), "control_point": POINT, "case": case_id("one")}
FORM = {"questionnaire": "form", "questionnaire_number": 2}


def chosen(question, *options):
    return AnswerRecorded(question=question, chosen=list(options))


def counted(*events, subunits=0):
    drawn = case_drawn("draw", "one", "2021-01").model_copy(update={"subunits": [f"s{n}" for n in range(subunits)]})
    folded = Folded()
    folded.apply(incoming([drawn, *events]))
    return {key.indicator: value for key, value in folded.cells.items()}


def test_each_answer_counts_beside_those_who_were_asked():
    answers = [
        chosen("told", "yes"),
        chosen("which", "a", "b"),
        AnswerRecorded(question="kronor", number=Decimal("12.50")),
        AnswerRecorded(question="when", day="2021-01-31"),
    ]

    assert counted(FindingRecorded(**CASE, **FORM, remark=False, answers=answers)) == {
        "drawn": 1,
        "reviewed": 1,
        "asked:form:told": 1,
        "answer:form:told:yes": 1,
        "asked:form:which": 1,
        "answer:form:which:a": 1,
        "answer:form:which:b": 1,
        "asked:form:kronor": 1,
        "number:form:kronor": 12_500_000,
        "asked:form:when": 1,
    }


def test_subunits_count_apart_with_squares_and_products_for_the_variance_of_ratios():
    children = [
        SubunitOutcome(subunit="s0", outcome="reviewed", remark=True, categories=["c"], answers=[chosen("q", "yes")]),
        SubunitOutcome(subunit="s1", outcome="reviewed", remark=True, answers=[chosen("q", "yes")]),
        SubunitOutcome(subunit="s2", outcome="reviewed", answers=[chosen("q", "no")]),
        SubunitOutcome(subunit="s3", outcome="reviewed"),
        SubunitOutcome(subunit="s4", outcome="over-coverage", reason="moved"),
    ]

    assert counted(FindingRecorded(**CASE, **FORM, remark=True, subunits=children), subunits=6) == {
        "drawn": 1,
        "reviewed": 1,
        "remarks": 1,
        "subunits": 6,
        "subunits:reviewed": 4,
        "subunits:remarks": 2,
        "subunits:category:c": 1,
        "subunits:over-coverage": 1,
        "subunits:over-coverage:moved": 1,
        "subunits:asked:form:q": 3,
        "subunits:answer:form:q:yes": 2,
        "subunits:answer:form:q:no": 1,
        "square:subunits:reviewed": 16,
        "square:subunits:remarks": 4,
        "product:subunits:remarks": 2 * 4,
        "square:subunits:category:c": 1,
        "product:subunits:category:c": 1 * 4,
        "square:subunits:asked:form:q": 9,
        "square:subunits:answer:form:q:yes": 4,
        "product:subunits:answer:form:q:yes": 2 * 3,
        "square:subunits:answer:form:q:no": 1,
        "product:subunits:answer:form:q:no": 1 * 3,
    }


def test_a_case_marked_as_a_whole_counts_all_its_subunits_so():
    assert counted(CaseMarkedOverCoverage(**CASE, reason="duplicate"), subunits=3) == {
        "drawn": 1,
        "over-coverage": 1,
        "over-coverage:duplicate": 1,
        "subunits": 3,
        "subunits:over-coverage": 3,
        "subunits:over-coverage:duplicate": 3,
    }


def test_a_file_review_has_answers_of_its_own():
    first = FindingRecorded(**CASE, remark=True)
    again = FileReviewRecorded(**CASE, **FORM, remark=True, categories=["c"], answers=[chosen("q", "no")])

    assert counted(first, again) == {
        "drawn": 1,
        "reviewed": 1,
        "remarks": 1,
        "file:reviewed": 1,
        "file:remarks": 1,
        "file:category:c": 1,
        "file:asked:form:q": 1,
        "file:answer:form:q:no": 1,
    }


@given(st.lists(st.decimals(-(10**15), 10**15, places=6, allow_nan=False), min_size=1, max_size=20))
def test_sums_of_numbers_are_exact(numbers):
    kept = [answers_of([AnswerRecorded(question="q", number=number)])[0].millionths for number in numbers]

    assert number_of(sum(kept)) == sum(numbers)


@pytest.mark.parametrize("number", ["0", "-3", "1250.5", "0.000001", "999999999999999.999999"])
def test_a_number_is_read_back_as_it_was(number):
    [kept] = answers_of([AnswerRecorded(question="q", number=Decimal(number))])

    assert number_of(kept.millionths) == Decimal(number)

"""What a questionnaire must not contradict in itself, beside what publishing over HTTP shows."""

import pytest

from stickprov_contracts.events.plans import QuestionnairePublished
from stickprov_sampler.domain.questionnaire.checking import MOST_QUESTIONS, faults_in
from stickprov_sampler.domain.questionnaire.publishing import Publish, decide
from support.questionnaires import asking

DATED = {"id": "dated", "type": "date"}
OLD = {"id": "old", "type": "yes_no", "derived": {"date": "dated", "months": 3}}
TWICE = [{"id": "adult", "sv": "Myndig", "en": "Of age"}, {"id": "adult", "sv": "Vuxen", "en": "Adult"}]


def fields(*questions, **rest) -> list[str]:
    return [fault.field for fault in faults_in(asking(*questions, **rest))]


def test_a_derived_answer_stands_on_an_earlier_date():
    assert fields(DATED, OLD) == []


@pytest.mark.parametrize(
    ("questions", "at_fault"),
    [
        ([OLD, DATED], "questions.0.derived.date"),
        ([{**DATED, "type": "text"}, OLD], "questions.1.derived.date"),
        ([{**DATED, "level": "subunit"}, OLD], "questions.1.derived.date"),
        ([DATED, {**OLD, "type": "yes_no_na"}], "questions.1.type"),
        ([DATED, {**OLD, "derived": {"date": "dated"}}], "questions.1.derived"),
        ([{**DATED, "unit_sv": "kr", "unit_en": "SEK"}], "questions.0.unit_sv"),
        ([{**DATED, "type": "number", "unit_sv": "kr"}], "questions.0.unit_sv"),
    ],
)
def test_what_does_not_fit_is_named(questions, at_fault):
    assert fields(*questions) == [at_fault]


def test_a_subunits_derived_answer_may_stand_on_a_date_of_the_case():
    assert fields(DATED, {**OLD, "level": "subunit"}) == []


def test_a_number_has_its_unit_in_both_languages():
    assert fields({"id": "amount", "type": "number", "unit_sv": "kr", "unit_en": "SEK"}) == []


def test_rules_and_a_remark_that_is_asked_do_not_go_together():
    ruled = {"id": "plan", "type": "yes_no", "remarks": [{"answers": ["no"]}]}
    assert fields(ruled, remark="asked") == ["questions.0.remarks"]
    assert fields(ruled) == []


def test_each_reason_has_its_own_id():
    assert fields(DATED, over_coverage=TWICE, non_response=TWICE) == ["over_coverage.1.id", "non_response.1.id"]


def test_a_questionnaire_asks_no_more_than_a_finding_can_hold():
    many = [{"id": f"q{number}", "type": "yes_no"} for number in range(MOST_QUESTIONS + 1)]
    assert fields(*many) == ["questions"]
    assert fields(*many[1:]) == []


def test_a_version_from_before_a_field_was_there_is_no_other_version():
    content = asking(DATED)
    stored = content.model_dump(mode="json", exclude_defaults=True)
    newest = QuestionnairePublished(questionnaire="plan", number=1, content=stored)
    assert decide(Publish("plan", content), newest) == []

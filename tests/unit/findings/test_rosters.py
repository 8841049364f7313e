"""What became of each subunit of a case."""

import pytest

from stickprov_findings.domain.questionnaire.evaluation import evaluate
from stickprov_findings.domain.questionnaire.outcome import CaseFacts, EvaluatedSubunit, GivenOutcome, GivenSubunit
from stickprov_findings.domain.questionnaire.reasons import reason_problems, reasons_for
from support.questionnaires import CASE, answered, asking, chosen, faults

PLAN = {
    "id": "plan",
    "type": "yes_no",
    "level": "subunit",
    "remarks": [{"answers": ["no"], "category": "missing"}],
}
WHOLE = {"id": "whole", "type": "yes_no"}
ROSTER = asking(WHOLE, PLAN)


def child(number: int, plan: str) -> GivenSubunit:
    return GivenSubunit(f"child-{number}", answers={"plan": plan})


def gone(number: int, reason: str | None = "duplicate") -> GivenSubunit:
    return GivenSubunit(f"child-{number}", "over-coverage", reason)


def test_each_subunit_is_answered_for_and_a_remark_of_one_is_one_of_the_case():
    evaluated = answered(ROSTER, child(2, "no"), child(1, "yes"), whole="yes")
    assert evaluated.problems == ()
    assert (evaluated.remark, evaluated.categories) == (True, ("missing",))
    assert evaluated.answers == (chosen("whole", "yes"),)
    assert evaluated.subunits == (
        EvaluatedSubunit("child-1", "reviewed", answers=(chosen("plan", "yes"),)),
        EvaluatedSubunit("child-2", "reviewed", remark=True, categories=("missing",), answers=(chosen("plan", "no"),)),
    )


def test_a_subunit_that_should_not_be_there_has_a_reason_and_no_answers():
    evaluated = answered(ROSTER, child(1, "yes"), gone(2), whole="yes")
    assert evaluated.problems == ()
    assert evaluated.subunits[1] == EvaluatedSubunit("child-2", "over-coverage", "duplicate")


def test_reasons_come_from_the_questionnaire_where_it_has_its_own():
    own = asking(WHOLE, PLAN, over_coverage=[{"id": "adult", "sv": "Myndig", "en": "Of age"}])
    assert answered(own, child(1, "yes"), gone(2, "adult"), whole="yes").problems == ()
    evaluated = answered(own, child(1, "yes"), gone(2, "duplicate"), whole="yes")
    assert faults(evaluated) == {("subunits.1.reason", "reason-unknown")}
    assert [option.id for option in reasons_for(own, "non-response")] == [
        "file-missing",
        "no-access",
        "moved",
        "no-time",
        "other",
    ]


def test_a_mark_of_a_whole_case_has_a_reason_from_the_same_lists():
    assert reason_problems(None, "non-response", "moved") == []
    assert [problem.code for problem in reason_problems(None, "over-coverage", "moved")] == ["reason-unknown"]
    assert [problem.field for problem in reason_problems(None, "over-coverage", None)] == ["reason"]


@pytest.mark.parametrize("comment", [None, "", " \n"])
def test_another_reason_than_those_of_the_list_is_told_in_the_comment(comment):
    def of_the_case(*subunits):
        given = GivenOutcome(comment=comment, answers={"whole": "yes"}, subunits=subunits)
        return faults(evaluate(ROSTER, given, CASE))

    assert of_the_case(child(1, "yes"), gone(2)) == set()
    assert of_the_case(gone(1, "other"), gone(2, "other")) == {("comment", "comment-missing")}
    told = GivenOutcome(comment="Flyttat", answers={"whole": "yes"}, subunits=(child(1, "yes"), gone(2, "other")))
    assert evaluate(ROSTER, told, CASE).problems == ()


def test_every_fault_of_a_roster_is_named_by_its_place():
    evaluated = answered(
        ROSTER,
        GivenSubunit("child-1", "reviewed", "duplicate", {"plan": "maybe"}),
        GivenSubunit("child-1", "non-response", None, {"plan": "yes"}),
        GivenSubunit("child-9", "lost"),
        whole="yes",
    )
    assert faults(evaluated) == {
        ("subunits.0.reason", "reason-not-needed"),
        ("subunits.0.answers.plan", "choice-unknown"),
        ("subunits.1.subunit", "subunit-repeated"),
        ("subunits.1.reason", "reason-missing"),
        ("subunits.1.answers.plan", "question-not-applicable"),
        ("subunits.2.subunit", "subunit-unknown"),
        ("subunits.2.outcome", "outcome-unknown"),
        ("subunits", "subunit-missing"),
    }


def test_the_missing_subunits_are_named():
    evaluated = answered(ROSTER, child(1, "yes"), whole="yes")
    assert [problem.message for problem in evaluated.problems] == [
        "Say what became of each subunit; these are missing: child-2."
    ]


def test_a_question_of_a_subunit_may_hang_on_an_answer_of_the_case():
    asked = asking(WHOLE, {**PLAN, "applies_if": {"question": "whole", "answers": ["no"]}})
    blank = (GivenSubunit("child-1"), GivenSubunit("child-2"))
    assert answered(asked, *blank, whole="yes").problems == ()
    assert faults(answered(asked, *blank, whole="no")) == {
        ("subunits.0.answers.plan", "answer-missing"),
        ("subunits.1.answers.plan", "answer-missing"),
    }
    assert faults(answered(asked, *blank)) == {("answers.whole", "answer-missing")}


def test_what_one_subunit_answered_decides_nothing_for_the_next():
    why = {"id": "why", "type": "text", "level": "subunit", "applies_if": {"question": "plan", "answers": ["no"]}}
    evaluated = answered(
        asking(PLAN, why),
        GivenSubunit("child-1", answers={"plan": "no", "why": "Lost"}),
        GivenSubunit("child-2", answers={"plan": "yes"}),
    )
    assert evaluated.problems == ()
    assert [len(subunit.answers) for subunit in evaluated.subunits] == [2, 1]


def test_a_questionnaire_about_the_case_alone_takes_no_roster():
    assert faults(answered(asking(WHOLE), child(1, "yes"), whole="yes")) == {("subunits", "subunits-not-asked")}


def test_a_case_without_subunits_has_an_empty_roster():
    case = CaseFacts((), None, CASE.period_end, CASE.review_day)
    assert evaluate(ROSTER, GivenOutcome(answers={"whole": "yes"}), case).problems == ()

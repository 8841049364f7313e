"""What a reviewer may answer, and what is said of each fault."""

from datetime import date
from decimal import Decimal

import pytest

from stickprov_findings.domain.questionnaire.evaluation import evaluate
from stickprov_findings.domain.questionnaire.outcome import EvaluatedAnswer, GivenOutcome
from support.questionnaires import CASE, answered, asking, chosen, faults

PLAN = {"id": "plan", "type": "yes_no"}
DATED = {"id": "dated", "type": "date", "applies_if": {"question": "plan", "answers": ["yes"]}}
AMOUNT = {"id": "amount", "type": "number"}
KINDS = {
    "id": "kinds",
    "type": "many_of",
    "options": [{"id": one, "sv": one, "en": one} for one in ("swish", "cash", "card")],
}


def test_answers_come_out_in_the_questionnaires_order():
    evaluated = answered(asking(PLAN, DATED, AMOUNT), amount="12", dated="2021-03-01", plan="yes")
    assert evaluated.answers == (
        chosen("plan", "yes"),
        EvaluatedAnswer("dated", day=date(2021, 3, 1)),
        EvaluatedAnswer("amount", number=Decimal(12)),
    )
    assert evaluated.problems == ()


def test_a_question_that_applies_and_must_be_answered_is_missed():
    assert faults(answered(asking(PLAN, DATED), plan="yes")) == {("answers.dated", "answer-missing")}


def test_a_question_that_does_not_apply_needs_no_answer():
    evaluated = answered(asking(PLAN, DATED), plan="no")
    assert evaluated.answers == (chosen("plan", "no"),)
    assert evaluated.problems == ()


def test_a_question_that_does_not_apply_takes_no_answer():
    evaluated = answered(asking(PLAN, DATED), plan="no", dated="2021-03-01")
    assert faults(evaluated) == {("answers.dated", "question-not-applicable")}


def test_blank_answers_are_none():
    evaluated = answered(asking({**PLAN, "required": False}, DATED), plan=" ", dated="")
    assert evaluated.answers == ()
    assert evaluated.problems == ()


def test_what_hangs_on_a_faulty_answer_is_neither_demanded_nor_refused():
    asked = asking(PLAN, DATED)
    assert faults(answered(asked, plan="perhaps")) == {("answers.plan", "choice-unknown")}
    assert faults(answered(asked, plan="perhaps", dated="2021-03-01")) == {("answers.plan", "choice-unknown")}
    assert faults(answered(asked, dated="2021-03-01")) == {("answers.plan", "answer-missing")}


def test_what_hangs_on_a_question_that_was_left_out_does_not_apply():
    evaluated = answered(asking({**PLAN, "required": False}, DATED))
    assert evaluated.problems == ()


def test_a_condition_may_stand_on_another_condition():
    recent = {"id": "recent", "type": "yes_no", "applies_if": {"question": "kinds", "answers": ["cash"]}}
    kinds = {**KINDS, "applies_if": {"question": "plan", "answers": ["yes"]}}
    asked = asking(PLAN, kinds, recent)
    assert answered(asked, plan="no").problems == ()
    assert answered(asked, plan="yes", kinds=["swish"]).problems == ()
    assert faults(answered(asked, plan="yes", kinds=["card", "cash"])) == {("answers.recent", "answer-missing")}


def test_an_unknown_question_is_refused():
    assert faults(answered(asking(PLAN), plan="yes", plann="no")) == {("answers.plann", "question-unknown")}


def test_without_a_questionnaire_nothing_is_asked():
    given = GivenOutcome(remark=False, answers={"plan": "yes"})
    assert faults(evaluate(None, given, CASE)) == {("answers.plan", "question-unknown")}
    assert evaluate(None, GivenOutcome(remark=False), CASE).problems == ()


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        (12, "12"),
        (Decimal("12.50"), "12.5"),
        ("12,50", "12.5"),
        ("12.5", "12.5"),
        (" -3 ", "-3"),
        ("\N{MINUS SIGN}3", "-3"),
        ("+7", "7"),
        ("1 250,5", "1250.5"),
        ("1\N{NO-BREAK SPACE}250\N{NO-BREAK SPACE}000", "1250000"),
        (Decimal("1E+2"), "100"),
        ("-0", "0"),
        ("999999999999999,999999", "999999999999999.999999"),
    ],
)
def test_numbers_are_read_as_people_and_programs_write_them(typed, number):
    evaluated = answered(asking(AMOUNT), amount=typed)
    assert [str(answer.number) for answer in evaluated.answers] == [number]


@pytest.mark.parametrize("typed", ["tolv", "1 25", "1,2,3", "1.250,50", "12 kr", "1e3", "NaN", "٣", True, ["1"]])
def test_what_is_no_number_is_refused(typed):
    assert faults(answered(asking(AMOUNT), amount=typed)) == {("answers.amount", "number-unreadable")}


@pytest.mark.parametrize("typed", [10**15, "0,0000001", Decimal("1E+999999999"), Decimal("1E-999999"), "9" * 5000])
def test_a_number_with_too_many_digits_is_refused(typed):
    assert faults(answered(asking(AMOUNT), amount=typed)) == {("answers.amount", "number-too-long")}


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("2021-05-10", None),
        ("2021-05-11", "date-in-future"),
        ("1899-12-31", "date-too-early"),
        ("2021-02-29", "date-unreadable"),
        ("20210501", "date-unreadable"),
        ("1/5 2021", "date-unreadable"),
        (20210501, "date-unreadable"),
    ],
)
def test_a_date_exists_and_is_not_in_the_future(typed, code):
    evaluated = answered(asking({"id": "met", "type": "date"}), met=typed)
    assert faults(evaluated) == ({("answers.met", code)} if code else set())


def test_several_answers_come_out_in_the_questions_order_and_each_once():
    assert answered(asking(KINDS), kinds=["card", "swish"]).answers == (chosen("kinds", "swish", "card"),)
    assert faults(answered(asking(KINDS), kinds=["card", "card"])) == {("answers.kinds", "choice-repeated")}
    assert faults(answered(asking(KINDS), kinds=["card", "euro"])) == {("answers.kinds", "choice-unknown")}
    assert faults(answered(asking(KINDS), kinds="card")) == {("answers.kinds", "choice-unknown")}
    assert faults(answered(asking(KINDS), kinds=[])) == {("answers.kinds", "answer-missing")}


def test_a_free_text_stays_as_it_was_typed():
    evaluated = answered(asking({"id": "what", "type": "text"}), what="  Rörigt underlag\n")
    assert evaluated.answers == (EvaluatedAnswer("what", text="  Rörigt underlag\n"),)


def test_not_applicable_is_an_answer_of_its_own_type_only():
    assert answered(asking({"id": "plan", "type": "yes_no_na"}), plan="na").problems == ()
    assert faults(answered(asking(PLAN), plan="na")) == {("answers.plan", "choice-unknown")}


def test_no_message_repeats_what_was_typed():
    asked = asking(PLAN, AMOUNT, {"id": "met", "type": "date"}, KINDS)
    evaluated = answered(asked, plan="Kim", amount="Kim", met="Kim", kinds=["Kim"])
    assert len(evaluated.problems) == 4
    assert not any("Kim" in problem.message for problem in evaluated.problems)


@pytest.mark.parametrize(("typed", "answer"), [("ja", "yes"), ("Nej", "no"), ("yes", "yes"), ("n", "no")])
def test_yes_and_no_may_be_answered_in_both_languages(typed, answer):
    assert answered(asking(PLAN), plan=typed).answers == (chosen("plan", answer),)


def test_an_option_may_be_named_by_its_words_in_both_languages():
    paid = {"id": "c", "sv": "Kontant", "en": "Cash"}
    swish = {"id": "s", "sv": "Swish", "en": "Swish"}
    one = {"id": "how", "type": "one_of", "options": [paid, swish]}
    many = {"id": "ways", "type": "many_of", "options": [paid, swish]}
    evaluated = answered(asking(one, many), how="kontant", ways=["cash", "s"])
    assert evaluated.answers == (chosen("how", "c"), chosen("ways", "c", "s"))
    assert faults(answered(asking(one), how="kort")) == {("answers.how", "choice-unknown")}

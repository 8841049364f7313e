"""Whether the answers make a remark, and what it is about."""

import pytest

from stickprov_findings.domain.questionnaire.evaluation import evaluate
from stickprov_findings.domain.questionnaire.outcome import CaseFacts, GivenOutcome
from support.questionnaires import CASE, answered, asking, faults

DEPOSITS = {"id": "deposits", "type": "yes_no", "remarks": [{"answers": ["yes"], "category": "deposits"}]}
MISSING = {"id": "missing", "type": "yes_no", "remarks": [{"answers": ["yes"], "category": "missing"}]}
WRONG = {"id": "wrong", "type": "number", "remarks": [{"above": "500"}, {"below": "-500", "category": "deposits"}]}


def outcome(questionnaire, **given):
    return evaluate(questionnaire, GivenOutcome(**given), CASE)


def test_answers_make_a_remark_with_each_category_once():
    again = {**DEPOSITS, "id": "again"}
    evaluated = answered(asking(MISSING, DEPOSITS, again), deposits="yes", again="yes", missing="no")
    assert (evaluated.remark, evaluated.categories) == (True, ("deposits",))


def test_answers_that_no_rule_names_make_none():
    evaluated = answered(asking(DEPOSITS, MISSING), deposits="no", missing="no")
    assert (evaluated.remark, evaluated.categories) == (False, ())


@pytest.mark.parametrize(
    ("amount", "remark", "categories"),
    [("500", False, ()), ("500,01", True, ()), ("-500", False, ()), ("-501", True, ("deposits",)), ("0", False, ())],
)
def test_a_number_beyond_its_bounds_is_a_remark(amount, remark, categories):
    evaluated = answered(asking(WRONG), wrong=amount)
    assert (evaluated.remark, evaluated.categories) == (remark, categories)


def test_a_derived_answer_can_be_a_remark():
    dated = {"id": "dated", "type": "date"}
    old = {"id": "old", "type": "yes_no", "derived": {"date": "dated", "years": 1}, "remarks": [{"answers": ["yes"]}]}
    assert answered(asking(dated, old), dated="2019-01-01").remark
    assert not answered(asking(dated, old), dated="2021-01-01").remark


def test_a_reviewer_may_say_the_same_as_the_rules_but_nothing_else():
    asked, answers = asking(DEPOSITS), {"deposits": "yes"}
    assert outcome(asked, remark=True, categories=["deposits"], answers=answers).problems == ()
    assert faults(outcome(asked, remark=False, answers=answers)) == {("remark", "remark-contradicted")}
    assert faults(outcome(asked, categories=["missing"], answers=answers)) == {
        ("categories", "categories-contradicted")
    }


def test_where_it_is_asked_the_reviewer_says_whether_there_is_a_remark():
    asked, answers = asking(DEPOSITS, remark="asked"), {"deposits": "yes"}
    assert faults(outcome(asked, answers=answers)) == {("remark", "remark-missing")}
    assert outcome(asked, remark=False, answers=answers).remark is False
    evaluated = outcome(asked, remark=True, categories=["missing"], answers=answers)
    assert (evaluated.remark, evaluated.categories, evaluated.problems) == (True, ("missing",), ())


@pytest.mark.parametrize(
    ("remark", "categories", "code"),
    [
        (True, [], "category-missing"),
        (True, ["swish"], "category-unknown"),
        (True, ["deposits", "deposits"], "category-repeated"),
        (False, ["deposits"], "category-without-remark"),
    ],
)
def test_a_stated_remark_has_the_control_points_categories(remark, categories, code):
    evaluated = outcome(None, remark=remark, categories=categories)
    assert faults(evaluated) == {("categories", code)}


def test_a_point_without_categories_takes_none():
    case = CaseFacts((), frozenset(), CASE.period_end, CASE.review_day)
    assert evaluate(None, GivenOutcome(remark=True), case).problems == ()
    assert faults(evaluate(None, GivenOutcome(remark=True, categories=["swish"]), case)) == {
        ("categories", "category-unknown")
    }

"""Questionnaires written by hand, and short ways to answer them."""

from datetime import date
from typing import Any

from stickprov_contracts.questionnaires import Questionnaire
from stickprov_findings.domain.questionnaire.evaluation import evaluate
from stickprov_findings.domain.questionnaire.outcome import (
    CaseFacts,
    Evaluated,
    EvaluatedAnswer,
    GivenOutcome,
    GivenSubunit,
)

CASE = CaseFacts(
    subunits=("child-1", "child-2"),
    categories=frozenset({"deposits", "missing"}),
    period_end=date(2021, 3, 31),
    review_day=date(2021, 5, 10),
)


def asking(*questions: dict[str, Any], **rest: Any) -> Questionnaire:
    """Return a questionnaire; texts are made from the ids."""
    whole = [{"sv": question["id"], "en": question["id"], **question} for question in questions]
    return Questionnaire.model_validate({"sv": "Frågor", "en": "Questions", "questions": whole, **rest})


def answered(questionnaire: Questionnaire | None, *subunits: GivenSubunit, **answers: Any) -> Evaluated:
    """Return what answers to questions of the case amount to."""
    return evaluate(questionnaire, GivenOutcome(answers=answers, subunits=subunits), CASE)


def faults(evaluated: Evaluated) -> set[tuple[str, str]]:
    """Return field and code of every problem."""
    return {(problem.field, problem.code) for problem in evaluated.problems}


def chosen(question: str, *answers: str) -> EvaluatedAnswer:
    """Return a chosen answer."""
    return EvaluatedAnswer(question, chosen=answers)

"""Evaluates what a reviewer gave. Pure, and total: whatever was given, the answer is an outcome or its problems."""

from stickprov_contracts.problems import FieldProblem
from stickprov_contracts.questionnaires import Questionnaire
from stickprov_findings.domain.questionnaire.answers import is_blank
from stickprov_findings.domain.questionnaire.asking import Asked, Asking
from stickprov_findings.domain.questionnaire.outcome import (
    CaseFacts,
    Evaluated,
    EvaluatedSubunit,
    GivenOutcome,
    GivenSubunit,
)
from stickprov_findings.domain.questionnaire.problems import fault
from stickprov_findings.domain.questionnaire.reasons import comment_problems
from stickprov_findings.domain.questionnaire.remarks import Remark, contradictions, remark_of, stated_problems
from stickprov_findings.domain.questionnaire.roster import REVIEWED, asks_of_subunits, outcome_problems, roster_problems


def evaluate(questionnaire: Questionnaire | None, given: GivenOutcome, case: CaseFacts) -> Evaluated:
    """Return what the given outcome of a case amounts to.

    Args:
        questionnaire: the version that was answered; None where the control point has none.
        given: as it came. Blank answers count as none.
        case: what is known of the case.
    """
    if questionnaire is None:
        return _without_questions(given, case)
    asked = _asking(questionnaire, "case", case).ask(given.answers, "answers.", Asked())
    subunits, problems = _subunits(questionnaire, given, case, asked)
    if questionnaire.remark == "asked":
        remark = Remark(given.remark is True, tuple(given.categories))
        problems += stated_problems(given.remark, given.categories, case.categories)
    else:
        remark = remark_of(asked.own, {question.id: question for question in questionnaire.questions})
        for subunit in subunits:
            remark |= Remark(subunit.remark, subunit.categories)
        if not asked.problems and not problems:
            problems += contradictions(remark, given.remark, given.categories)
    return Evaluated(
        problems=(*asked.problems, *problems),
        remark=remark.found,
        categories=remark.categories,
        answers=tuple(asked.own),
        subunits=tuple(subunits),
    )


def _without_questions(given: GivenOutcome, case: CaseFacts) -> Evaluated:
    message = "This control point has no questionnaire. Leave the answer out."
    answered = [f"answers.{name}" for name, value in given.answers.items() if not is_blank(value)]
    problems = [
        *(fault(field, "question-unknown", message) for field in answered),
        *_none_asked(given),
        *stated_problems(given.remark, given.categories, case.categories),
    ]
    return Evaluated(tuple(problems), given.remark is True, tuple(given.categories))


def _none_asked(given: GivenOutcome) -> list[FieldProblem]:
    message = "Nothing is asked about subunits here. Leave them out."
    return [fault("subunits", "subunits-not-asked", message)] if given.subunits else []


def _asking(questionnaire: Questionnaire, level: str, case: CaseFacts) -> Asking:
    questions = [question for question in questionnaire.questions if question.level == level]
    return Asking(questions, case.period_end, case.review_day)


def _subunits(
    questionnaire: Questionnaire, given: GivenOutcome, case: CaseFacts, asked: Asked
) -> tuple[list[EvaluatedSubunit], list[FieldProblem]]:
    """Return the subunits in the case's order, and everything that is wrong with them."""
    if not asks_of_subunits(questionnaire):
        return [], _none_asked(given)
    asking = _asking(questionnaire, "subunit", case)
    problems: list[FieldProblem] = []
    found: dict[str, EvaluatedSubunit] = {}
    for place, one in enumerate(given.subunits):
        evaluated, faults = _subunit(questionnaire, asking, one, f"subunits.{place}", asked)
        found.setdefault(one.subunit, evaluated)
        problems += faults
    problems += roster_problems(given.subunits, case.subunits)
    problems += comment_problems([one.reason for one in found.values()], given.comment)
    return [found[one] for one in case.subunits if one in found], problems


def _subunit(
    questionnaire: Questionnaire, asking: Asking, one: GivenSubunit, here: str, case: Asked
) -> tuple[EvaluatedSubunit, list[FieldProblem]]:
    problems = outcome_problems(questionnaire, one, here)
    if one.outcome != REVIEWED:
        return EvaluatedSubunit(one.subunit, one.outcome, one.reason), problems
    asked = asking.ask(one.answers, f"{here}.answers.", case.below())
    remark = Remark()
    if questionnaire.remark == "by_rules":
        remark = remark_of(asked.own, {question.id: question for question in asking.questions})
    return (
        EvaluatedSubunit(
            one.subunit, REVIEWED, remark=remark.found, categories=remark.categories, answers=tuple(asked.own)
        ),
        problems + asked.problems,
    )

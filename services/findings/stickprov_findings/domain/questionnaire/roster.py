"""The roster: what became of each subunit of a case."""

from collections.abc import Sequence
from typing import Final

from stickprov_contracts.problems import FieldProblem
from stickprov_contracts.questionnaires import Questionnaire
from stickprov_findings.domain.questionnaire.answers import is_blank
from stickprov_findings.domain.questionnaire.outcome import GivenSubunit
from stickprov_findings.domain.questionnaire.problems import fault, listed
from stickprov_findings.domain.questionnaire.reasons import reason_problems

REVIEWED: Final = "reviewed"
_OUTCOMES: Final = (REVIEWED, "over-coverage", "non-response")


def asks_of_subunits(questionnaire: Questionnaire | None) -> bool:
    """Whether each subunit of a case is asked about."""
    return questionnaire is not None and any(question.level == "subunit" for question in questionnaire.questions)


def roster_problems(given: Sequence[GivenSubunit], subunits: Sequence[str]) -> list[FieldProblem]:
    """Return which subunits are missing, given twice, or none of the case's."""
    problems: list[FieldProblem] = []
    known, seen = frozenset(subunits), set[str]()
    for place, one in enumerate(given):
        field = f"subunits.{place}.subunit"
        if one.subunit not in known:
            problems.append(fault(field, "subunit-unknown", "The case has no such subunit. Leave it out."))
        elif one.subunit in seen:
            problems.append(fault(field, "subunit-repeated", "This subunit is given already. Give each once."))
        seen.add(one.subunit)
    if missing := [one for one in subunits if one not in seen]:
        message = f"Say what became of each subunit; these are missing: {listed(missing)}."
        problems.append(fault("subunits", "subunit-missing", message))
    return problems


def outcome_problems(questionnaire: Questionnaire, one: GivenSubunit, here: str) -> list[FieldProblem]:
    """Return what is wrong with a subunit's outcome and reason, and with answers where it was not reviewed.

    Args:
        questionnaire: has the lists of reasons.
        one: the subunit.
        here: what a problem's field begins with.
    """
    if one.outcome not in _OUTCOMES:
        return [fault(f"{here}.outcome", "outcome-unknown", f"Choose one of {listed(_OUTCOMES)}.")]
    if one.outcome == REVIEWED:
        message = "A reason is for subunits that were not reviewed. Leave it out, or change the outcome."
        return [fault(f"{here}.reason", "reason-not-needed", message)] if one.reason is not None else []
    message = "Nothing is asked of a subunit that was not reviewed. Leave the answer out, or change the outcome."
    answered = [name for name, value in one.answers.items() if not is_blank(value)]
    return [
        *reason_problems(questionnaire, one.outcome, one.reason, f"{here}.reason"),
        *(fault(f"{here}.answers.{name}", "question-not-applicable", message) for name in answered),
    ]

"""Why a case or a subunit was not reviewed: reasons from the questionnaire's lists, or the standard ones."""

from collections.abc import Sequence

from stickprov_contracts.problems import FieldProblem
from stickprov_contracts.questionnaires import NON_RESPONSE, OVER_COVERAGE, Option, Questionnaire
from stickprov_findings.domain.questionnaire.problems import fault, listed


def reasons_for(questionnaire: Questionnaire | None, mark: str) -> Sequence[Option]:
    """Return the reasons to choose among for ``over-coverage`` or ``non-response``."""
    if mark == "over-coverage":
        return (questionnaire.over_coverage if questionnaire else ()) or OVER_COVERAGE
    return (questionnaire.non_response if questionnaire else ()) or NON_RESPONSE


def reason_problems(
    questionnaire: Questionnaire | None, mark: str, reason: str | None, field: str = "reason"
) -> list[FieldProblem]:
    """Return what is wrong with the reason given for a mark; nothing when it is one of the list."""
    ids = [option.id for option in reasons_for(questionnaire, mark)]
    if reason in ids:
        return []
    if reason is None:
        return [fault(field, "reason-missing", f"Say why: choose one of {listed(ids)}.")]
    return [fault(field, "reason-unknown", f"There is no such reason. Choose one of {listed(ids)}.")]

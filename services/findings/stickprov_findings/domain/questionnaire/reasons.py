"""Why a case or a subunit was not reviewed: reasons from the questionnaire's lists, or the standard ones."""

from collections.abc import Iterable, Sequence
from typing import Final

from stickprov_contracts.problems import FieldProblem
from stickprov_contracts.questionnaires import NON_RESPONSE, OVER_COVERAGE, Option, Questionnaire
from stickprov_findings.domain.questionnaire.problems import fault, listed

OTHER: Final = "other"
"""The reason that says nothing by itself, in the standard lists and in those of questionnaires."""


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


def comment_problems(reasons: Iterable[str | None], comment: str | None) -> list[FieldProblem]:
    """Return what the comment of a case lacks where a reason says nothing by itself.

    Args:
        reasons: of the case, or of its subunits.
        comment: of the case; subunits have none of their own.
    """
    if OTHER not in reasons or (comment and comment.strip()):
        return []
    return [fault("comment", "comment-missing", f"The reason is {OTHER}: say in the comment what it was.")]

"""What somebody says of a case, made into what an event holds of it."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from stickprov_contracts.events.findings import AnswerRecorded, SubunitOutcome
from stickprov_contracts.problems import FieldProblem
from stickprov_findings.domain.questionnaire.evaluation import evaluate
from stickprov_findings.domain.questionnaire.outcome import CaseFacts, Evaluated, EvaluatedAnswer, EvaluatedSubunit
from stickprov_findings.domain.questionnaire.problems import fault
from stickprov_findings.domain.review.commands import Found, ReviewKey
from stickprov_findings.domain.review.refusals import ControlPointNotKnownError, QuestionnaireNotKnownError
from stickprov_findings.domain.review.state import Asked, DrawnCase
from stickprov_kernel.notes.note import Note


@dataclass(frozen=True, slots=True)
class Outcome:
    """Checked, or with its problems.

    Attributes:
        fields: what an outcome event holds beside the case; only of use without problems.
        notes: those that the fields refer to.
    """

    problems: tuple[FieldProblem, ...]
    fields: dict[str, Any] = field(default_factory=dict)
    notes: tuple[Note, ...] = ()


def outcome_of(found: Found, key: ReviewKey, drawn: DrawnCase) -> Outcome:
    """Return what was found in the form of an event, and the notes it refers to.

    Raises:
        ControlPointNotKnownError, QuestionnaireNotKnownError: it cannot be checked yet.
    """
    require_known(key, drawn)
    if problem := _number_problem(found, drawn.asked):
        return Outcome((problem,))
    facts = CaseFacts(drawn.subunits, drawn.categories, drawn.period_end, found.day)
    evaluated = evaluate(drawn.asked.content if drawn.asked else None, found.given, facts)
    if evaluated.problems:
        return Outcome(tuple(evaluated.problems))
    notes: list[Note] = [found.comment] if found.comment else []
    return Outcome((), _fields(found, drawn.asked, evaluated, notes), tuple(notes))


def require_known(key: ReviewKey, drawn: DrawnCase) -> None:
    """Refuse what cannot be checked yet.

    Raises:
        ControlPointNotKnownError, QuestionnaireNotKnownError: something has not been heard of.
    """
    if drawn.categories is None:
        raise ControlPointNotKnownError(key.control_point)
    if drawn.asked is not None and drawn.asked.number is None:
        raise QuestionnaireNotKnownError(drawn.asked.questionnaire)


def _number_problem(found: Found, asked: Asked | None) -> FieldProblem | None:
    if asked is None:
        message = "Nothing is asked about this case. Leave the questionnaire's number out."
        return fault("questionnaire_number", "questionnaire-not-asked", message) if found.number else None
    if asked.content is None:
        message = f"{asked.questionnaire} has no such version. Read the review again and answer the version it shows."
        return fault("questionnaire_number", "questionnaire-version-unknown", message)
    return None


def _fields(found: Found, asked: Asked | None, evaluated: Evaluated, notes: list[Note]) -> dict[str, Any]:
    return {
        "remark": evaluated.remark,
        "categories": list(evaluated.categories),
        "comment": found.comment.reference if found.comment else None,
        "questionnaire": asked.questionnaire if asked else None,
        "questionnaire_number": asked.number if asked else None,
        "answers": _answers(evaluated.answers, "answers", found, notes),
        "subunits": [_subunit(one, place, found, notes) for place, one in enumerate(evaluated.subunits)],
    }


def _subunit(one: EvaluatedSubunit, place: int, found: Found, notes: list[Note]) -> SubunitOutcome:
    return SubunitOutcome(
        subunit=one.subunit,
        outcome=one.outcome,
        reason=one.reason,
        remark=one.remark,
        categories=list(one.categories),
        answers=_answers(one.answers, f"subunits.{place}.answers", found, notes),
    )


def _answers(answers: Iterable[EvaluatedAnswer], place: str, found: Found, notes: list[Note]) -> list[AnswerRecorded]:
    """Return the answers as events hold them, and add the notes they refer to."""
    recorded = []
    for answer in answers:
        text = None if answer.text is None else found.keys.note(f"{place}.{answer.question}", answer.text)
        if text is not None:
            notes.append(text)
        recorded.append(
            AnswerRecorded(
                question=answer.question,
                chosen=list(answer.chosen),
                number=answer.number,
                day=answer.day,
                text=text.reference if text else None,
            )
        )
    return recorded

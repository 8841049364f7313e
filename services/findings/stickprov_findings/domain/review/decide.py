"""What a review command leads to. Pure: the same command on the same review always gives the same events.

What must not break: a case has at most one finding that stands, and only somebody who may review it changes it.
"""

from collections.abc import Iterable
from typing import assert_never

from stickprov_contracts.events import NoteReference
from stickprov_contracts.events.findings import FindingCorrected, FindingRecorded, FindingWithdrawn
from stickprov_contracts.problems import FieldProblem
from stickprov_findings.domain.review.commands import Command, CorrectFinding, RecordFinding, WithdrawFinding
from stickprov_findings.domain.review.evolve import ReviewEvent
from stickprov_findings.domain.review.note import Note
from stickprov_findings.domain.review.refusals import (
    AlreadyReviewedError,
    CaseNotDrawnError,
    CaseNotYoursError,
    CaseReplacedError,
    ControlPointNotKnownError,
    NothingChangedError,
    NotReviewedError,
    StaleVersionError,
)
from stickprov_findings.domain.review.state import DrawnCase, Finding, Review
from stickprov_kernel.errors import BadInputError


def decide(command: Command, state: Review) -> list[ReviewEvent]:
    """Return the events that a command leads to.

    Raises:
        CaseNotDrawnError, CaseNotYoursError: this caller has nothing to do with this case.
        CaseReplacedError: a spare has taken the case's place.
        StaleVersionError: the caller saw another version than the newest.
        AlreadyReviewedError, NotReviewedError, NothingChangedError: the command does not fit how the review stands.
        ControlPointNotKnownError: its categories cannot be checked yet.
        BadInputError: the fields at fault, all at once.
    """
    drawn = _reviewable(command, state)
    match command:
        case RecordFinding():
            return [_record(command, state, drawn)]
        case CorrectFinding():
            return [_correct(command, state, drawn)]
        case WithdrawFinding():
            return [_withdraw(command, state)]
        case _:
            assert_never(command)


def _reviewable(command: Command, state: Review) -> DrawnCase:
    if state.case is None:
        raise CaseNotDrawnError(command.review)
    if state.case.handler not in {None, command.actor}:
        raise CaseNotYoursError
    if state.case.replaced_by is not None:
        raise CaseReplacedError(state.case.replaced_by)
    if command.seen is not None and command.seen != state.version:
        raise StaleVersionError(command.seen, state.version)
    return state.case


def _record(command: RecordFinding, state: Review, drawn: DrawnCase) -> FindingRecorded:
    if state.finding is not None:
        raise AlreadyReviewedError(state.version)
    _refuse(_outcome_problems(command, drawn))
    return FindingRecorded(
        draw=command.review.draw,
        control_point=command.review.control_point,
        case=command.review.case,
        remark=command.remark,
        categories=list(command.categories),
        comment=_reference(command.comment),
    )


def _correct(command: CorrectFinding, state: Review, drawn: DrawnCase) -> FindingCorrected:
    finding = _standing(state)
    _refuse(_outcome_problems(command, drawn) + _reason_problems(command.reason))
    if _says_the_same(command, finding, state):
        raise NothingChangedError(state.version)
    return FindingCorrected(
        draw=command.review.draw,
        control_point=command.review.control_point,
        case=command.review.case,
        corrects=finding.version,
        remark=command.remark,
        categories=list(command.categories),
        comment=_reference(command.comment),
        reason=command.reason.reference,
    )


def _withdraw(command: WithdrawFinding, state: Review) -> FindingWithdrawn:
    finding = _standing(state)
    _refuse(_reason_problems(command.reason))
    return FindingWithdrawn(
        draw=command.review.draw,
        control_point=command.review.control_point,
        case=command.review.case,
        withdraws=finding.version,
        reason=command.reason.reference,
    )


def _standing(state: Review) -> Finding:
    if state.finding is None:
        raise NotReviewedError(state.version)
    return state.finding


def _says_the_same(command: CorrectFinding, finding: Finding, state: Review) -> bool:
    """Compare with what can still be read: an erased comment counts as none."""
    text = command.comment.text if command.comment else None
    return (
        command.remark == finding.remark
        and set(command.categories) == set(finding.categories)
        and text == state.text_of(finding.comment)
    )


def _reference(note: Note | None) -> NoteReference | None:
    return note.reference if note else None


def _outcome_problems(command: RecordFinding | CorrectFinding, drawn: DrawnCase) -> list[FieldProblem]:
    if drawn.categories is None:
        raise ControlPointNotKnownError(command.review.control_point)
    return _category_problems(command.remark, command.categories, drawn.categories)


def _category_problems(remark: bool, chosen: tuple[str, ...], known: frozenset[str]) -> list[FieldProblem]:
    if not remark:
        message = "Categories are for remarks. Leave them out, or say that there is a remark."
        return [_problem("categories", "category-without-remark", message)] if chosen else []
    if known and not chosen:
        message = f"Say what the remark is about; choose at least one of {_listed(known)}."
        return [_problem("categories", "category-missing", message)]
    problems = []
    if places := [str(place) for place, category in enumerate(chosen, start=1) if category not in known]:
        # By its place, not by its name: whatever was typed there may name a person.
        choose = f"choose among {_listed(known)}" if known else "it has none; leave them out"
        message = f"Category number {', '.join(places)} is none of the control point's: {choose}."
        problems.append(_problem("categories", "category-unknown", message))
    if len(set(chosen)) < len(chosen):
        message = "A category is given more than once. Give each once."
        problems.append(_problem("categories", "category-repeated", message))
    return problems


def _reason_problems(reason: Note) -> list[FieldProblem]:
    if not reason.text.strip():
        return [_problem("reason", "reason-missing", "Say why in a few words; blanks alone are no reason.")]
    return []


def _refuse(problems: list[FieldProblem]) -> None:
    if problems:
        fields = ", ".join(sorted({problem.field for problem in problems}))
        raise BadInputError(f"Nothing was stored. Put right: {fields}.", errors=problems)


def _problem(field: str, code: str, message: str) -> FieldProblem:
    return FieldProblem(field=field, code=code, message=message)


def _listed(ids: Iterable[str]) -> str:
    return ", ".join(sorted(ids))

"""What a review command leads to. Pure: the same command on the same review always gives the same decision.

What must not break: a case has at most one finding or mark that stands, only somebody who may review it changes it, and
nothing changes in a closed period.
"""

from dataclasses import dataclass
from typing import Any, Final, assert_never

from stickprov_contracts.events.findings import (
    CaseMarkedNonResponse,
    CaseMarkedOverCoverage,
    DisagreementSettled,
    FileReviewRecorded,
    FindingCorrected,
    FindingRecorded,
    FindingWithdrawn,
    ReviewReopened,
    ReviewStarted,
    SecondReviewRecorded,
)
from stickprov_contracts.problems import FieldProblem
from stickprov_findings.domain.questionnaire.problems import fault
from stickprov_findings.domain.questionnaire.reasons import comment_problems, reason_problems
from stickprov_findings.domain.review.agreement import disagrees, said
from stickprov_findings.domain.review.commands import (
    Command,
    CorrectFinding,
    HeldMark,
    MarkCase,
    MarkKind,
    RecordFinding,
    ReopenReview,
    ReviewKey,
    SettleDisagreement,
    StartReview,
    WithdrawFinding,
)
from stickprov_findings.domain.review.entitlement import require_entitled, require_own_or_unread
from stickprov_findings.domain.review.evolve import evolve
from stickprov_findings.domain.review.outcome import Outcome, outcome_of, require_known
from stickprov_findings.domain.review.refusals import (
    AlreadyMarkedError,
    AlreadyReviewedError,
    AlreadyStartedError,
    CaseErasedError,
    CaseNotDrawnError,
    CaseReplacedError,
    NoRemarkError,
    NothingChangedError,
    NothingToSettleError,
    NotMarkedError,
    NotReviewedError,
    PeriodClosedError,
    SecondMovedOnError,
    StaleVersionError,
)
from stickprov_findings.domain.review.state import DrawnCase, Finding, Review
from stickprov_findings.domain.review.status import MarkEvent, OutcomeEvent, ReviewEvent
from stickprov_kernel.errors import BadInputError
from stickprov_kernel.notes.note import Note

_MARKED: Final[dict[MarkKind, type[CaseMarkedOverCoverage | CaseMarkedNonResponse]]] = {
    "over-coverage": CaseMarkedOverCoverage,
    "non-response": CaseMarkedNonResponse,
}


@dataclass(frozen=True, slots=True)
class Decision:
    """What is to be stored: events, and the notes that they refer to. Nothing where it is so already."""

    events: tuple[ReviewEvent, ...] = ()
    notes: tuple[Note, ...] = ()


def decide(command: Command, state: Review) -> Decision:
    """Return what a command leads to.

    Raises:
        CaseNotDrawnError, CaseNotYoursError: this caller has nothing to do with this case.
        CaseReplacedError, PeriodClosedError: nobody has anything to do with it any more.
        StaleVersionError, SecondMovedOnError: the caller saw another version than the newest.
        ConflictError: the command does not fit how the review stands; the subclass says how.
        ControlPointNotKnownError, QuestionnaireNotKnownError: it cannot be checked yet.
        BadInputError: the fields at fault, all at once.
        CaseErasedError: there is free text, and who the case is has been erased.
    """
    drawn = _reviewable(command, state)
    decision = _decided(command, state, drawn)
    if decision.notes and drawn.erased:
        raise CaseErasedError(state.version)
    return decision


def _decided(command: Command, state: Review, drawn: DrawnCase) -> Decision:  # noqa: PLR0911 - one for each command
    match command:
        case StartReview():
            return _start(command, state, drawn)
        case RecordFinding():
            return _record(command, state, drawn)
        case CorrectFinding():
            return _correct(command, state, drawn)
        case WithdrawFinding():
            return _withdraw(command, state, drawn)
        case MarkCase():
            return _mark(command, state, drawn)
        case ReopenReview():
            return _reopen(command, state, drawn)
        case SettleDisagreement():
            return _settle(command, state, drawn)
        case _:
            assert_never(command)


def _reviewable(command: Command, state: Review) -> DrawnCase:
    if state.case is None:
        raise CaseNotDrawnError(command.review)
    # Who settles is the coordinator, who reviews nothing.
    if not isinstance(command, SettleDisagreement):
        require_entitled(command.review, command.actor, state, state.case)
    if state.case.replaced_by is not None:
        raise CaseReplacedError(state.case.replaced_by)
    if state.case.closed is not None:
        raise PeriodClosedError(state.case.closed, state.version)
    # A start changes nothing that anybody could have seen otherwise.
    if command.seen is not None and not state.changed <= command.seen <= state.version:
        raise StaleVersionError(command.seen, state.version)
    return state.case


def _start(command: StartReview, state: Review, drawn: DrawnCase) -> Decision:
    _require_waiting(state)
    _require_remark(command.review, state)
    if state.started_by == command.actor:
        return Decision()
    if state.started_by is not None and drawn.entitled.reviewer != command.actor:
        raise AlreadyStartedError(state.version)
    return Decision((ReviewStarted(**_case(command.review)),))


def _record(command: RecordFinding, state: Review, drawn: DrawnCase) -> Decision:
    _require_waiting(state)
    _require_remark(command.review, state)
    outcome = outcome_of(command.found, command.review, drawn)
    _refuse([*outcome.problems])
    fields = _case(command.review) | outcome.fields
    event: OutcomeEvent
    match command.review.purpose:
        case "review":
            event = FindingRecorded(**fields)
        case "second-review":
            event = SecondReviewRecorded(**fields)
        case "file-review":
            event = FileReviewRecorded(**fields)
    return Decision((event,), outcome.notes)


def _correct(command: CorrectFinding, state: Review, drawn: DrawnCase) -> Decision:
    finding = _standing(state)
    require_own_or_unread(command.review, command.actor, state, drawn)
    _require_remark(command.review, state)
    outcome = outcome_of(command.found, command.review, drawn)
    _refuse([*outcome.problems, *_reason_problems(command.reason)])
    fields = _case(command.review) | outcome.fields | {"reason": command.reason.reference, "corrects": finding.version}
    event: OutcomeEvent
    match command.review.purpose:
        case "review":
            event = FindingCorrected(**fields)
        case "second-review":
            event = SecondReviewRecorded(**fields)
        case "file-review":
            event = FileReviewRecorded(**fields)
    if _says_the_same(event, outcome, finding, state):
        raise NothingChangedError(state.version)
    return Decision((event,), (*outcome.notes, command.reason))


def _withdraw(command: WithdrawFinding, state: Review, drawn: DrawnCase) -> Decision:
    finding = _standing(state)
    require_own_or_unread(command.review, command.actor, state, drawn)
    _refuse(_reason_problems(command.reason))
    event = FindingWithdrawn(**_case(command.review), withdraws=finding.version, reason=command.reason.reference)
    return Decision((event,), (command.reason,))


def _mark(command: MarkCase, state: Review, drawn: DrawnCase) -> Decision:
    if command.seen is None:
        _require_waiting(state)
    else:
        require_own_or_unread(command.review, command.actor, state, drawn)
    _require_remark(command.review, state)
    require_known(command.review, drawn)
    text, mark = command.comment.text if command.comment else None, state.mark
    asked = drawn.asked.content if drawn.asked else None
    _refuse([*reason_problems(asked, command.kind, command.reason), *comment_problems([command.reason], text)])
    if mark and (mark.kind, mark.reason, state.text_of(mark.comment)) == (command.kind, command.reason, text):
        raise NothingChangedError(state.version)
    comment = command.comment.reference if command.comment else None
    event: MarkEvent = _MARKED[command.kind](**_case(command.review), reason=command.reason, comment=comment)
    return Decision((event,), (command.comment,) if command.comment else ())


def _reopen(command: ReopenReview, state: Review, drawn: DrawnCase) -> Decision:
    if state.mark is None:
        raise NotMarkedError(state.version)
    require_own_or_unread(command.review, command.actor, state, drawn)
    _refuse(_reason_problems(command.reason))
    event = ReviewReopened(**_case(command.review), reopens=state.mark.version, reason=command.reason.reference)
    return Decision((event,), (command.reason,))


def _settle(command: SettleDisagreement, state: Review, drawn: DrawnCase) -> Decision:
    second, standing = state.beside, state.finding or state.mark
    # A settlement may be settled otherwise.
    if second is None or standing is None or not (disagrees(state, second) or state.settled_with is not None):
        raise NothingToSettleError(state.version)
    if not second.changed <= command.second_version <= second.version:
        raise SecondMovedOnError(command.second_version, second.version)
    settled = _case(command.review) | {"settles": standing.version, "second": second.changed}
    if isinstance(command.holds, HeldMark):
        return _settle_by_mark(command, command.holds, drawn, settled)
    outcome = outcome_of(command.holds, command.review, drawn)
    _refuse([*outcome.problems, *_reason_problems(command.reason)])
    event = DisagreementSettled(**settled, **outcome.fields, reason=command.reason.reference)
    return Decision((event,), (*outcome.notes, command.reason))


def _settle_by_mark(command: SettleDisagreement, mark: HeldMark, drawn: DrawnCase, settled: dict[str, Any]) -> Decision:
    require_known(command.review, drawn)
    asked, text = drawn.asked.content if drawn.asked else None, mark.comment.text if mark.comment else None
    _refuse(
        [
            *reason_problems(asked, mark.kind, mark.reason, "mark_reason"),
            *comment_problems([mark.reason], text),
            *_reason_problems(command.reason),
        ]
    )
    event: MarkEvent = _MARKED[mark.kind](
        **settled,
        reason=mark.reason,
        comment=mark.comment.reference if mark.comment else None,
        settlement_reason=command.reason.reference,
    )
    return Decision((event,), (*([mark.comment] if mark.comment else []), command.reason))


def _require_waiting(state: Review) -> None:
    if state.finding is not None:
        raise AlreadyReviewedError(state.version)
    if state.mark is not None:
        raise AlreadyMarkedError(state.mark.kind, state.version)


def _require_remark(key: ReviewKey, state: Review) -> None:
    """Refuse to look into a case again that has no remark."""
    if key.purpose != "file-review":
        return
    first = state.beside.finding if state.beside else None
    if first is None or not first.remark:
        raise NoRemarkError(state.version)


def _standing(state: Review) -> Finding:
    if state.finding is None:
        raise NotReviewedError(state.version)
    return state.finding


def _says_the_same(event: OutcomeEvent, outcome: Outcome, finding: Finding, state: Review) -> bool:
    """Compare with what can still be read: an erased text counts as none."""
    texts = {**state.texts, **{note.note: note.text for note in outcome.notes}}
    read = Review(None, texts).text_of
    corrected = evolve(Review(None), event, "").finding
    return corrected is not None and corrected.number == finding.number and said(corrected, read) == said(finding, read)


def _reason_problems(reason: Note) -> list[FieldProblem]:
    if not reason.text.strip():
        return [fault("reason", "reason-missing", "Say why in a few words; blanks alone are no reason.")]
    return []


def _refuse(problems: list[FieldProblem]) -> None:
    if problems:
        fields = ", ".join(sorted({problem.field for problem in problems}))
        raise BadInputError(f"Nothing was stored. Put right: {fields}.", errors=problems)


def _case(key: ReviewKey) -> dict[str, Any]:
    return {"draw": key.draw, "control_point": key.control_point, "case": key.case}

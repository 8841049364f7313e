"""What can be asked of one case's review."""

from dataclasses import dataclass
from datetime import date
from typing import Final, Literal, TypeAlias
from uuid import UUID

from stickprov_contracts.http.findings import Purpose
from stickprov_contracts.streams import file_review_stream, review_stream, second_review_stream
from stickprov_findings.domain.questionnaire.outcome import GivenOutcome
from stickprov_findings.domain.review.note import NoteKeys
from stickprov_kernel.notes.note import Note

_STREAM_OF: Final = {"review": review_stream, "second-review": second_review_stream, "file-review": file_review_stream}

MarkKind = Literal["over-coverage", "non-response"]


@dataclass(frozen=True, slots=True)
class ReviewKey:
    """Which review: a case has one for each draw, control point and purpose.

    Attributes:
        draw: id of the draw.
        control_point: id of the control point.
        case: the case's pseudonym, 64 hex digits.
        purpose: ``second-review`` and ``file-review`` have streams of their own.
    """

    draw: UUID
    control_point: str
    case: str
    purpose: Purpose = "review"

    @property
    def stream(self) -> str:
        """Name of the review's event stream."""
        return self.stream_of(self.purpose)

    def stream_of(self, purpose: Purpose) -> str:
        """Return the name of the case's event stream for a purpose."""
        return _STREAM_OF[purpose](self.draw, self.control_point, self.case)


@dataclass(frozen=True, slots=True)
class Found:
    """What somebody says of a case, as it was given.

    Attributes:
        given: unchecked.
        day: of the review; nothing that is answered can have happened after it.
        keys: make the notes of answers in free text.
        number: version of the questionnaire that was shown; None for the newest.
    """

    given: GivenOutcome
    day: date
    keys: NoteKeys
    number: int | None = None
    comment: Note | None = None


@dataclass(frozen=True, slots=True)
class StartReview:
    """Say that the case is being reviewed, so that nobody else is given it.

    Attributes:
        actor: pseudonym of who asks.
        seen: the review's version that the caller saw, if they said. Here and below.
    """

    review: ReviewKey
    actor: str
    seen: int | None = None


@dataclass(frozen=True, slots=True)
class RecordFinding:
    """Record the outcome of a waiting case."""

    review: ReviewKey
    actor: str
    found: Found
    seen: int | None = None


@dataclass(frozen=True, slots=True)
class CorrectFinding:
    """Replace the whole finding of a reviewed case by another, for a reason."""

    review: ReviewKey
    actor: str
    found: Found
    reason: Note
    seen: int | None = None


@dataclass(frozen=True, slots=True)
class WithdrawFinding:
    """Take back the finding of a reviewed case, for a reason; the case waits again."""

    review: ReviewKey
    actor: str
    reason: Note
    seen: int | None = None


@dataclass(frozen=True, slots=True)
class MarkCase:
    """Say that the case should not have been drawn, or cannot be reviewed.

    Attributes:
        reason: id from the list of reasons.
    """

    review: ReviewKey
    actor: str
    kind: MarkKind
    reason: str
    comment: Note | None = None
    seen: int | None = None


@dataclass(frozen=True, slots=True)
class ReopenReview:
    """Take back a mark, for a reason; the case waits again."""

    review: ReviewKey
    actor: str
    reason: Note
    seen: int | None = None


@dataclass(frozen=True, slots=True)
class HeldMark:
    """What holds is that the case is not reviewed.

    Attributes:
        reason: id from the list of reasons; None where none was given.
    """

    kind: MarkKind
    reason: str | None
    comment: Note | None = None


@dataclass(frozen=True, slots=True)
class SettleDisagreement:
    """Say what holds where first and second review disagree, for a reason.

    Attributes:
        second_version: version of the second review that was seen.
    """

    review: ReviewKey
    actor: str
    holds: Found | HeldMark
    second_version: int
    reason: Note
    seen: int | None = None


Command: TypeAlias = (
    StartReview | RecordFinding | CorrectFinding | WithdrawFinding | MarkCase | ReopenReview | SettleDisagreement
)

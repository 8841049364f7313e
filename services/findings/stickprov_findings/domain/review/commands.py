"""What a reviewer can ask of one case's review."""

from dataclasses import dataclass
from typing import TypeAlias
from uuid import UUID

from stickprov_contracts.streams import review_stream
from stickprov_findings.domain.review.note import Note


@dataclass(frozen=True, slots=True)
class ReviewKey:
    """Which review: a case drawn in several draws or for several control points has one for each.

    Attributes:
        draw: id of the draw.
        control_point: id of the control point.
        case: the case's pseudonym, 64 hex digits.
    """

    draw: UUID
    control_point: str
    case: str

    @property
    def stream(self) -> str:
        """Name of the review's event stream."""
        return review_stream(self.draw, self.control_point, self.case)


@dataclass(frozen=True, slots=True)
class RecordFinding:
    """Record the outcome of a waiting case.

    Attributes:
        actor: pseudonym of who asks.
        seen: the review's version that the caller saw, if they said.
    """

    review: ReviewKey
    actor: str
    remark: bool
    categories: tuple[str, ...] = ()
    comment: Note | None = None
    seen: int | None = None


@dataclass(frozen=True, slots=True)
class CorrectFinding:
    """Replace the whole finding of a reviewed case by another, for a reason. ``seen`` as above."""

    review: ReviewKey
    actor: str
    remark: bool
    reason: Note
    categories: tuple[str, ...] = ()
    comment: Note | None = None
    seen: int | None = None


@dataclass(frozen=True, slots=True)
class WithdrawFinding:
    """Take back the finding of a reviewed case, for a reason; the case waits again. ``seen`` as above."""

    review: ReviewKey
    actor: str
    reason: Note
    seen: int | None = None


Command: TypeAlias = RecordFinding | CorrectFinding | WithdrawFinding

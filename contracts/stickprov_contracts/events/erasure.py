"""Facts about erasure (gallring): how long identities are kept, what holds them, and what is gone.

The events know pseudonyms only, so that the log, its chain and its proofs are the same after an erasure as before it.
They are also what erases again when an older backup was restored: whoever hears one of them leaves nothing of it.
"""

from typing import ClassVar, Literal
from uuid import UUID

from pydantic import Field

from stickprov_contracts.events.base import Event, NoteReference
from stickprov_contracts.events.sampler import Hex256
from stickprov_contracts.topics import Source

ErasureReason = Literal["schedule", "request"]
"""``schedule``: the time that was decided is up. ``request``: somebody asked for it, such as the person themselves."""

CASES_OF_AN_EVENT = 1000
"""At most this many cases stand in one event; a larger draw is erased with several, in one commit."""


class _ErasureEvent(Event):
    source: ClassVar[Source] = "sampler"


class RetentionSet(_ErasureEvent):
    """It was decided how long a control point's identities are kept.

    Attributes:
        months: after the period's end, or after the draw where that was later; None: nothing is decided any more.
        keep_for_research: cases of people born on day 5, 15 or 25 stay.
    """

    name: ClassVar[str] = "retention-set"

    control_point: str
    months: int | None = Field(ge=0, le=1200)
    keep_for_research: bool = False


class LegalHoldPlaced(_ErasureEvent):
    """Something must not be erased until the hold is lifted: a control point, a draw, or one case of a draw.

    Attributes:
        case: of ``draw``; it is held in every draw that has it.
        why: stands in for what was written about the reason.
    """

    name: ClassVar[str] = "legal-hold-placed"

    hold: UUID
    control_point: str | None = None
    draw: UUID | None = None
    case: Hex256 | None = None
    why: NoteReference


class LegalHoldLifted(_ErasureEvent):
    """A hold ended; what it held can be erased once it is due."""

    name: ClassVar[str] = "legal-hold-lifted"

    hold: UUID
    why: NoteReference


class CasesErased(_ErasureEvent):
    """Who these cases of a draw are was erased, and with it every free text about them, in both services.

    An identity that another draw still holds stays until that draw is erased, too.
    """

    name: ClassVar[str] = "cases-erased"

    erasure: UUID
    draw: UUID
    control_points: list[str]
    cases: list[Hex256] = Field(min_length=1, max_length=CASES_OF_AN_EVENT)
    why: ErasureReason


class CasesForgotten(_ErasureEvent):
    """Somebody asked that these cases of a series be forgotten: no draw from it learns again who they are.

    Attributes:
        frames: of the series, whose identity files held them and were written anew without them.
    """

    name: ClassVar[str] = "cases-forgotten"

    erasure: UUID
    series: UUID
    cases: list[Hex256] = Field(min_length=1, max_length=CASES_OF_AN_EVENT)
    frames: list[UUID]


class FrameIdentitiesErased(_ErasureEvent):
    """Who the units of a frame are was erased: the key of its identity file, and the file. The frame itself stays."""

    name: ClassVar[str] = "frame-identities-erased"

    erasure: UUID
    frame: UUID


class SeriesKeyErased(_ErasureEvent):
    """The key that made a series' pseudonyms was erased: nobody can compute them again."""

    name: ClassVar[str] = "series-key-erased"

    erasure: UUID
    series: UUID


class StaffErased(_ErasureEvent):
    """Names and addresses of people who left the staff list were erased; their pseudonyms stay."""

    name: ClassVar[str] = "staff-erased"

    erasure: UUID
    staff: list[str] = Field(min_length=1)


class ErasureCompleted(_ErasureEvent):
    """An erasure was carried out to its end.

    Attributes:
        draws, cases, frames, series, staff: how many were erased of each; a case counts once in each draw.
        identities: how many people the vault knows nothing of any more; fewer than ``cases`` where another draw holds
            them, or where two draws had them.
        notes: free texts of the sampler that went with them.
        frames_rewritten: identity files that were written anew without those who asked.
        kept_for_research: cases that would have gone, had their control point not kept them for research.
    """

    name: ClassVar[str] = "erasure-completed"

    erasure: UUID
    why: ErasureReason
    draws: int = Field(default=0, ge=0)
    cases: int = Field(default=0, ge=0)
    identities: int = Field(default=0, ge=0)
    notes: int = Field(default=0, ge=0)
    frames: int = Field(default=0, ge=0)
    series: int = Field(default=0, ge=0)
    staff: int = Field(default=0, ge=0)
    frames_rewritten: int = Field(default=0, ge=0)
    kept_for_research: int = Field(default=0, ge=0)


class FreeTextErased(Event):
    """Findings heard of an erasure, and erased what was written about these cases.

    Attributes:
        notes: texts that were deleted: comments, reasons, answers in words. drafts: what was half filled in.
    """

    source: ClassVar[Source] = "findings"
    name: ClassVar[str] = "free-text-erased"

    erasure: UUID
    draw: UUID
    control_points: list[str]
    cases: list[Hex256]
    notes: int = Field(ge=0)
    drafts: int = Field(ge=0)


EVENTS: tuple[type[Event], ...] = (
    RetentionSet,
    LegalHoldPlaced,
    LegalHoldLifted,
    CasesErased,
    CasesForgotten,
    FrameIdentitiesErased,
    SeriesKeyErased,
    StaffErased,
    ErasureCompleted,
    FreeTextErased,
)

"""Facts of findings: what reviewers found, corrected and withdrew."""

from typing import ClassVar
from uuid import UUID

from stickprov_contracts.events.base import Event, NoteReference
from stickprov_contracts.events.sampler import Hex256
from stickprov_contracts.topics import Source


class _ReviewEvent(Event):
    """Something about one case under one control point of one draw."""

    source: ClassVar[Source] = "findings"

    draw: UUID
    control_point: str
    case: Hex256


class FindingRecorded(_ReviewEvent):
    """A reviewer recorded the outcome of a case.

    Attributes:
        remark: whether the case deviates.
        categories: ids of the control point's categories, each once; empty without a remark.
        comment: where the reviewer's free text lies, if there is any.
    """

    name: ClassVar[str] = "finding-recorded"

    remark: bool
    categories: list[str] = []
    comment: NoteReference | None = None


class FindingCorrected(_ReviewEvent):
    """A finding was replaced by another; the first stays in the log.

    Attributes:
        corrects: version in the stream of the event that this one replaces.
        reason: where the reason lies.
    """

    name: ClassVar[str] = "finding-corrected"

    corrects: int
    remark: bool
    categories: list[str] = []
    comment: NoteReference | None = None
    reason: NoteReference


class FindingWithdrawn(_ReviewEvent):
    """A finding was taken back; the case waits again."""

    name: ClassVar[str] = "finding-withdrawn"

    withdraws: int
    reason: NoteReference


EVENTS: tuple[type[Event], ...] = (FindingRecorded, FindingCorrected, FindingWithdrawn)

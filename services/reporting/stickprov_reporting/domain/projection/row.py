"""One drawn case under one control point, as both logs tell it.

What must not break: the sampler's facts and the findings' are fields of their own, and neither asks for the other.
So a finding may be heard before its case was drawn, and a finding that comes late (requeued from quarantine) does
not overwrite what replaced it: the review's higher version stays. Second reviews and file reviews, which have streams
of their own, change nothing of it.
"""

from typing import Final, NamedTuple, TypeAlias
from uuid import UUID

from stickprov_contracts.events import Event
from stickprov_contracts.events.draws import CaseReplaced
from stickprov_contracts.events.findings import (
    CaseMarkedNonResponse,
    CaseMarkedOverCoverage,
    DisagreementSettled,
    FindingCorrected,
    FindingRecorded,
    FindingWithdrawn,
    ReviewReopened,
)
from stickprov_contracts.events.sampler import CaseDrawn


class RowKey(NamedTuple):
    """Whose row it is; ``case`` is the pseudonym in hex."""

    draw: UUID
    control_point: str
    case: str


class Drawn(NamedTuple):
    """What the sampler says of the case."""

    month: str
    unit: str
    stratum: str


class Review(NamedTuple):
    """What findings says of it: the newest version of its review.

    Attributes:
        version: of the review's stream; 0 when nothing was heard.
        reviewed: whether a finding stands.
        remark: whether that finding is a remark. categories: of the remark, sorted, each once.
    """

    version: int = 0
    reviewed: bool = False
    remark: bool = False
    categories: tuple[str, ...] = ()


UNHEARD = Review()


class CaseRow(NamedTuple):
    """A case; ``drawn`` is None until the sampler's log has told of it.

    Attributes:
        replaced: whether it gave way to a spare; it counts for nothing then, and never comes back.
    """

    drawn: Drawn | None = None
    review: Review = UNHEARD
    replaced: bool = False


EMPTY = CaseRow()

Outcome: TypeAlias = FindingRecorded | FindingCorrected | DisagreementSettled
NotReviewed: TypeAlias = FindingWithdrawn | CaseMarkedOverCoverage | CaseMarkedNonResponse | ReviewReopened
DrawEvent: TypeAlias = CaseDrawn | CaseReplaced
ReviewEvent: TypeAlias = Outcome | NotReviewed
CaseEvent: TypeAlias = DrawEvent | ReviewEvent

_OTHER_PURPOSES: Final = ("second-review/", "file-review/")


def row_keys(event: Event, stream: str) -> list[RowKey]:
    """Return the rows that an event is about: none, one, or one for each control point that a case serves."""
    if isinstance(event, DrawEvent):
        return [RowKey(event.draw, point, event.case) for point in dict.fromkeys(event.control_points)]
    if isinstance(event, ReviewEvent) and not stream.startswith(_OTHER_PURPOSES):
        return [RowKey(event.draw, event.control_point, event.case)]
    return []


def evolve(row: CaseRow, event: Event, version: int) -> CaseRow:
    """Return the row after an event; ``version`` is the event's number in its stream."""
    if isinstance(event, CaseDrawn):
        return CaseRow(Drawn(event.month, event.unit, event.stratum), row.review, row.replaced)
    if isinstance(event, CaseReplaced):
        return row._replace(replaced=True)
    if isinstance(event, ReviewEvent) and version > row.review.version:
        return CaseRow(row.drawn, _review(event, version), row.replaced)
    return row


def _review(event: ReviewEvent, version: int) -> Review:
    if not isinstance(event, Outcome):
        return Review(version)
    categories = tuple(sorted(set(event.categories))) if event.remark else ()
    return Review(version, reviewed=True, remark=event.remark, categories=categories)

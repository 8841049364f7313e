"""One drawn case under one control point, as both logs tell it.

What must not break: the sampler's facts and the findings' are fields of their own, those of each stream too, and none
asks for another. So a finding may be heard before its case was drawn, and a second review before the first.
"""

from typing import NamedTuple
from uuid import UUID

from stickprov_contracts.events import Event
from stickprov_contracts.events.draws import CaseReplaced
from stickprov_contracts.events.sampler import CaseDrawn
from stickprov_reporting.domain.projection.review import (
    UNHEARD,
    FileReview,
    First,
    Purpose,
    Review,
    ReviewEvent,
    Second,
    file_review_of,
    first_of,
    is_review_event,
    review_of,
    second_of,
)


class RowKey(NamedTuple):
    """Whose row it is; ``case`` is the pseudonym in hex."""

    draw: UUID
    control_point: str
    case: str


class Drawn(NamedTuple):
    """What the sampler says of the case.

    Attributes:
        subunits: how many it has.
        probability: the chance it was drawn with; for a sample that was extended, the newest allocation holds instead.
    """

    month: str
    unit: str
    stratum: str
    subunits: int = 0
    probability: float = 0.0


class CaseRow(NamedTuple):
    """A case; ``drawn`` is None until the sampler's log has told of it.

    Attributes:
        replaced: whether it gave way to a spare; it counts for nothing then, and never comes back.
        first: what the first reviewer says, where ``review`` is a settlement and that was heard.
        second, file_review: None until something was heard of them.
    """

    drawn: Drawn | None = None
    review: Review = UNHEARD
    replaced: bool = False
    first: First | None = None
    second: Second | None = None
    file_review: FileReview | None = None


EMPTY = CaseRow()


def row_keys(event: Event) -> list[RowKey]:
    """Return the rows that an event is about: none, one, or one for each control point that a case serves."""
    if is_review_event(event):
        return [RowKey(event.draw, event.control_point, event.case)]
    if isinstance(event, CaseDrawn | CaseReplaced):
        return [RowKey(event.draw, point, event.case) for point in dict.fromkeys(event.control_points)]
    return []


def evolve(row: CaseRow, event: Event, version: int, purpose: Purpose = "review") -> CaseRow:
    """Return the row after an event; ``version`` is the event's number in its stream, ``purpose`` what that is for."""
    if is_review_event(event):
        if purpose == "review":
            return _reviewed(row, event, version)
        return _looked_at_again(row, event, version, purpose)
    if isinstance(event, CaseDrawn):
        drawn = Drawn(event.month, event.unit, event.stratum, len(event.subunits), event.inclusion_probability)
        return CaseRow(drawn, *row[1:])
    if isinstance(event, CaseReplaced):
        return row._replace(replaced=True)
    return row


def _reviewed(row: CaseRow, event: ReviewEvent, version: int) -> CaseRow:
    heard = review_of(event, version)
    if not (heard.settled or row.review.settled):
        return CaseRow(row.drawn, heard, *row[2:]) if version > row.review.version else row
    newest = heard if version > row.review.version else row.review
    if not newest.settled:
        # The newest outcome is the first reviewer's own.
        return CaseRow(row.drawn, newest, row.replaced, None, row.second, row.file_review)
    known = row.first if row.review.settled else first_of(row.review) if row.review.version else None
    if not heard.settled and (known is None or known.version < version):
        known = first_of(heard)
    return CaseRow(row.drawn, newest, row.replaced, known, row.second, row.file_review)


def _looked_at_again(row: CaseRow, event: ReviewEvent, version: int, purpose: Purpose) -> CaseRow:
    if purpose == "second-review":
        if row.second is None or row.second.version < version:
            return row._replace(second=second_of(event, version))
    elif row.file_review is None or row.file_review.version < version:
        return row._replace(file_review=file_review_of(event, version))
    return row

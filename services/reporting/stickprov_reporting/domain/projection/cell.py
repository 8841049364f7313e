"""Counts of case rows: what a statistic is read from, at a cost that does not grow with history."""

from collections.abc import Mapping
from typing import Final, NamedTuple
from uuid import UUID

from stickprov_reporting.domain.projection.row import CaseRow, Review

DRAWN: Final = "drawn"
REVIEWED: Final = "reviewed"
REMARKS: Final = "remarks"
CATEGORY: Final = "category:"
"""What an indicator that counts a category of remarks begins with."""


class CellKey(NamedTuple):
    """What a cell counts: an indicator within one unit and stratum of one month of one draw."""

    control_point: str
    draw: UUID
    month: str
    unit: str
    stratum: str
    indicator: str


def indicators(review: Review) -> tuple[str, ...]:
    """Return what a drawn case with this review counts for."""
    if not review.reviewed:
        return (DRAWN,)
    if not review.remark:
        return (DRAWN, REVIEWED)
    return (DRAWN, REVIEWED, REMARKS, *(CATEGORY + category for category in review.categories))


class Move(NamedTuple):
    """How a row of some draw and control point changed. Most rows of a batch make the same few moves.

    A row counts in cells only while it is known to be drawn and not to have given way to a spare.
    """

    control_point: str
    draw: UUID
    before: CaseRow
    after: CaseRow


def differences(moves: Mapping[Move, int]) -> dict[CellKey, int]:
    """Return what is to be added to cells when each move was made so many times; never 0."""
    cells: dict[CellKey, int] = {}
    for move, times in moves.items():
        for row, sign in ((move.before, -times), (move.after, times)):
            if row.drawn is not None and not row.replaced:
                for indicator in indicators(row.review):
                    key = CellKey(move.control_point, move.draw, *row.drawn, indicator)
                    cells[key] = cells.get(key, 0) + sign
    return {key: value for key, value in cells.items() if value}

"""Counts of case rows: what a statistic is read from, at a cost that does not grow with history."""

from collections.abc import Mapping
from typing import Final, NamedTuple
from uuid import UUID

from stickprov_reporting.domain.projection.row import CaseRow, RowKey

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


def indicators(row: CaseRow) -> tuple[str, ...]:
    """Return what a row counts for; nothing while it is not known to be drawn."""
    if row.drawn is None:
        return ()
    if not row.review.reviewed:
        return (DRAWN,)
    if not row.review.remark:
        return (DRAWN, REVIEWED)
    return (DRAWN, REVIEWED, REMARKS, *(CATEGORY + category for category in row.review.categories))


def add_difference(cells: dict[CellKey, int], key: RowKey, before: CaseRow, after: CaseRow) -> None:
    """Add to cells what a row counts after a change, and take off what it counted before."""
    for row, sign in ((before, -1), (after, 1)):
        drawn = row.drawn
        if drawn is not None:
            for indicator in indicators(row):
                cell = CellKey(key.control_point, key.draw, *drawn, indicator)
                cells[cell] = cells.get(cell, 0) + sign


def without_zeros(cells: Mapping[CellKey, int]) -> dict[CellKey, int]:
    """Return the cells that say something: 0 is what an absent cell counts."""
    return {key: value for key, value in cells.items() if value}

"""Cells: what a statistic is read from, at a cost that does not grow with history."""

from collections.abc import Mapping
from typing import Final, NamedTuple
from uuid import UUID

from stickprov_reporting.domain.projection.counting import (
    CATEGORY,
    DRAWN,
    NON_RESPONSE,
    OVER_COVERAGE,
    REMARKS,
    REVIEWED,
    counts_of,
)
from stickprov_reporting.domain.projection.row import CaseRow

__all__ = [
    "CATEGORY",
    "DRAWN",
    "NON_RESPONSE",
    "OVER_COVERAGE",
    "REMARKS",
    "REVIEWED",
    "CellKey",
    "Move",
    "differences",
]

PROGRESS: Final = (DRAWN, REVIEWED, REMARKS, OVER_COVERAGE, NON_RESPONSE)
"""What tells how far a control has come."""


class CellKey(NamedTuple):
    """What a cell counts: an indicator within one unit and stratum of one month of one draw."""

    control_point: str
    draw: UUID
    month: str
    unit: str
    stratum: str
    indicator: str


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
            if row.drawn is None or row.replaced:
                continue
            for indicator, count in counts_of(row.drawn.subunits, row).items():
                key = CellKey(move.control_point, move.draw, *row.drawn[:3], indicator)
                cells[key] = cells.get(key, 0) + sign * count
    return {key: value for key, value in cells.items() if value}

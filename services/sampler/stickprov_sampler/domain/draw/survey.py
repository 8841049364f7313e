"""What a frame file holds, counted for a draw before there is a seed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final, NamedTuple

from stickprov_contracts.events.sampler import FrameFrozen

MONTH: Final = "month"
STRATUM: Final = "stratum"
WHOLE_FRAME: Final = ""
"""The only part of a frame that is not stratified."""
BETWEEN: Final = " · "
"""Between the values of several columns in a stratum's name."""


class Cell(NamedTuple):
    """How many units are in a month and stratum; the stratum is that of the draw, where the draw is stratified."""

    month: str
    stratum: str
    size: int


class Amounts(NamedTuple):
    """The sizes of units, for chances proportional to them.

    Attributes:
        total: their sum. unusable: how many are missing, no number, or not positive.
        largest: as many as are drawn, falling.
    """

    total: Decimal
    unusable: int
    largest: Sequence[Decimal]


@dataclass(frozen=True, slots=True)
class Survey:
    """A frame file in numbers.

    Attributes:
        columns: the file's columns. cells: units by month and stratum.
        handlers: how many different handlers each part has.
        clashes: names that stand for several combinations of values.
        amounts: of the size column, if there is one.
    """

    columns: Sequence[str]
    cells: Sequence[Cell]
    handlers: Mapping[str, int] = field(default_factory=dict)
    without_handler: int = 0
    clashes: Sequence[str] = ()
    amounts: Amounts | None = None


def survey_of(frame: FrameFrozen) -> Survey:
    """Return what the event alone tells: enough for draws by month and stratum."""
    cells = [Cell(cell.month, cell.stratum, cell.size) for cell in frame.strata]
    return Survey(columns=frame.columns, cells=cells)


def part_of(stratified_by: Sequence[str], month: str, stratum: str) -> str:
    """Return the name of the part of the frame that a unit of this month and stratum belongs to."""
    names = [month] if MONTH in stratified_by else []
    if beside_month(stratified_by):
        names.append(stratum)
    return BETWEEN.join(names) if names else WHOLE_FRAME


def beside_month(stratified_by: Sequence[str]) -> list[str]:
    """Return the columns whose values make a draw's stratum."""
    return [column for column in stratified_by if column != MONTH]

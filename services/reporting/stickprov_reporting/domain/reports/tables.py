"""Tables of a report, built column by column: a column that says nothing is left out."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Generic, TypeVar

from stickprov_contracts.http.reports import Cell, Table
from stickprov_contracts.http.statistics import Share
from stickprov_reporting.domain.reports.withheld import SIGN, is_withheld
from stickprov_reporting.domain.reports.writing import NOTHING, Writer

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Column(Generic[Row]):
    """A column: what it is called, what stands in it, and whether it is left out when all of it is 0 or nothing."""

    head: str
    cell: Callable[[Row], Cell]
    optional: bool = False


def table(
    caption: str,
    columns: Iterable[Column[Row]],
    rows: Sequence[Row],
    *,
    totals: int = 0,
    widths: Sequence[int] = (),
    groups: dict[int, str] | None = None,
) -> Table:
    """Return a table; its last ``totals`` rows sum up the others."""
    filled = [(column, [column.cell(row) for row in rows]) for column in columns]
    kept = [(column.head, cells) for column, cells in filled if not (column.optional and _says_nothing(cells))]
    return Table(
        caption=caption,
        head=[head for head, _ in kept],
        rows=[[cells[place] for _, cells in kept] for place in range(len(rows))],
        groups=groups or {},
        totals=list(range(len(rows) - totals, len(rows))),
        widths=list(widths),
    )


def words(text: str) -> Cell:
    """Return a cell with words, or an identifier."""
    return Cell(text=text)


@dataclass(frozen=True, slots=True)
class Cells:
    """Makes cells with numbers as a writer writes them."""

    writer: Writer

    def count(self, number: float | Decimal | None) -> Cell:
        """Return a count."""
        return _number(self.writer.whole(number), number, "count")

    def share(self, share: float | Decimal | None) -> Cell:
        """Return a share as a percentage."""
        return _number(self.writer.percent(share), share, "share")

    def decimal(self, number: float | Decimal | None, decimals: int = 2) -> Cell:
        """Return a number with decimals."""
        return _number(self.writer.number(number, decimals), number, "decimal")

    def of(self, share: Share) -> Cell:
        """Return a share's value; numerator and denominator have columns of their own."""
        return self.made_of(share.value, share.numerator)

    def made_of(self, share: float | None, numerator: float | Decimal) -> Cell:
        """Return a share, which is left out where its numerator is."""
        return words(SIGN) if is_withheld(numerator) else self.share(share)


def _number(text: str, number: float | Decimal | None, unit: str) -> Cell:
    if number is None or is_withheld(number):
        return Cell(text=NOTHING if number is None else SIGN)
    return Cell.model_validate({"text": text, "number": float(number), "unit": unit})


def _says_nothing(cells: Iterable[Cell]) -> bool:
    return all(not cell.number if cell.unit else cell.text in {"", NOTHING, SIGN} for cell in cells)

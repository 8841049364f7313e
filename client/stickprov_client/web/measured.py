"""What a register measure counted, laid out by month and unit for a page."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeVar

from stickprov_contracts.events.measures import Goal, MeasuredCell, MeasureKind

_Name = TypeVar("_Name", str, tuple[str, str])


@dataclass(frozen=True)
class Part:
    """A month, a unit, both, a category, or the whole.

    Attributes:
        numerator: units that count, or the sum of their values. denominator: units looked at.
    """

    numerator: Decimal
    denominator: int

    def share(self, kind: MeasureKind) -> Decimal | None:
        """Return the share; None for a sum, and where nobody was looked at."""
        return self.numerator / self.denominator if self.denominator and kind != "sum" else None

    def meets(self, goal: Goal | None) -> bool | None:
        """Compare exactly: 15 of 30 meet a goal of 50 %. None where there is nothing to compare."""
        if goal is None or not self.denominator:
            return None
        wanted = goal.share * self.denominator
        return self.numerator >= wanted if goal.direction == "at-least" else self.numerator <= wanted


@dataclass(frozen=True)
class Counts:
    """Cells by month and unit.

    Attributes:
        months, units: by name. parts: by month and unit. categories: of the whole; empty when none are told apart.
    """

    months: dict[str, Part]
    units: dict[str, Part]
    parts: dict[tuple[str, str], Part]
    categories: dict[str, Part]


def counts_of(cells: Sequence[MeasuredCell], denominator: int) -> Counts:
    """Lay cells out; ``denominator`` is of the whole."""
    categories = {name: Part(part.numerator, denominator) for name, part in _by(cells, lambda cell: cell.category)}
    return Counts(
        months=dict(_by(cells, lambda cell: cell.month)),
        units=dict(_by(cells, lambda cell: cell.unit)),
        parts=dict(_by(cells, lambda cell: (cell.month, cell.unit))),
        categories={} if set(categories) == {""} else {name: one for name, one in categories.items() if one.numerator},
    )


def _by(cells: Iterable[MeasuredCell], name: Callable[[MeasuredCell], _Name]) -> list[tuple[_Name, Part]]:
    numerators: dict[_Name, Decimal] = {}
    denominators: dict[_Name, dict[tuple[str, str], int]] = {}
    for cell in cells:
        part = name(cell)
        numerators[part] = numerators.get(part, Decimal(0)) + cell.numerator
        # The categories of a month and unit share one denominator.
        denominators.setdefault(part, {})[cell.month, cell.unit] = cell.denominator
    return [(part, Part(numerators[part], sum(denominators[part].values()))) for part in sorted(numerators)]

"""Which drawn case each row is about."""

import re
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from stickprov_contracts.problems import FieldProblem
from stickprov_findings.domain.imports.columns import Columns, Part

_SHORTEST: Final = 8
_WHOLE: Final = 64
_HEX: Final = re.compile(r"[0-9a-f]+")


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the table. Cells have no blanks around them, and are as many as there are columns."""

    number: int
    cells: Sequence[str]

    def of(self, columns: Columns, part: Part) -> str:
        """Return what a part's column says, "" where it has none."""
        return self.cells[columns.parts[part]] if part in columns.parts else ""

    def problem(self, field: str, code: str, message: str) -> FieldProblem:
        """Return what is wrong with this row."""
        return FieldProblem(field=field, code=code, message=message, row=self.number)


@dataclass(frozen=True, order=True, slots=True)
class Drawn:
    """A case drawn for the control point in a draw."""

    case: str
    draw: UUID


class DrawnCases:
    """The control point's drawn cases, to be found by what people write."""

    def __init__(self, control_point: str, drawn: Iterable[Drawn]) -> None:
        self._control_point = control_point
        self._drawn = sorted(drawn)

    def meant_by(self, row: Row, columns: Columns) -> Drawn | FieldProblem:
        """Return the case that a row is about, or why there is none."""
        text, draw = row.of(columns, "case").casefold(), row.of(columns, "draw").casefold()
        in_draw, slash, in_address = text.partition(f"/{self._control_point.casefold()}/")
        if slash:
            text, draw = in_address, draw or in_draw
        if not _HEX.fullmatch(text) or not _SHORTEST <= len(text) <= _WHOLE:
            message = (
                f"Say which case the row is about: its 64 hex digits, at least the first {_SHORTEST}, "
                f"or DRAW/{self._control_point}/CASE."
            )
            return row.problem(columns.of_part("case"), "case-unreadable", message)
        found = [one for one in self._beginning_with(text) if str(one.draw).startswith(draw)]
        return found[0] if len(found) == 1 else self._doubt(row, columns, found)

    def _doubt(self, row: Row, columns: Columns, found: Sequence[Drawn]) -> FieldProblem:
        field, draw_field = columns.of_part("case"), columns.of_part("draw")
        if not found:
            message = f"No such case was drawn for {self._control_point}. Copy it from the queue."
            return row.problem(field, "case-not-drawn", message)
        if len({one.case for one in found}) > 1:
            return row.problem(field, "case-ambiguous", "Several cases begin like this. Write more of its digits.")
        message = f"The case was drawn {len(found)} times. Say in which draw, in a column {draw_field}."
        return row.problem(draw_field, "draw-ambiguous", message)

    def _beginning_with(self, text: str) -> Iterable[Drawn]:
        place = bisect_left(self._drawn, text, key=lambda one: one.case)
        while place < len(self._drawn) and self._drawn[place].case.startswith(text):
            yield self._drawn[place]
            place += 1

"""Which drawn case each row is about."""

import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from stickprov_contracts.problems import FieldProblem
from stickprov_findings.domain.imports.columns import Columns, Part
from stickprov_findings.domain.questionnaire.problems import listed

_SHORTEST: Final = 8
_WHOLE: Final = 64
_MONTH: Final = len("2021-03")
"""A spreadsheet makes a day of a month: 2021-03-01."""
_HEX: Final = re.compile(r"[0-9a-f]+")
_NUMBER: Final = re.compile(r"[0-9]{1,9}")


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
    """A case drawn for the control point in a draw.

    Attributes:
        order: its number in the draw; of its own in each month and stratum of a draw by month or stratum.
    """

    case: str
    draw: UUID
    order: int = 0
    month: str = ""
    stratum: str = ""


_APART: Final[tuple[tuple[Part, Callable[[Drawn], object]], ...]] = (
    ("draw", lambda one: one.draw),
    ("month", lambda one: one.month),
    ("stratum", lambda one: one.stratum),
)
"""What tells cases of the same number apart."""


class DrawnCases:
    """The control point's drawn cases, to be found by what people write."""

    def __init__(self, control_point: str, drawn: Iterable[Drawn]) -> None:
        self._control_point = control_point
        self._drawn = sorted(drawn)
        self._by_order: dict[int, list[Drawn]] = {}
        for one in self._drawn:
            self._by_order.setdefault(one.order, []).append(one)

    def meant_by(self, row: Row, columns: Columns) -> Drawn | FieldProblem:
        """Return the case that a row is about, or why there is none. Everything that the row says of it must fit."""
        text, draw = row.of(columns, "case").casefold(), row.of(columns, "draw").casefold()
        in_draw, slash, in_address = text.partition(f"/{self._control_point.casefold()}/")
        if slash:
            text, draw = in_address, draw or in_draw
        order = row.of(columns, "order")
        if (text and not _is_case(text)) or not (text or order):
            return self._unreadable(row, columns)
        if order and not _NUMBER.fullmatch(order):
            return row.problem(columns.of_part("order"), "order-unreadable", "Write the case's number in the draw.")
        month, stratum = row.of(columns, "month")[:_MONTH], row.of(columns, "stratum").casefold()
        found = [
            one
            for one in (self._beginning_with(text) if text else self._by_order.get(int(order), ()))
            if str(one.draw).startswith(draw)
            and (not order or one.order == int(order))
            and month in {"", one.month}
            and stratum in {"", one.stratum.casefold()}
        ]
        if len(found) == 1:
            return found[0]
        return self._doubt(row, columns, found) if text or not found else self._same_number(row, columns, found)

    def _unreadable(self, row: Row, columns: Columns) -> FieldProblem:
        message = (
            f"Say which case the row is about: its 64 hex digits, at least the first {_SHORTEST}, "
            f"DRAW/{self._control_point}/CASE, its number in the draw in a column {columns.of_part('order')}, "
            "or on the web page and with the command its case number in a column case_number."
        )
        return row.problem(columns.key, "case-unreadable", message)

    def _doubt(self, row: Row, columns: Columns, found: Sequence[Drawn]) -> FieldProblem:
        draw_field = columns.of_part("draw")
        if not found:
            return not_drawn(row, columns, self._control_point)
        if len({one.case for one in found}) > 1:
            return row.problem(
                columns.key, "case-ambiguous", "Several cases begin like this. Write more of its digits."
            )
        message = f"The case was drawn {len(found)} times. Say in which draw, in a column {draw_field}."
        return row.problem(draw_field, "draw-ambiguous", message)

    def _same_number(self, row: Row, columns: Columns, found: Sequence[Drawn]) -> FieldProblem:
        apart = [columns.of_part(part) for part, told in _APART if len({told(one) for one in found}) > 1]
        message = f"{len(found)} cases have this number. Say which one in columns {listed(apart)}."
        return row.problem(columns.of_part("order"), "order-ambiguous", message)

    def _beginning_with(self, text: str) -> Iterable[Drawn]:
        place = bisect_left(self._drawn, text, key=lambda one: one.case)
        while place < len(self._drawn) and self._drawn[place].case.startswith(text):
            yield self._drawn[place]
            place += 1


def not_drawn(row: Row, columns: Columns, control_point: str) -> FieldProblem:
    """Return the problem of a row whose case was not drawn, or is nothing that its sender may know of."""
    message = f"No such case was drawn for {control_point}. Copy it from the queue."
    return row.problem(columns.key, "case-not-drawn", message)


def _is_case(text: str) -> bool:
    return _HEX.fullmatch(text) is not None and _SHORTEST <= len(text) <= _WHOLE

"""A table of findings as the request that imports it, and what is wrong with it as faults of the file.

What must not break: a case number goes no further than to the service that keeps the vault; what is sent to record
findings has the pseudonyms instead.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final
from uuid import UUID

from pydantic import ValidationError

from stickprov_client.documents.faults import BadFile, FileFault
from stickprov_client.documents.table_file import Table
from stickprov_contracts.http.case_numbers import FoundCase
from stickprov_contracts.http.findings import Purpose
from stickprov_contracts.http.imports import ImportedRow, ImportFindings
from stickprov_contracts.problems import FieldProblem

_CASE_NUMBERS: Final = frozenset({"case_number", "case number", "ärendenummer"})
_CASE: Final = "case"
_DRAW: Final = frozenset({"draw", "dragning", "urval"})


@dataclass(frozen=True)
class Wanted:
    """What a table is about: which control point's cases, of one draw or of all, for which purpose."""

    control_point: str
    draw: UUID | None = None
    purpose: Purpose = "review"


@dataclass(frozen=True)
class FindingsTable:
    """A table with pseudonyms where the file has case numbers.

    Attributes:
        table: to be sent.
        key: the file's own heading of the case numbers; "" where it has none.
        faults: of rows that were left out, because their number stands for no case.
    """

    table: Table
    key: str = ""
    faults: tuple[FileFault, ...] = ()

    def refused(self, problems: Iterable[FieldProblem] = ()) -> BadFile:
        """Return what was left out and what the service refused, in the order of the file."""
        faults = [*self.faults, *(self._fault(problem) for problem in problems)]
        return BadFile(self.table.name, sorted(faults, key=lambda fault: fault.number or 0))

    def _fault(self, problem: FieldProblem) -> FileFault:
        field = self.key if self.key and problem.field == _CASE else problem.field
        return FileFault(problem.message, problem.row, field, "row")


def request_of(table: Table, wanted: Wanted) -> ImportFindings:
    """Return the request that imports a table.

    Raises:
        BadFile: it has more than a request holds.
    """
    try:
        return ImportFindings(
            control_point=wanted.control_point,
            draw=wanted.draw,
            purpose=wanted.purpose,
            columns=list(table.columns),
            rows=[ImportedRow(row=number, cells=list(cells)) for number, cells in table.rows],
        )
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        raise BadFile(table.name, [FileFault(f"{place}: {first['msg']}.")]) from None


def case_numbers(table: Table) -> list[str]:
    """Return the case numbers of a table, each once; none where it says its cases otherwise."""
    place = _place(table)
    return list(dict.fromkeys(_cell(row, place) for _, row in table.rows if _cell(row, place)))


def with_cases(table: Table, found: Sequence[FoundCase], wanted: Wanted) -> FindingsTable:
    """Return a table with the cases that were found for its case numbers."""
    place = _place(table)
    if place is None:
        return FindingsTable(table)
    by_number: dict[str, list[FoundCase]] = {}
    for one in found:
        by_number.setdefault(one.unit_id, []).append(one)
    columns = [_CASE if at == place else name for at, name in enumerate(table.columns)]
    rows, faults = [], []
    for number, row in table.rows:
        meant = _meant(row, place, table, by_number, wanted)
        if isinstance(meant, str):
            rows.append((number, [meant if at == place else cell for at, cell in enumerate(row)]))
        else:
            faults.append(replace(meant, number=number))
    return FindingsTable(Table(table.name, columns, rows), table.columns[place], tuple(faults))


def _meant(
    row: Sequence[str], place: int, table: Table, by_number: Mapping[str, Sequence[FoundCase]], wanted: Wanted
) -> str | FileFault:
    """Return the case of a row as the service takes it, "" where the row has no case number."""
    number = _cell(row, place)
    if not number:
        return ""
    column = table.columns[place]
    draw_place = next((at for at, name in enumerate(table.columns) if name.strip().casefold() in _DRAW), None)
    draw = _cell(row, draw_place).casefold()
    found = [one for one in by_number.get(number, ()) if str(one.draw).startswith(draw)]
    if not found:
        message = f"No case with this number was drawn for {wanted.control_point}, or it is not yours to review."
        return FileFault(message, field=column, unit="row")
    if len({one.case for one in found}) > 1:
        message = f"The case was drawn {len(found)} times. Say in which draw, in a column draw."
        return FileFault(message, field=column, unit="row")
    # Drawn several times under one pseudonym: the service has more to tell them apart by.
    return f"{found[0].draw}/{wanted.control_point}/{found[0].case}" if len(found) == 1 else found[0].case


def _place(table: Table) -> int | None:
    return next((at for at, name in enumerate(table.columns) if name.strip().casefold() in _CASE_NUMBERS), None)


def _cell(row: Sequence[str], place: int | None) -> str:
    return row[place].strip() if place is not None and place < len(row) else ""

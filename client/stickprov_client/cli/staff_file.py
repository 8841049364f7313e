"""A staff list as a CSV file, every error with its row. No message repeats what a cell says: cells hold names."""

import csv
import io
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Final

from pydantic import ValidationError

from stickprov_client.cli.failure import BadInput
from stickprov_contracts.http.plans import ListedPerson, ListStaff
from stickprov_contracts.problems import FieldProblem

_COLUMNS: Final = tuple(ListedPerson.model_fields)
_NEEDED: Final = "sign_in"
_WORDS: Final = {
    "string_too_short": "this cell is empty",
    "literal_error": "write ordinary or protected, or leave the cell empty",
    "string_too_long": "this cell is too long",
}


@dataclass(frozen=True)
class StaffFile:
    """A staff list and the row (header is row 1) that each person stands in."""

    file: Path
    staff: ListStaff
    rows: list[int]

    def refused(self, problems: list[FieldProblem]) -> BadInput:
        """Return what the service refused, by row."""
        return BadInput("\n".join(self._fault(problem) for problem in problems))

    def _fault(self, problem: FieldProblem) -> str:
        _, _, rest = problem.field.partition(".")
        place, _, column = rest.partition(".")
        row = f", row {self.rows[int(place)]}" if place.isdigit() and int(place) < len(self.rows) else ""
        return f"{self.file}{row}, column {column or problem.field}: {problem.message}"


def read_staff(file: Path) -> StaffFile:
    """Read a staff list: UTF-8 or Windows-1252, with ``;`` ``,`` or tab, groups in a cell with ``|`` between.

    Raises:
        BadInput: every fault is named by its row and column.
    """
    rows = list(csv.reader(io.StringIO(_text(file), newline=""), delimiter=_delimiter(_text(file))))
    if not rows:
        raise BadInput(f"{file}: the file is empty. Row 1 names the columns: {', '.join(_COLUMNS)}.")
    header = [cell.strip().lower() for cell in rows[0]]
    _check_header(file, header)
    people, numbers, faults = [], [], []
    for number, cells in enumerate(rows[1:], start=2):
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) > len(header):
            faults.append(f"{file}, row {number}: there are {len(cells)} cells and {len(header)} columns.")
            continue
        try:
            people.append(_person(dict(zip(header, cells, strict=False))))
            numbers.append(number)
        except ValidationError as error:
            faults += [
                f"{file}, row {number}, column {one['loc'][0]}: {_WORDS.get(one['type'], 'this cannot be used')}."
                for one in error.errors()
            ]
    if faults:
        raise BadInput("\n".join(faults))
    if not people:
        raise BadInput(f"{file}: there is nobody below the header.")
    return StaffFile(file, ListStaff(staff=people), numbers)


def _check_header(file: Path, header: list[str]) -> None:
    faults = []
    for place, name in enumerate(header):
        if name in header[:place]:
            faults.append(f"{file}, row 1: column {name} stands twice.")
        elif name not in _COLUMNS:
            meant = get_close_matches(name, _COLUMNS, n=1)
            hint = f"Did you mean {meant[0]}?" if meant else f"There are {', '.join(_COLUMNS)}."
            faults.append(f"{file}, row 1: there is no column “{name}”. {hint}")
    if _NEEDED not in header:
        faults.append(f"{file}, row 1: the column {_NEEDED} is missing.")
    if faults:
        raise BadInput("\n".join(faults))


def _person(cells: dict[str, str]) -> ListedPerson:
    given: dict[str, object] = {name: cell.strip() for name, cell in cells.items() if cell.strip() or name == _NEEDED}
    if "groups" in given:
        given["groups"] = [group.strip() for group in str(given["groups"]).split("|") if group.strip()]
    return ListedPerson.model_validate(given)


def _text(file: Path) -> str:
    try:
        content = file.read_bytes()
    except OSError as error:
        raise BadInput(f"{file} cannot be read: {error.strerror}.") from None
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


def _delimiter(text: str) -> str:
    header = text.partition("\n")[0]
    return max(";,\t", key=header.count)

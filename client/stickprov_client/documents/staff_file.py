"""A staff list as a CSV file, every error with its row. No message repeats what a cell says: cells hold names."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Final

from pydantic import ValidationError

from stickprov_client.documents.faults import BadFile, FileFault
from stickprov_client.documents.yaml_document import content_of_file
from stickprov_contracts.http.plans import ListedPerson, ListStaff
from stickprov_contracts.problems import FieldProblem

_COLUMNS: Final = tuple(ListedPerson.model_fields)
_NEEDED: Final = "sign_in"
MOST_STAFF: Final = 20_000
"""As the sampler takes."""
_WORDS: Final = {
    "string_too_short": "this cell is empty",
    "literal_error": "write ordinary or protected, or leave the cell empty",
    "string_too_long": "this cell is too long",
}


@dataclass(frozen=True)
class StaffFile:
    """A staff list and the row (header is row 1) that each person stands in.

    Attributes:
        name: as messages call the file.
    """

    name: str
    staff: ListStaff
    rows: list[int]

    def refused(self, problems: list[FieldProblem]) -> BadFile:
        """Return what the service refused, by row."""
        return BadFile(self.name, [self._fault(problem) for problem in problems])

    def _fault(self, problem: FieldProblem) -> FileFault:
        _, _, rest = problem.field.partition(".")
        place, _, column = rest.partition(".")
        row = self.rows[int(place)] if place.isdigit() and int(place) < len(self.rows) else None
        return FileFault(problem.message, row, column or problem.field, "row")


def read_staff(file: Path) -> StaffFile:
    """Read a staff list. Raises as ``staff_in`` does, or when it cannot be read."""
    return staff_in(str(file), content_of_file(file))


def staff_in(name: str, content: bytes) -> StaffFile:
    """Read a staff list: UTF-8 or Windows-1252, with ``;`` ``,`` or tab, groups in a cell with ``|`` between.

    Raises:
        BadFile: every fault is named by its row and column.
    """
    text = _text(content)
    rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text)))
    if not rows:
        raise BadFile(name, [FileFault(f"the file is empty. Row 1 names the columns: {', '.join(_COLUMNS)}.")])
    header = [cell.strip().lower() for cell in rows[0]]
    if faults := list(_header_faults(header)):
        raise BadFile(name, faults)
    people, numbers = [], []
    for number, cells in enumerate(rows[1:], start=2):
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) > len(header):
            faults.append(FileFault(f"there are {len(cells)} cells and {len(header)} columns.", number, unit="row"))
            continue
        try:
            people.append(_person(dict(zip(header, cells, strict=False))))
            numbers.append(number)
        except ValidationError as error:
            faults += [
                FileFault(f"{_WORDS.get(one['type'], 'this cannot be used')}.", number, str(one["loc"][0]), "row")
                for one in error.errors()
            ]
    if len(people) > MOST_STAFF:
        faults = [FileFault(f"there are {len(people)} people; a list takes {MOST_STAFF} at most.")]
    if not faults and not people:
        faults = [FileFault("there is nobody below the header.")]
    if faults:
        raise BadFile(name, faults)
    return StaffFile(name, ListStaff(staff=people), numbers)


def _header_faults(header: list[str]) -> Iterator[FileFault]:
    for place, name in enumerate(header):
        if name in header[:place]:
            yield FileFault(f"column {name} stands twice.", 1, unit="row")
        elif name not in _COLUMNS:
            meant = get_close_matches(name, _COLUMNS, n=1)
            hint = f"Did you mean {meant[0]}?" if meant else f"There are {', '.join(_COLUMNS)}."
            yield FileFault(f"there is no column “{name}”. {hint}", 1, unit="row")
    if _NEEDED not in header:
        yield FileFault(f"the column {_NEEDED} is missing.", 1, unit="row")


def _person(cells: dict[str, str]) -> ListedPerson:
    given: dict[str, object] = {name: cell.strip() for name, cell in cells.items() if cell.strip() or name == _NEEDED}
    if "groups" in given:
        given["groups"] = [group.strip() for group in str(given["groups"]).split("|") if group.strip()]
    return ListedPerson.model_validate(given)


def _text(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


def _delimiter(text: str) -> str:
    header = text.partition("\n")[0]
    return max(";,\t", key=header.count)

"""A text file's delimiter and header, and the numbers of its empty rows."""

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import ClassVar, Final, Literal

from stickprov_contracts.problems import FieldProblem
from stickprov_kernel.errors import BadInputError
from stickprov_sampler.adapters.duck import SPACE
from stickprov_sampler.domain.frame.freezing import EmptyFrameError

Delimiter = Literal[";", ",", "\t"]

_BY_PREFERENCE: Final[tuple[Delimiter, ...]] = (";", "\t", ",")


class HeaderUnreadableError(BadInputError):
    """Row 1 is no list of column names."""

    code: ClassVar[str] = "header-unreadable"
    title: ClassVar[str] = "Row 1 cannot be read"


def detect_delimiter(path: Path) -> Delimiter:
    """Return the delimiter that stands most often outside quotes in row 1; ``;`` when none does."""
    with path.open(encoding="utf-8", newline="") as text:
        bare = "".join(text.readline().split('"')[::2])
    return max(_BY_PREFERENCE, key=bare.count)


def read_header(path: Path, delimiter: Delimiter) -> list[str]:
    """Return the column names of row 1, without the space around them.

    Raises:
        EmptyFrameError: the file has no row at all.
        HeaderUnreadableError: row 1 is not CSV.
    """
    with path.open(encoding="utf-8", newline="") as text:
        try:
            header = next(csv.reader(text, delimiter=delimiter, strict=True), None)
        except csv.Error as error:
            message = (
                f"Row 1 is not a list of column names ({error}). Give the delimiter, or export the register again."
            )
            problem = FieldProblem(field="file", code=HeaderUnreadableError.code, message=message, row=1)
            raise HeaderUnreadableError(message, errors=[problem]) from None
    if not header:
        raise EmptyFrameError("The file is empty, or its first row is. Row 1 must hold the column names.")
    return [name.strip(SPACE) for name in header]


def empty_rows(path: Path) -> list[int]:
    """Return the numbers of rows with nothing in them (the header is row 1); a quoted value may span lines."""
    return list(_empty_rows(path))


def _empty_rows(path: Path) -> Iterator[int]:
    row, quoted = 1, False
    with path.open(encoding="utf-8", newline="\n") as text:
        for line in text:
            if line == "\n" and not quoted:
                yield row
            quoted ^= line.count('"') % 2 == 1
            row += not quoted

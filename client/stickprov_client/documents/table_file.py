"""A table of text in a CSV or XLSX file, as the rows of it are numbered there.

CSV: UTF-8, UTF-16 with its mark, or Windows-1252; with ``;`` ``,`` tab or ``|``. XLSX: the first sheet that is not
hidden. A cell is a text: dates as 2021-03-31, numbers with a point, truth values as yes and no.
"""

import codecs
import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from stickprov_client.documents.faults import BadFile, FileFault
from stickprov_client.documents.sheet_reading import UnreadableSheetError, rows_in
from stickprov_client.documents.yaml_document import content_of_file
from stickprov_contracts.cells import unguarded

_ZIP: Final = b"PK\x03\x04"
_UTF16: Final = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_DELIMITERS: Final = ";,\t|"
_LARGEST_CELL: Final = 1_000_000
_MOST_COLUMNS: Final = 2000


@dataclass(frozen=True)
class Table:
    """A file's table.

    Attributes:
        name: as messages call the file.
        columns: cells of the first row.
        rows: those below that are not empty, each with its number in the file; the first row's is 1.
    """

    name: str
    columns: Sequence[str]
    rows: Sequence[tuple[int, Sequence[str]]]


def read_table(file: Path) -> Table:
    """Read a table. Raises as ``table_in`` does, or when it cannot be read."""
    return table_in(str(file), content_of_file(file))


def table_in(name: str, content: bytes) -> Table:
    """Read a file's table.

    Args:
        name: as messages call the file.
        content: its bytes.

    Raises:
        BadFile: it holds no table.
    """
    rows = list(_narrow(name, _sheet(name, content) if content.startswith(_ZIP) else _csv(name, content)))
    filled = [(number, row) for number, row in enumerate(rows, start=1) if any(row)]
    if not filled or filled[0][0] != 1:
        raise BadFile(name, [FileFault("row 1 is empty. It names the columns: case, the questions' ids, comment.")])
    if len(filled) == 1:
        raise BadFile(name, [FileFault("there is nothing below the header.")])
    return Table(name, filled[0][1], filled[1:])


def _narrow(name: str, rows: Iterator[list[str]]) -> Iterator[list[str]]:
    for row in rows:
        if len(row) > _MOST_COLUMNS and any(row[_MOST_COLUMNS:]):
            raise BadFile(name, [FileFault(f"it has more than {_MOST_COLUMNS} columns, which no such file needs.")])
        yield row[:_MOST_COLUMNS]


def _csv(name: str, content: bytes) -> Iterator[list[str]]:
    text = _text(content)
    # A first line alone would do for most files, but a heading in quotes may hold a line break.
    delimiter = max(_DELIMITERS, key=text.partition("\n")[0].count)
    csv.field_size_limit(_LARGEST_CELL)
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True):
            yield [unguarded(cell) for cell in row]
    except csv.Error as error:
        raise BadFile(name, [FileFault(f"this is no CSV ({error}). Is a quotation mark left open?")]) from None


def _text(content: bytes) -> str:
    if content[:2] in _UTF16:
        return content.decode("utf-16", errors="replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


def _sheet(name: str, content: bytes) -> Iterator[list[str]]:
    try:
        rows = rows_in(content)
    except UnreadableSheetError as error:
        raise BadFile(name, [FileFault(f"this spreadsheet cannot be read ({error}). Save it as XLSX again.")]) from None
    for row in rows:
        yield [unguarded(cell) for cell in row]

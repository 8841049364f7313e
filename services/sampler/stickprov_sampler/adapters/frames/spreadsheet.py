"""An XLSX sheet becomes CSV, in a process of its own: a sheet stands in memory whole, and a hostile one wants more.

What must not break: the service outlives every file. The process has bounds on memory and time, and what ends it
becomes a refusal. Text stays text; a number that is an id is refused when it has decimals, and else keeps its digits.
"""

import csv
import json
import resource
import subprocess
import sys
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import ClassVar, Final

from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from stickprov_contracts.problems import FieldProblem
from stickprov_kernel.errors import BadInputError

UNPACKED_BYTES: Final = 1_500_000_000
_SUSPICIOUS_BYTES: Final = 100_000_000
_DENSEST: Final = 300
"""Times its size that a large workbook may unpack to; sheets of real registers unpack to some twenty."""
_MOST_PARTS: Final = 5_000
_MEMORY_BYTES: Final = 4_000_000_000
_SECONDS: Final = 300
_EXACT: Final = 10**15
"""A spreadsheet keeps fifteen digits; a longer whole number has lost some."""

Cell = int | float | str | bool | time | date | datetime | timedelta


class SpreadsheetError(BadInputError):
    """The workbook or its sheet cannot be used."""

    code: ClassVar[str] = "spreadsheet-unreadable"
    title: ClassVar[str] = "The spreadsheet cannot be read"

    @classmethod
    def at(cls, option: str, message: str) -> "SpreadsheetError":
        """Return the error about an option, or about the file."""
        return cls(message, errors=[FieldProblem(field=option, code=cls.code, message=message)])


@dataclass(frozen=True, slots=True)
class Sheet:
    """What was read.

    Attributes:
        sheets: the names of the workbook's visible sheets. name: that of the one that was read.
        header: the column names.
        empty_rows: numbers of rows with nothing in them, the header being row ``header_row``.
    """

    sheets: list[str]
    name: str
    header: list[str]
    empty_rows: list[int]


def read_sheet(workbook: Path, target: Path, sheet: str | None, header_row: int, id_columns: Sequence[str]) -> Sheet:
    """Write a sheet's rows under its header as CSV (UTF-8, ``,``, everything quoted).

    Args:
        workbook: the file.
        target: where to.
        sheet: its name; the first visible one when None.
        header_row: the number of the row with the column names, from 1.
        id_columns: names of columns whose values are ids; "" stands for the first column.

    Raises:
        SpreadsheetError: names the sheet or row, and what to do.
    """
    _check_size(workbook)
    task = json.dumps([str(workbook), str(target), sheet, header_row, list(id_columns)])
    try:
        done = subprocess.run(  # noqa: S603 - our own interpreter and module
            [sys.executable, "-m", __name__], input=task, capture_output=True, text=True, timeout=_SECONDS, check=False
        )
    except subprocess.TimeoutExpired:
        raise SpreadsheetError.at("file", f"The workbook takes more than {_SECONDS} seconds. Save it as CSV.") from None
    if done.returncode != 0:
        raise SpreadsheetError.at("file", "The workbook is broken, or wants too much memory. Save it as CSV.")
    answer = json.loads(done.stdout)
    if "option" in answer:
        raise SpreadsheetError.at(answer["option"], answer["message"])
    return Sheet(**answer)


def _check_size(workbook: Path) -> None:
    try:
        with zipfile.ZipFile(workbook) as parts:
            listed = parts.infolist()
            unpacked = sum(part.file_size for part in listed)
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        raise SpreadsheetError.at("file", "The file is no whole XLSX workbook. Save it again, or as CSV.") from None
    if len(listed) > _MOST_PARTS:
        raise SpreadsheetError.at("file", f"The workbook has {len(listed):,} parts; no register does. Save it as CSV.")
    if unpacked > _SUSPICIOUS_BYTES and unpacked > workbook.stat().st_size * _DENSEST:
        raise SpreadsheetError.at(
            "file", f"The workbook unpacks to {unpacked:,} bytes, far more than its size. Save it as CSV."
        )
    if unpacked > UNPACKED_BYTES:
        raise SpreadsheetError.at(
            "file", f"The workbook unpacks to {unpacked:,} bytes; {UNPACKED_BYTES:,} are the most. Save it as CSV."
        )


def _main() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY_BYTES, _MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (_SECONDS, _SECONDS))
    workbook, target, sheet, header_row, id_columns = json.load(sys.stdin)
    try:
        answer = asdict(_convert(Path(workbook), Path(target), sheet, header_row, frozenset(id_columns)))
    except SpreadsheetError as error:
        answer = {"option": error.errors[0].field, "message": error.detail}
    except (CalamineError, OSError, ValueError) as error:
        answer = {"option": "file", "message": f"The workbook cannot be read ({error}). Save it again, or as CSV."}
    json.dump(answer, sys.stdout)


def _convert(workbook: Path, target: Path, wanted: str | None, header_row: int, id_columns: frozenset[str]) -> Sheet:
    book = CalamineWorkbook.from_path(str(workbook))
    sheets = [
        meta.name
        for meta in book.sheets_metadata
        if meta.typ == SheetTypeEnum.WorkSheet and meta.visible == SheetVisibleEnum.Visible
    ]
    listed = ", ".join(f"“{name}”" for name in sheets)
    if not sheets:
        raise SpreadsheetError.at("file", "The workbook has no visible sheet with cells.")
    if wanted is not None and wanted not in book.sheet_names:
        raise SpreadsheetError.at("sheet", f"The workbook has no sheet “{wanted}”. Its sheets are {listed}.")
    name = wanted or sheets[0]
    # calamine gives every row from row 1 on, also those above the first cell.
    rows = enumerate(book.get_sheet_by_name(name).iter_rows(), start=1)
    header = next((row for number, row in rows if number == header_row), None)
    names = [_text(value).strip() for value in header or []]
    while names and not names[-1]:
        names.pop()
    if not names:
        raise SpreadsheetError.at(
            "header_row",
            f"Row {header_row} of sheet “{name}” is empty. Say with header_row which row has the column names, "
            f"or with sheet which sheet is meant: {listed}.",
        )
    ids = frozenset(
        place for place, column in enumerate(names) if column in id_columns or (not place and "" in id_columns)
    )
    return Sheet(sheets, name, names, _write(rows, target, names, ids))


def _write(rows: Iterator[tuple[int, list[Cell]]], target: Path, header: list[str], ids: frozenset[int]) -> list[int]:
    width, empty, waiting = len(header), [], []
    with target.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file, quoting=csv.QUOTE_ALL, lineterminator="\n")
        out.writerow(header)
        for number, row in rows:
            texts = [_id_text(value) if place in ids else _text(value) for place, value in enumerate(row)]
            if not any(texts):
                waiting.append(number)
                continue
            if any(texts[width:]):
                raise SpreadsheetError.at(
                    "file", f"Row {number} has a value to the right of the header's {width} columns. Name its column."
                )
            empty += waiting
            waiting = []
            out.writerow((texts + [""] * width)[:width])
    return empty


def _id_text(value: Cell) -> str:
    if isinstance(value, float) and (not value.is_integer() or abs(value) >= _EXACT):
        return f"{value:E}"
    return _text(value)


def _text(value: Cell) -> str:  # noqa: PLR0911 - one return for each kind of cell
    match value:
        case str():
            return value.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")
        case bool():
            return "true" if value else "false"
        case float():
            return str(int(value)) if value.is_integer() and abs(value) < _EXACT else repr(value)
        case datetime():
            return value.date().isoformat() if value.time() == time() else value.isoformat(sep=" ", timespec="seconds")
        case timedelta():
            return str(value)
        case int():
            return str(value)
        case _:
            return value.isoformat()


if __name__ == "__main__":
    _main()

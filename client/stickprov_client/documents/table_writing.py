"""Writes a table as CSV or XLSX that a spreadsheet opens without running anything in it.

What must not break: no text of ours is a formula to a spreadsheet. In CSV, a text that begins like one has a quote
before it; in XLSX every text is a text.
"""

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import Final, TypeAlias

import xlsxwriter

from stickprov_contracts.cells import as_text_cell, guarded

Cell: TypeAlias = str | int | Decimal | date | None

_LONGEST: Final = 32_767
"""Characters that a cell of XLSX holds."""


def as_csv(columns: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """Return a CSV file as Swedish spreadsheets open it: UTF-8 with its mark, ``;`` between, decimal comma."""
    target = io.StringIO(newline="")
    writer = csv.writer(target, delimiter=";")
    writer.writerow([guarded(column) for column in columns])
    writer.writerows([_plain(cell) for cell in row] for row in rows)
    return target.getvalue().encode("utf-8-sig")


def as_xlsx(columns: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """Return an XLSX file with one sheet: texts as texts, numbers as numbers, dates as dates."""
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True, "default_date_format": "yyyy-mm-dd"}) as book:
        sheet = book.add_worksheet()
        sheet.freeze_panes(1, 0)
        bold = book.add_format({"bold": True})
        for place, column in enumerate(columns):
            sheet.write_string(0, place, as_text_cell(column)[:_LONGEST], bold)
        for number, row in enumerate(rows, start=1):
            for place, cell in enumerate(row):
                match cell:
                    case None:
                        continue
                    case date():
                        sheet.write_datetime(number, place, cell)
                    case int() | Decimal():
                        sheet.write_number(number, place, float(cell))
                    case str():
                        sheet.write_string(number, place, as_text_cell(cell)[:_LONGEST])
    return target.getvalue()


def _plain(cell: Cell) -> str:
    match cell:
        case None:
            return ""
        case date():
            return cell.isoformat()
        case int() | Decimal():
            return str(cell).replace(".", ",")
        case _:
            return guarded(cell)

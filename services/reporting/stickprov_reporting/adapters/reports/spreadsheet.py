"""A report as XLSX: the document on its first sheet, every table on one of its own.

What must not break: texts, identifiers among them, are texts and numbers are numbers; there is no formula.
"""

import io
import re
from typing import Any, Final, TypeAlias

import xlsxwriter

from stickprov_contracts.http.reports import Cell, Chart, Fields, Heading, Paragraph, Table
from stickprov_reporting.adapters.reports.layout import number_columns, widths
from stickprov_reporting.adapters.reports.pdf import chart_image
from stickprov_reporting.domain.reports.printing import Printed
from stickprov_reporting.domain.reports.writing import Writer

_Part: TypeAlias = Any
"""A part of the workbook; the library has no types."""
_Look: TypeAlias = Any
"""A property of a format: a word, a number or a switch."""

_LONGEST: Final = 32_767
"""Characters that a cell holds."""
_SHEET_NAME: Final = 31
_FORMATS: Final = {"count": "#,##0", "share": "0.0%", "decimal": "#,##0.0#"}
_INK: Final = "#1A2733"
_QUIET: Final = "#4A5863"
_SHADE: Final = "#EEF2F5"
_PIXELS_WIDE: Final = 640
_COLUMN_LETTERS: Final = 24
_LINE: Final = 15
"""Points that a line of text takes."""


def as_xlsx(printed: Printed) -> bytes:
    """Return the workbook."""
    target = io.BytesIO()
    safe = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(target, safe) as book:
        report = printed.report
        book.set_properties(
            {
                "title": report.title,
                "subject": report.subtitle,
                "author": report.organisation,
                "created": report.stamp.made,
            }
        )
        _Workbook(book, printed).write()
    return target.getvalue()


class _Workbook:
    """Writes one workbook."""

    def __init__(self, book: _Part, printed: Printed) -> None:
        self._book = book
        self._printed = printed
        self._names: set[str] = set()
        self._made: dict[tuple[tuple[str, Any], ...], Any] = {}

    def write(self) -> None:
        report = self._printed.report
        sheet = self._sheet(report.title)
        sheet.set_column(0, 0, 38)
        sheet.set_column(1, 1, 92)
        sheet.hide_gridlines(2)
        self._text(sheet, 0, 0, report.title, bold=True, font_size=18)
        self._text(sheet, 1, 0, report.subtitle, font_color=_QUIET, font_size=12)
        head = " · ".join(part for part in (self._printed.organisation, self._printed.registration) if part)
        self._text(sheet, 2, 0, head, font_color=_QUIET)
        row, section = 4, ""
        for block in self._printed.blocks:
            match block:
                case Heading(level=level, text=text):
                    section = text
                    self._text(sheet, row + 1, 0, text, bold=True, font_size=14 if level == 1 else 12)
                    row += 2
                case Paragraph(text=text):
                    sheet.merge_range(row, 0, row, 1, "", self._format(text_wrap=True, valign="top"))
                    self._text(sheet, row, 0, text, text_wrap=True, valign="top", font_color=_QUIET)
                    sheet.set_row(row, 15 * (1 + len(text) // 125))
                    row += 1
                case Fields(fields=fields):
                    for field in fields:
                        value = "\n".join(line.text for line in field.lines)
                        edge = {"top": 1, "top_color": "#C3CCD3", "valign": "top", "text_wrap": True}
                        self._text(sheet, row, 0, field.label, bold=True, **edge)
                        self._text(sheet, row, 1, value, **edge)
                        lines = sum(1 + len(line.text) // 95 for line in field.lines)
                        sheet.set_row(row, max(18, 15 * max(lines, 1 + len(field.label) // 38) + 4))
                        row += 1
                case Table() as table:
                    name = self._table(table, section, None)
                    self._text(sheet, row, 0, self._where(table.caption, name), font_color=_QUIET, italic=True)
                    row += 1
                case Chart() as chart:
                    name = self._table(chart.table, section, chart)
                    self._text(sheet, row, 0, self._where(chart.title, name), font_color=_QUIET, italic=True)
                    row += 1
        self._paper(sheet)

    def _table(self, table: Table, section: str, chart: Chart | None) -> str:
        """Write a table, with its chart below, on a sheet of its own; return the sheet's name."""
        sheet = self._sheet(section or table.caption)
        numbers = number_columns(table)
        self._text(sheet, 0, 0, table.caption, bold=True, font_size=12)
        columns = _widths(table)
        for column, (head, width) in enumerate(zip(table.head, columns, strict=True)):
            sheet.set_column(column, column, width)
            align = {"align": "right"} if column in numbers else {"align": "left", "indent": 1 if column else 0}
            edges = {"top": 2, "bottom": 1, "text_wrap": True, "valign": "bottom"}
            self._text(sheet, 2, column, head, bold=True, **align, **edges)
        row = 3
        for place, cells in enumerate(table.rows):
            if place in table.groups:
                for column in range(len(table.head)):
                    self._text(
                        sheet, row, column, table.groups[place] if column == 0 else "", bold=True, bg_color=_SHADE
                    )
                row += 1
            for column, cell in enumerate(cells):
                self._cell(sheet, row, column, cell, bold=place in table.totals, right=column in numbers)
            lines = max((_lines(cell.text, width) for cell, width in zip(cells, columns, strict=True)), default=1)
            sheet.set_row(row, _LINE * lines + 3)
            row += 1
        sheet.freeze_panes(3, 0)
        sheet.repeat_rows(2)
        if chart is not None:
            self._picture(sheet, row + 1, chart)
        self._paper(sheet, wide=len(table.head) > 6)  # noqa: PLR2004 - more does not fit upright
        return str(sheet.get_name())

    def _where(self, caption: str, sheet: str) -> str:
        """Say on which sheet a table stands."""
        say = Writer(self._printed.report.language).say
        return say(f"{caption}: se bladet ”{sheet}”", f"{caption}: see the sheet “{sheet}”")

    def _cell(self, sheet: _Part, row: int, column: int, cell: Cell, *, bold: bool, right: bool) -> None:
        look: dict[str, Any] = {"bottom": 1, "bottom_color": "#C3CCD3", "valign": "top"}
        if bold:
            look["bold"] = True
        if cell.number is None:
            aligned = {"align": "right"} if right else {"align": "left", "indent": 1 if column else 0}
            self._text(sheet, row, column, cell.text, text_wrap=True, **aligned, **look)
        else:
            kind = self._format(num_format=_FORMATS[cell.unit or "decimal"], **look)
            sheet.write_number(row, column, cell.number, kind)

    def _picture(self, sheet: _Part, row: int, chart: Chart) -> None:
        image = io.BytesIO(chart_image(chart.svg, dots_per_inch=192))
        scale = _PIXELS_WIDE / (644 * 192 / 72)
        options = {"image_data": image, "description": chart.description, "x_scale": scale, "y_scale": scale}
        sheet.insert_image(row, 0, "chart.png", options)

    def _sheet(self, wanted: str) -> _Part:
        """Add a sheet named as wanted, as far as names of sheets go, and unlike the others."""
        plain = re.sub(r"[\[\]:*?/\\']", " ", wanted)[:_SHEET_NAME].strip() or "Stickprov"
        name, number = plain, 1
        while name.casefold() in self._names:
            number += 1
            ending = f" {number}"
            name = plain[: _SHEET_NAME - len(ending)] + ending
        self._names.add(name.casefold())
        return self._book.add_worksheet(name)

    def _text(self, sheet: _Part, row: int, column: int, text: str, **look: _Look) -> None:
        sheet.write_string(row, column, text[:_LONGEST], self._format(**look))

    def _format(self, **look: _Look) -> _Part:
        key = tuple(sorted(look.items()))
        if key not in self._made:
            self._made[key] = self._book.add_format({"font_color": _INK, **look})
        return self._made[key]

    def _paper(self, sheet: _Part, *, wide: bool = False) -> None:
        sheet.set_paper(9)
        if wide:
            sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        foot = self._printed.foot.replace("&", "&&")
        sheet.set_footer(f"&L&8{foot}&R&8{self._printed.page} &P {self._printed.of} &N")


def _widths(table: Table) -> list[float]:
    """Return the columns' widths in letters; those that are told in proportion share the sheet."""
    if table.widths:
        sheet = _COLUMN_LETTERS * len(table.widths)
        return [max(11.0, sheet * width / sum(table.widths)) for width in table.widths]
    return [max(11.0, min(60.0, width * 1.15 + 2)) for width in widths(table)]


def _lines(text: str, width: float) -> int:
    """Return how many lines a text takes in a column; a spreadsheet reader does not always settle that itself."""
    return sum(1 + int(len(line) / (0.9 * width)) for line in text.split("\n"))

"""A report as CSV, as Swedish spreadsheets open it: UTF-8 with its mark, ``;`` between, a decimal comma.

What must not break: no text is a formula to a spreadsheet; one that begins like one has a quote before it.
"""

import csv
import io
from collections.abc import Iterator
from decimal import Decimal

from stickprov_contracts.cells import guarded
from stickprov_contracts.http.reports import Block, Cell, Chart, Fields, Heading, Paragraph, Table
from stickprov_reporting.domain.reports.printing import Printed


def as_csv(printed: Printed) -> bytes:
    """Return the file: block after block, an empty line between; the decimal sign is that of the report's language."""
    report = printed.report
    target = io.StringIO(newline="")
    writer = csv.writer(target, delimiter=";", lineterminator="\r\n")
    comma = report.language == "sv"
    writer.writerows(_texts([report.title], [report.subtitle], [report.organisation], [printed.registration]))
    for block in printed.blocks:
        writer.writerow([])
        writer.writerows(_rows(block, comma=comma))
    return target.getvalue().encode("utf-8-sig")


def _rows(block: Block, *, comma: bool) -> Iterator[list[str]]:
    match block:
        case Heading(text=text) | Paragraph(text=text):
            yield from _texts([text])
        case Fields(fields=fields):
            yield from _texts(*([field.label, " ".join(line.text for line in field.lines)] for field in fields))
        case Table() as table:
            yield from _table(table, comma=comma)
        case Chart(table=table):
            yield from _table(table, comma=comma)


def _table(table: Table, *, comma: bool) -> Iterator[list[str]]:
    yield from _texts([table.caption], table.head)
    for place, row in enumerate(table.rows):
        if place in table.groups:
            yield from _texts([table.groups[place]])
        yield [_cell(cell, comma=comma) for cell in row]


def _texts(*lines: list[str]) -> Iterator[list[str]]:
    return ([guarded(text) for text in line] for line in lines)


def _cell(cell: Cell, *, comma: bool) -> str:
    if cell.number is None:
        return guarded(cell.text)
    bare = format(Decimal(repr(cell.number)).normalize(), "f")
    return bare.replace(".", ",") if comma else bare

"""A report as PDF: tagged, archivable (PDF/A-2a) and accessible (PDF/UA-1), with fonts of the wheel alone.

A report with a sign that those fonts lack is tagged and accessible as far as that goes, and claims no standard.

What must not break: no network, no system font, no file outside memory; the same report gives the same pages.
"""

import json
from collections.abc import Callable, Sequence
from importlib.resources import files
from typing import Any, Final, cast

import typst

from stickprov_contracts.http.reports import Block, Heading, Table
from stickprov_reporting.adapters.reports.layout import number_columns, part_of_page, widths
from stickprov_reporting.domain.reports.printing import Printed

_compile: Final = cast("Callable[..., object]", typst.compile)
"""Its published types know no files in memory."""

_STANDARDS: Final = ["a-2a", "ua-1"]
_TEMPLATE: Final = files(__package__).joinpath("templates", "report.typ")


def as_pdf(printed: Printed) -> bytes:
    """Return the PDF."""
    document = json.dumps(_document(printed), ensure_ascii=False).encode()
    sources = {"main": _TEMPLATE.read_bytes(), "report.json": document}
    made = {"format": "pdf", "ignore_system_fonts": True, "timestamp": int(printed.report.stamp.made.timestamp())}
    try:
        return _one(_compile(sources, pdf_standards=_STANDARDS, **made))
    except typst.TypstError:
        # A free text may hold a sign that the wheel's fonts lack, an emoji say; the standards forbid that, a reader
        # is served by the report all the same.
        return _one(_compile(sources, **made))


def chart_image(svg: str, *, dots_per_inch: int = 220) -> bytes:
    """Return a chart as PNG, for formats that cannot hold SVG."""
    page = b'#set page(width: auto, height: auto, margin: 2pt, fill: white)\n#image("chart.svg")'
    made = _compile(
        {"main": page, "chart.svg": svg.encode()}, format="png", ppi=dots_per_inch, ignore_system_fonts=True
    )
    return _one(made)


def _document(printed: Printed) -> dict[str, Any]:
    report = printed.report
    return {
        "language": report.language,
        "title": report.title,
        "subtitle": report.subtitle,
        "organisation": printed.organisation,
        "registration": printed.registration,
        "foot": printed.foot,
        "page": printed.page,
        "of": printed.of,
        "wide": printed.wide,
        "blocks": [_with_layout(block.model_dump(mode="json"), block) for block in _outlined(report.blocks)],
        "closing": [_with_layout(block.model_dump(mode="json"), block) for block in printed.closing],
    }


def _outlined(blocks: Sequence[Block]) -> list[Block]:
    """Return the blocks with headings that leave no level out, as PDF/UA wants it."""
    found: list[Block] = []
    level = 0
    for block in blocks:
        if isinstance(block, Heading):
            level = min(block.level, level + 1)
            found.append(block.model_copy(update={"level": level}))
        else:
            found.append(block)
    return found


def _with_layout(dumped: dict[str, Any], block: object) -> dict[str, Any]:
    """Add what the template cannot settle itself: columns of numbers, and widths."""
    if isinstance(block, Table):
        return {**dumped, **_layout(block)}
    if dumped["kind"] == "chart":
        dumped["table"] |= _layout(Table.model_validate(dumped["table"]))
    return dumped


def _layout(table: Table) -> dict[str, Any]:
    return {"numbers": sorted(number_columns(table)), "columns": widths(table), "part": part_of_page(table)}


def _one(made: object) -> bytes:
    if not isinstance(made, bytes):
        raise TypeError("typst gave no single document")
    return made

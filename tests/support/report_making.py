"""Reports made of events in memory, as the service makes them of its log copies."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, date, datetime

from stickprov_contracts.events import Event
from stickprov_contracts.http.reports import (
    Block,
    Fields,
    Report,
    ReportFormat,
    ReportKind,
    ReportLanguage,
    Stamp,
    Table,
)
from stickprov_contracts.http.statistics import AsOf
from stickprov_reporting.adapters.folded import FoldedReading
from stickprov_reporting.adapters.reports.making import gather
from stickprov_reporting.domain.projection.fold import Folded
from stickprov_reporting.domain.reports.drafting import draft_of
from stickprov_reporting.domain.reports.material import Words
from stickprov_reporting.domain.reports.request import Wanted
from stickprov_reporting.domain.reports.writing import Writer
from stickprov_reporting.domain.statistics.statistic import DateRange
from support.report_texts import Notes
from support.reporting import incoming

AS_OF = {"sampler": AsOf(position=519, chain_hash="ab" * 32), "findings": AsOf(position=509, chain_hash="cd" * 32)}
ON = date(2022, 6, 1)


def wanted(
    kind: ReportKind = "standard-form",
    points: Sequence[str] = (),
    *,
    start: date = date(2021, 1, 1),
    end: date = date(2021, 4, 1),
    language: ReportLanguage = "sv",
    plan: str | None = None,
    year: int | None = None,
) -> Wanted:
    dates = DateRange(start, end) if kind == "standard-form" else None
    return Wanted(kind, language, ON, points, plan, year, dates)


def made(events: Sequence[Event], asked: Wanted, notes: Notes | None = None, *, ending: ReportFormat = "pdf") -> Report:
    """Return the report that the service would make when it has heard these events."""
    folded = Folded()
    folded.apply(incoming(events))
    gathered = asyncio.run(gather(FoldedReading(folded, AS_OF), asked))
    words = Words((notes or Notes()).texts(), Writer(asked.language))
    draft = draft_of(asked, gathered, words)
    stamp = Stamp(
        as_of=AS_OF,
        roots={"sampler": "12" * 32, "findings": "34" * 32},
        made=datetime(2022, 6, 1, 8, 30, tzinfo=UTC),
        request=asked.address(ending, AS_OF),
        release="0.1.0",
        erased=len(words.erased),
        altered=len(words.altered),
    )
    return Report(
        report=asked.kind,
        language=asked.language,
        title=draft.title,
        subtitle=draft.subtitle,
        organisation=draft.organisation,
        registration=draft.registration,
        blocks=list(draft.blocks),
        stamp=stamp,
    )


def form_of(report: Report) -> dict[str, str]:
    """Return the form's fields, each as one text."""
    fields = next(block for block in report.blocks if isinstance(block, Fields))
    return {field.label: "\n".join(line.text for line in field.lines) for field in fields.fields}


def tables_of(report: Report) -> dict[str, list[list[str]]]:
    """Return every table's rows of text by its caption, those of charts too."""
    return {table.caption: [[cell.text for cell in row] for row in table.rows] for table in _tables(report.blocks)}


def _tables(blocks: Sequence[Block]) -> list[Table]:
    return [block if isinstance(block, Table) else block.table for block in blocks if block.kind in {"table", "chart"}]

"""How far the reviewing has come: loads of reviewers, and counts by control point, unit, reviewer and period."""

from datetime import date
from typing import Final

import asyncpg

from stickprov_contracts.http.findings import Progress, ProgressRow, Purpose, Reviewer
from stickprov_findings.adapters.sql.planning import fetch_planned
from stickprov_findings.adapters.sql.queue import Selection
from stickprov_kernel.database.queries import load_queries

SQL: Final = load_queries(__package__, "progress.sql")

_KINDS: Final = {0b0111: "control_points", 0b1011: "units", 0b1101: "reviewers", 0b1110: "periods"}
"""What PostgreSQL's ``grouping`` answers: a bit for each column that a row is not grouped by."""


class ProgressReader:
    """Reads progress from the findings database."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool

    async def reviewers(self) -> list[Reviewer]:
        """Return everybody on the staff list with their loads, by unit."""
        rows = await fetch_planned(self._pool, SQL["loads"])
        return [Reviewer.model_validate(dict(row)) for row in rows]

    async def progress(self, selection: Selection, purpose: Purpose, overdue_on: date) -> Progress:
        """Return counts of a selection.

        Args:
            selection: by control point, draw and period; the rest of it is not looked at.
            purpose: whose reviews are counted.
            overdue_on: what is not done, of a period that had ended by this day, is overdue.
        """
        rows = await fetch_planned(
            self._pool,
            SQL["progress"],
            selection.control_point,
            selection.draw,
            selection.period,
            purpose,
            overdue_on,
            *selection.within,
        )
        parts: dict[str, list[ProgressRow]] = {name: [] for name in _KINDS.values()}
        for row in rows[1:]:
            parts[_KINDS[row["kind"]]].append(_counts(row))
        return Progress(total=_counts(rows[0]), **parts)


def _counts(row: asyncpg.Record) -> ProgressRow:
    return ProgressRow.model_validate({name: row[name] for name in ProgressRow.model_fields})

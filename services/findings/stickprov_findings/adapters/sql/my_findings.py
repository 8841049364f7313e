"""What a reviewer has found, read off the event log."""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

import asyncpg

from stickprov_contracts.http.findings import Purpose
from stickprov_contracts.http.imports import MyFinding, MyFindings
from stickprov_findings.adapters.protections import Protections
from stickprov_kernel.database.queries import load_queries

_SQL: Final = load_queries(__package__, "imports.sql")


@dataclass(frozen=True, slots=True)
class Mine:
    """Which reviews: whose newest outcome or mark is the reviewer's; the rest None for all.

    Attributes:
        cleared: whether the reviewer is cleared for protected identities.
    """

    reviewer: str
    control_point: str | None
    draw: UUID | None
    purpose: Purpose | None
    cleared: bool


@dataclass(frozen=True, slots=True)
class MyFindingsReader:
    """Reads from the findings database."""

    pool: asyncpg.Pool
    protections: Protections

    async def page(self, mine: Mine, limit: int, offset: int, *, export: bool) -> MyFindings:
        """Return how many reviews the reviewer ended last, and one page of them.

        Args:
            mine: which reviews.
            limit: most on the page.
            offset: those before it.
            export: whether protected cases are left out of what a cleared reviewer is told, too, and counted.

        Raises:
            ProtectionsUnknownError: which ones they may be told of cannot be said now.
        """

        async def read(hidden: list[str]) -> tuple[list[asyncpg.Record], int | None]:
            rows = await self.pool.fetch(
                _SQL["my_findings"],
                *(mine.reviewer, mine.control_point, mine.draw, mine.purpose, limit, offset, hidden),
            )
            return rows, rows[0]["heard"]

        rows = await self.protections.judged(read, cleared=mine.cleared and not export)
        items = [
            MyFinding(
                purpose=row["purpose"],
                draw=row["draw"],
                control_point=row["control_point"],
                case=row["case_id"],
                status=row["status"],
                version=row["version"],
            )
            for row in rows
            if row["case_id"] is not None
        ]
        # Somebody who is not cleared is not told that there was anything to leave out.
        left_out = rows[0]["left_out"] if mine.cleared else 0
        return MyFindings(total=rows[0]["total"], items=items, left_out=left_out)

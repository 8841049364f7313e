"""What a reviewer has found, read off the event log."""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

import asyncpg

from stickprov_contracts.http.findings import Purpose
from stickprov_contracts.http.imports import MyFinding, MyFindings
from stickprov_kernel.database.queries import load_queries

_SQL: Final = load_queries(__package__, "imports.sql")


@dataclass(frozen=True, slots=True)
class MyFindingsReader:
    """Reads from the findings database."""

    pool: asyncpg.Pool

    async def page(
        self,
        reviewer: str,
        control_point: str | None,
        draw: UUID | None,
        purpose: Purpose | None,
        limit: int,
        offset: int,
    ) -> MyFindings:
        """Return how many reviews the reviewer ended last, and one page of them."""
        rows = await self.pool.fetch(_SQL["my_findings"], reviewer, control_point, draw, purpose, limit, offset)
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
        return MyFindings(total=rows[0]["total"], items=items)

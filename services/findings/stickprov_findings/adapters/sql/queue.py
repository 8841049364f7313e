"""The queue: drawn cases with their status, which is read off the event log and stored nowhere else."""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

import asyncpg

from stickprov_contracts.events import type_name
from stickprov_contracts.events.findings import FindingCorrected, FindingRecorded
from stickprov_contracts.http.findings import Queue, QueueItem, Status
from stickprov_findings.adapters.sql.statements import SQL

_REVIEWED_AFTER: Final = [type_name(FindingRecorded), type_name(FindingCorrected)]


@dataclass(frozen=True, slots=True)
class Selection:
    """Which drawn cases.

    Attributes:
        control_point, draw: None for all.
        handler: only the cases of this handler; None for everybody's.
        unassigned_too: with a handler, whether cases without one belong to the selection.
    """

    control_point: str | None = None
    draw: UUID | None = None
    handler: str | None = None
    unassigned_too: bool = True


class CaseQueue:
    """Reads the queue from the findings database. Order: period, month, stratum, order of the draw."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool

    async def page(self, selection: Selection, status: Status | None, limit: int, offset: int) -> Queue:
        """Return the selection's counts, and one page of its cases with a status (None: with any)."""
        rows = await self._pool.fetch(
            SQL["queue"],
            selection.control_point,
            selection.draw,
            selection.handler,
            selection.unassigned_too,
            _REVIEWED_AFTER,
            status,
            limit,
            offset,
        )
        counts = rows[0]
        items = [_item(row) for row in rows if row["case_id"] is not None]
        waiting = counts["total"] - counts["reviewed"]
        return Queue(total=counts["total"], waiting=waiting, reviewed=counts["reviewed"], items=items)

    async def next_for(self, reviewer: str, control_point: str | None, draw: UUID | None) -> QueueItem | None:
        """Return the first waiting case that is the reviewer's or nobody's, None when there is none."""
        row = await self._pool.fetchrow(SQL["next"], control_point, draw, reviewer, _REVIEWED_AFTER)
        return None if row is None else _item(row)


def _item(row: asyncpg.Record) -> QueueItem:
    return QueueItem(
        draw=row["draw"],
        control_point=row["control_point"],
        case=row["case_id"],
        month=row["month"],
        stratum=row["stratum"],
        order=row["draw_order"],
        handler=row["handler"],
        status=row["status"],
        version=row["version"],
    )

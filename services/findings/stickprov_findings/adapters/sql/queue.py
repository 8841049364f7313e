"""The queue: what there is to review with its status, which is read off the event log and stored nowhere else."""

from dataclasses import dataclass
from datetime import date
from typing import Final, Literal, TypeAlias
from uuid import UUID

import asyncpg

from stickprov_contracts.http.findings import Purpose, Queue, QueueItem, Status
from stickprov_findings.adapters.protections import Protections
from stickprov_findings.adapters.sql.planning import fetch_planned
from stickprov_kernel.database.queries import load_queries

SQL: Final = load_queries(__package__, "queue.sql")

Standing: TypeAlias = Status | Literal["closed"]
"""How a task stands; ``closed``: it was still to be done when its period was closed."""


@dataclass(frozen=True, slots=True)
class Selection:
    """Which reviews.

    Attributes:
        control_point, draw, purpose, unit: None for all.
        whose: only what this reviewer is to do: what they were given, and under the handlers' own rule their cases.
        visible_to: only what this reviewer may take; None for everything.
        period: its label. within: first day, and first day after, of a span that the period lies in.
        case: the beginning of its id.
    """

    control_point: str | None = None
    draw: UUID | None = None
    purpose: Purpose | None = None
    unit: str | None = None
    whose: str | None = None
    visible_to: str | None = None
    period: str | None = None
    within: tuple[date | None, date | None] = (None, None)
    case: str | None = None


class CaseQueue:
    """Reads the queue from the findings database. Order: period, month, stratum, order of the draw."""

    def __init__(self, pool: asyncpg.Pool, protections: Protections) -> None:
        self._pool = pool
        self._protections = protections

    async def page(
        self,
        selection: Selection,
        caller: str,
        status: Standing | None,
        limit: int,
        offset: int,
        *,
        newest_first: bool = False,
        cleared: bool,
    ) -> Queue:
        """Return the selection's counts, and one page of its reviews.

        Args:
            selection: which reviews are counted.
            caller: who asks; their drafts are told.
            status: of those on the page; None for any.
            limit: most on the page.
            offset: those before it.
            newest_first: whether the latest period comes first.
            cleared: whether cases with a protected identity are there like any other; else they are left out.

        Raises:
            ProtectionsUnknownError: which ones are to be left out cannot be told now.
        """

        async def read(hidden: list[str]) -> tuple[list[asyncpg.Record], int | None]:
            rows = await fetch_planned(
                self._pool,
                SQL["queue"],
                selection.control_point,
                selection.draw,
                selection.purpose,
                selection.unit,
                selection.whose,
                selection.visible_to,
                caller,
                status,
                limit,
                offset,
                selection.period,
                *selection.within,
                selection.case,
                newest_first,
                hidden,
            )
            return rows, rows[0]["heard"]

        rows = await self._protections.judged(read, cleared=cleared)
        counts = rows[0]
        return Queue(
            total=counts["total"],
            waiting=counts["waiting"],
            reviewed=counts["reviewed"],
            over_coverage=counts["over_coverage"],
            non_response=counts["non_response"],
            closed=counts["closed_in_all"],
            items=[_item(row) for row in rows if row["case_id"] is not None],
        )

    async def next_for(
        self,
        reviewer: str,
        control_point: str | None,
        draw: UUID | None,
        purpose: Purpose | None = None,
        *,
        other_than: str | None = None,
        cleared: bool,
    ) -> QueueItem | None:
        """Return the next review to do, None when there is none.

        That is one which the reviewer has begun; else one that they were given; else a case that nobody was given or
        has begun, and that the control point's rule lets them take. ``other_than`` is the stream of a review that it
        is not to be. Protected identities are for those who are ``cleared``.

        Raises:
            ProtectionsUnknownError: whose identity is protected cannot be told now.
        """

        async def read(hidden: list[str]) -> tuple[asyncpg.Record | None, int | None]:
            row = await self._pool.fetchrow(
                SQL["next_given"], control_point, draw, purpose, reviewer, other_than, hidden
            )
            if row is None and purpose in {None, "review"}:
                rows = await fetch_planned(
                    self._pool, SQL["next_by_rule"], control_point, draw, reviewer, other_than, hidden
                )
                row = rows[0] if rows else None
            return row, row["heard"] if row else None

        row = await self._protections.judged(read, cleared=cleared)
        return None if row is None else _item(row)


def _item(row: asyncpg.Record) -> QueueItem:
    return QueueItem(
        purpose=row["purpose"],
        draw=row["draw"],
        control_point=row["control_point"],
        case=row["case_id"],
        month=row["month"],
        stratum=row["stratum"],
        order=row["draw_order"],
        unit=row["unit"],
        handler=row["handler"],
        reviewer=row["given_to"],
        status=row["status"],
        has_draft=row["has_draft"],
        subunits=row["subunits"],
        version=row["version"],
        closed=row["closed"],
        erased=row["erased"],
    )

"""Who has been given what: read to give more, written with the events that say so."""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

import asyncpg

from stickprov_contracts.events.findings import CaseAssigned
from stickprov_contracts.http.findings import Purpose
from stickprov_findings.adapters.protections import Protections
from stickprov_findings.adapters.sql.planning import fetch_planned
from stickprov_findings.domain.assignment.giving import Point
from stickprov_findings.domain.assignment.standing import Standing
from stickprov_kernel.database.queries import load_queries
from stickprov_kernel.log.records import SideStatement

SQL: Final = load_queries(__package__, "assignments.sql")


class AssignedCases:
    """Reads how cases stand from the findings database."""

    def __init__(self, pool: asyncpg.Pool, protections: Protections) -> None:
        self._pool = pool
        self._protections = protections

    async def point(self, control_point: str) -> Point | None:
        """Return what a control point says about who reviews; None when it has not been heard of."""
        row = await self._pool.fetchrow(SQL["point"], control_point)
        return None if row is None else Point(row["reviewer_rule"], row["reviewer_group"], row["second_review_share"])

    async def standings(
        self, draw: UUID, control_point: str, purpose: Purpose, case: str | None = None
    ) -> list[Standing]:
        """Return the cases of a draw for a control point, or one of them, by pseudonym.

        Raises:
            ProtectionsUnknownError: which of them may be given to whom cannot be told now.
        """
        rows = await fetch_planned(self._pool, SQL["assignable"], control_point, draw, purpose, case)
        protected = await self._protections.cases(rows[0]["heard"]) if rows else frozenset()
        return [_standing(row, protected=row["case_id"] in protected) for row in rows]

    async def rebuild(self) -> None:
        """Write the table anew from the log; what is right stays as it is."""
        await self._pool.execute(SQL["rebuild_assignments"])


def writing(events: Sequence[CaseAssigned], versions: Sequence[int]) -> list[SideStatement]:
    """Return what the commit of assignments must also do; nothing when there are none.

    Args:
        events: the assignments.
        versions: of the events, in the cases' streams of assignments.
    """
    if not events:
        return []
    rows = [
        (one.control_point, one.draw, one.case, one.purpose, one.reviewer, one.rule, version)
        for one, version in zip(events, versions, strict=True)
    ]
    return [SideStatement(SQL["write_assignments"], tuple(map(list, zip(*rows, strict=True))))]


def _standing(row: asyncpg.Record, *, protected: bool) -> Standing:
    return Standing(
        case=row["case_id"],
        handler=row["handler"],
        unit=row["unit"],
        given_to=row["given_to"],
        other=row["other"],
        version=row["version"],
        status=row["status"],
        own_status=row["own_status"],
        remark=row["remark"] or False,
        reviewed_by=frozenset(row["reviewed_by"]),
        replaced_by=row["replacement"],
        closed=row["closed"],
        protected=protected,
    )

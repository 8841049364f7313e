"""Follows the log copies behind the inboxes: fills the trail, and keeps the tree's edge every few thousand leaves.

What must not break: nothing of it is in the inboxes' way; what is followed and how far stand in one transaction, so
that what is stopped goes on where it was; and two processes that follow take turns.
"""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Final, NamedTuple, cast

import asyncpg

from stickprov_contracts.topics import Source
from stickprov_kernel.log.hashing import leaf_hash
from stickprov_kernel.log.tree import Frontier
from stickprov_reporting.adapters.sql.statements import SQL
from stickprov_reporting.domain.audit.trail import TRAIL, Reference, Subject, beginning, mark_of, ordered_after

EDGE: Final = 4096
"""How many leaves lie between two kept edges."""
PAGE: Final = 512
"""Events of one transaction; edges lie where a page ends."""

_TRAIL_COLUMNS: Final = ("source", "position", "ordered", "time", "kind", "actor", "subject", "case_id")


class _Place(NamedTuple):
    """How far a source was followed."""

    position: int
    ordered: datetime
    tree: Frontier


class TrailFollower:
    """Follows both log copies."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool

    async def begin(self) -> None:
        """Make the trail anew where an older release made it; call it before anything is followed."""
        async with self._pool.acquire() as connection, connection.transaction():
            if any(record["version"] != TRAIL for record in await connection.fetch(SQL["followed"])):
                await connection.execute(SQL["forget_trail"])

    async def forget(self) -> None:
        """Throw everything away that was followed."""
        async with self._pool.acquire() as connection:
            await connection.execute(SQL["forget_trail"])

    async def follow(self, source: Source) -> int:
        """Follow a page of a copy; return how many events it had, 0 at the end of the copy."""
        async with self._pool.acquire() as acquired, acquired.transaction():
            connection = cast("asyncpg.Connection", acquired)
            await connection.execute(SQL["begin_following"], source, TRAIL, beginning())
            record = await connection.fetchrow(SQL["lock_follower"], source)
            if record is None or record["version"] != TRAIL:
                # A newer release makes it its own way.
                return 0
            position = record["position"]
            place = _Place(position, record["ordered"], Frontier.from_bytes(position, record["subtrees"]))
            page = await connection.fetch(SQL["copies"], source, position, PAGE - position % PAGE)
            if page:
                await self._keep(connection, source, place, _contiguous(page, position))
            return len(page)

    async def _keep(
        self, connection: asyncpg.Connection, source: Source, place: _Place, page: Sequence[asyncpg.Record]
    ) -> None:
        marks = [mark_of(record["envelope"], record["data"]) for record in page]
        for reference in dict.fromkeys(reference for mark in marks for reference in mark.references):
            await connection.execute(SQL["write_reference"], *_reference_columns(reference))
        subjects = await _numbers(connection, {mark.subject for mark in marks})
        ordered, rows = place.ordered, []
        for record, mark in zip(page, marks, strict=True):
            ordered = ordered_after(ordered, mark.time)
            time, number = mark.time or ordered, subjects[mark.subject]
            rows.append((source, record["position"], ordered, time, mark.kind, mark.actor, number, mark.case))
        await connection.copy_records_to_table("trail", records=rows, columns=_TRAIL_COLUMNS)
        place.tree.extend([leaf_hash(record["envelope"], record["data"]) for record in page])
        size, subtrees = place.tree.size, place.tree.to_bytes()
        await connection.execute(SQL["follow_to"], source, size, ordered, subtrees)
        if size % EDGE == 0:
            await connection.execute(SQL["write_edge"], source, size, subtrees)


async def _numbers(connection: asyncpg.Connection, subjects: set[Subject]) -> dict[Subject, int]:
    """Return the numbers of subjects; those that are new get one."""
    keys = {subject.key(): subject for subject in subjects}
    columns = [list(column) for column in zip(*map(_subject_columns, keys.values()), strict=True)]
    return {keys[key]: number for key, number in await connection.fetch(SQL["write_subjects"], *columns)}


def _contiguous(page: Sequence[asyncpg.Record], position: int) -> Sequence[asyncpg.Record]:
    """Return a page.

    Raises:
        HoleInCopyError: an entry is missing, so what follows has no place in the tree.
    """
    if page[-1]["position"] != position + len(page):
        raise HoleInCopyError(f"an entry is missing from a log copy between {position} and {page[-1]['position']}")
    return page


class HoleInCopyError(Exception):
    """Somebody took an entry out of a log copy; a replay names it."""


def _subject_columns(subject: Subject) -> tuple[object, ...]:
    period = subject.period
    return (
        subject.key(),
        subject.refers,
        subject.is_draw,
        json.dumps(subject.control_points),
        subject.plan,
        *((period.start, period.end, period.label) if period else (None, None, None)),
    )


def _reference_columns(reference: Reference) -> tuple[object, ...]:
    period = reference.period
    return (
        reference.id,
        list(reference.control_points),
        reference.plan,
        *((period.start, period.end, period.label) if period else (None, None, None)),
    )

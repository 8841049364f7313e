"""Folds the log copies into the next generation beside the active one, and lets it take that one's place.

What must not break: the active generation is read and written as before until the moment of the switch; the switch
happens in the inboxes' turn, so nothing is heard between the last event that was folded and the first that is applied;
and what is stopped in the middle goes on where it was.
"""

from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

import asyncpg
import structlog

from stickprov_contracts.topics import SOURCES, Source
from stickprov_kernel.database.pool import Connection
from stickprov_kernel.log.envelope import decode
from stickprov_kernel.log.records import Incoming
from stickprov_kernel.log.understanding import NotUnderstoodError, understand
from stickprov_kernel.messaging.faults import describe, is_infrastructure
from stickprov_reporting.adapters.sql.projection import take_turn, write
from stickprov_reporting.adapters.sql.statements import SQL
from stickprov_reporting.adapters.sql.stored import positions
from stickprov_reporting.domain.projection import PROJECTION
from stickprov_reporting.domain.projection.fold import touched_by

PAGE: Final = 1_000
_DELETED_AT_ONCE: Final = 5_000
_TABLES: Final = ("case_row", "cell", "draw_stratum", "control_point", "register_measure", "chronicle")

_log = structlog.get_logger(__name__)


class Built(NamedTuple):
    """The generation that is being built, and how far each log was folded into it."""

    number: int
    version: int
    sampler: int
    findings: int

    def to(self, source: Source) -> int:
        """Return how far a log was folded."""
        return self.sampler if source == "sampler" else self.findings


async def freeze_outdated(connection: Connection) -> None:
    """Let an older release's generation stand where it is, before anything more is heard."""
    async with connection.transaction():
        await connection.execute(SQL["take_turn"])
        await connection.execute(SQL["freeze"], PROJECTION)


async def begin_building(connection: Connection, *, asked_for: bool) -> None:
    """Begin the next generation if it is asked for, or if the active one is an older release's; one at a time."""
    active = await connection.fetchrow(SQL["active"])
    if not asked_for and (active is None or active["version"] >= PROJECTION):
        return
    async with connection.transaction():
        await take_turn(connection)
        building = await built(connection)
        if building is not None and building.version < PROJECTION:
            await connection.execute(SQL["give_up"], building.number)
            building = None
        if building is None:
            await connection.execute(SQL["begin_building"], PROJECTION)


async def built(connection: Connection) -> Built | None:
    """Return the generation that is being built, if one is."""
    record = await connection.fetchrow(SQL["building"])
    return None if record is None else Built(*record)


async def build_on(connection: asyncpg.Connection) -> bool:
    """Fold the next page of each log, or switch when little is left; return whether there is more to do."""
    building = await built(connection)
    if building is None or building.version != PROJECTION:
        return False
    heard = await positions(connection)
    if sum(heard[source].position - building.to(source) for source in SOURCES) <= PAGE:
        await _switch(connection, building)
        return False
    for source in SOURCES:
        async with connection.transaction():
            building = await _fold_page(connection, building, source, heard[source].position)
    return True


async def delete_leaving(connection: asyncpg.Connection) -> None:
    """Delete, in pages, every generation that is not read any more."""
    for (number,) in await connection.fetch(SQL["leaving"]):
        for table in _TABLES:
            statement = (
                f"DELETE FROM {table} WHERE ctid = ANY(ARRAY(SELECT ctid FROM {table} WHERE generation = $1 LIMIT $2))"
            )
            while await connection.execute(statement, number, _DELETED_AT_ONCE) != "DELETE 0":
                pass
        await connection.execute(SQL["forget"], number)
        _log.info("projection-deleted", generation=number)


async def _switch(connection: asyncpg.Connection, building: Built) -> None:
    async with connection.transaction():
        await connection.execute(SQL["take_turn"])
        heard = await positions(connection)
        for source in SOURCES:
            while building.to(source) < heard[source].position:
                building = await _fold_page(connection, building, source, heard[source].position)
            # What was set aside when its page was folded, and applied since; folding it again changes nothing.
            late = await connection.fetch(SQL["requeued_copies"], source, heard[source].position)
            await _fold(connection, building.number, source, late)
        await connection.execute(SQL["retire"])
        await connection.execute(SQL["activate"], building.number)
    _log.info("projection-switched", generation=building.number, version=building.version)


async def _fold_page(connection: asyncpg.Connection, building: Built, source: Source, up_to: int) -> Built:
    records = await connection.fetch(SQL["copies_between"], source, building.to(source), up_to, PAGE)
    await _fold(connection, building.number, source, records)
    reached = records[-1]["position"] if len(records) == PAGE else up_to
    moved = building._replace(**{source: reached})
    await connection.execute(SQL["built_to"], moved.number, moved.sampler, moved.findings)
    return moved


async def _fold(
    connection: asyncpg.Connection, generation: int, source: Source, records: Sequence[asyncpg.Record]
) -> None:
    understood = [event for record in records if (event := await _understood(connection, source, record)) is not None]
    if not understood:
        return
    try:
        async with connection.transaction():
            await write(connection, generation, touched_by(understood))
    except Exception as error:
        if is_infrastructure(error, connection):
            raise
        await _fold_singly(connection, generation, source, understood)


async def _fold_singly(
    connection: asyncpg.Connection, generation: int, source: Source, events: Iterable[Incoming]
) -> None:
    for event in events:
        try:
            async with connection.transaction():
                await write(connection, generation, touched_by([event]))
        except Exception as error:
            if is_infrastructure(error, connection):
                raise
            await _put_aside(connection, source, event.position, event.envelope.type, describe(error))


async def _understood(connection: asyncpg.Connection, source: Source, record: asyncpg.Record) -> Incoming | None:
    position, chain_hash, envelope_bytes, data = record
    envelope = decode(envelope_bytes)
    try:
        return Incoming(position, chain_hash, envelope, understand(envelope.type, data))
    except NotUnderstoodError as error:
        await _put_aside(connection, source, position, envelope.type, str(error))
        return None


async def _put_aside(connection: asyncpg.Connection, source: Source, position: int, type_: str, reason: str) -> None:
    await connection.execute(SQL["put_aside"], source, position, type_, reason)
    _log.error("event-quarantined", source=source, position=position, type=type_, reason=reason)

"""Folds the copy of the sampler's log anew when this release keeps more of it than the last one did.

What must not break: it happens under the lock of the inbox, in one transaction; a second process finds it done; an
event that cannot be applied goes to quarantine, as it would have when it was heard.
"""

from collections.abc import Sequence
from typing import Final, cast

import asyncpg
import structlog

from stickprov_contracts.topics import Source
from stickprov_findings.adapters.sql.projection import VERSION, DrawnCases
from stickprov_findings.adapters.sql.statements import SQL
from stickprov_kernel.log.records import Incoming
from stickprov_kernel.log.understanding import NotUnderstoodError, understand
from stickprov_kernel.messaging.delivery import from_copy
from stickprov_kernel.messaging.faults import describe, is_infrastructure

_SOURCE: Final[Source] = "sampler"
_PAGE: Final = 1000

_log = structlog.get_logger(__name__)


async def fold_anew(pool: asyncpg.Pool) -> int:
    """Bring the projection's rows to this release; return how many events were folded, 0 when it was up to date."""
    async with pool.acquire() as proxy, proxy.transaction():
        # The pool's proxy has a connection's methods but not its type.
        connection = cast("asyncpg.Connection", proxy)
        await connection.execute(SQL["lock_inbox"], _SOURCE)
        if await connection.fetchval(SQL["projection_version"], _SOURCE) == VERSION:
            return 0
        count, after = 0, 0
        while rows := await connection.fetch(SQL["heard"], _SOURCE, after, _PAGE):
            # What only a later release understands is heard again when that one comes.
            events = [incoming for row in rows if (incoming := _incoming(row)) is not None]
            await _apply(connection, events)
            after = rows[-1]["position"]
            count += len(events)
        await connection.execute(SQL["write_projection_version"], _SOURCE, VERSION)
    _log.info("projection-folded", source=_SOURCE, version=VERSION, events=count)
    return count


async def _apply(connection: asyncpg.Connection, events: Sequence[Incoming]) -> None:
    """Apply a page; where that fails, event by event, so that only the guilty ones are put aside."""
    try:
        async with connection.transaction():
            await DrawnCases().apply(connection, events)
    except Exception as error:
        if is_infrastructure(error, connection):
            raise
        if len(events) > 1:
            for event in events:
                await _apply(connection, [event])
            return
        type_, reason = events[0].envelope.type, describe(error)
        await connection.execute(SQL["put_aside"], _SOURCE, events[0].position, type_, reason)
        _log.exception("event-quarantined", source=_SOURCE, position=events[0].position, type=type_, reason=reason)


def _incoming(row: asyncpg.Record) -> Incoming | None:
    delivery = from_copy(row)
    try:
        event = understand(delivery.envelope.type, delivery.data)
    except NotUnderstoodError:
        return None
    return Incoming(delivery.position, delivery.chain_hash, delivery.envelope, event)

"""Folds the copy of the sampler's log anew when this release keeps more of it than the last one did.

What must not break: it happens under the lock of the inbox, in one transaction; a second process finds it done; an
event that cannot be applied goes to quarantine, as it would have when it was heard.
"""

from typing import Final, cast

import asyncpg
import structlog

from stickprov_contracts.topics import Source
from stickprov_findings.adapters.sql.projection import VERSION, DrawnCases
from stickprov_findings.adapters.sql.statements import SQL
from stickprov_kernel.inbox.applying import Applier
from stickprov_kernel.messaging.delivery import from_copy
from stickprov_kernel.messaging.faults import is_infrastructure

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
        count, after, applier = 0, 0, Applier(_SOURCE, DrawnCases())
        while rows := await connection.fetch(SQL["heard"], _SOURCE, after, _PAGE):
            await _apply(connection, applier, rows)
            after = rows[-1]["position"]
            count += len(rows)
        await connection.execute(SQL["write_projection_version"], _SOURCE, VERSION)
    _log.info("projection-folded", source=_SOURCE, version=VERSION, events=count)
    return count


async def _apply(connection: asyncpg.Connection, applier: Applier, rows: list[asyncpg.Record]) -> None:
    run = [from_copy(row) for row in rows]
    try:
        async with connection.transaction():
            await applier.apply(connection, run, singly=False)
    except Exception as error:
        if is_infrastructure(error, connection):
            raise
        await applier.apply(connection, run, singly=True)

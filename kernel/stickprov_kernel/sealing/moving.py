"""Sealing what an older release kept in clear, a batch at a time, when a service starts.

What must not break: a row is either in the clear table or sealed, whenever the process is killed, and the next start
goes on; at the end the clear table is emptied as a file, not row by row, so that nothing is left in it.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Final

import asyncpg
import structlog
from asyncpg.pool import PoolConnectionProxy

Keep = Callable[[PoolConnectionProxy, Sequence[asyncpg.Record]], Awaitable[None]]
"""Writes some rows of a clear table sealed, in the transaction of the connection."""

BATCH: Final = 500
_TURN: Final = 0x5374_5365_616C  # advisory lock key: "StSeal"
_LONGEST_WAIT_SECONDS: Final = 3600.0

_log = structlog.get_logger(__name__)


@asynccontextmanager
async def moving_alone(pool: asyncpg.Pool) -> AsyncIterator[None]:
    """Let one process at a time move; whoever waited finds everything moved."""
    async with pool.acquire() as connection:
        await connection.execute("SELECT pg_advisory_lock($1)", _TURN, timeout=_LONGEST_WAIT_SECONDS)
        try:
            yield
        finally:
            await connection.execute("SELECT pg_advisory_unlock($1)", _TURN)


async def move_clear_rows(pool: asyncpg.Pool, table: str, keep: Keep, batch: int = BATCH) -> int:
    """Seal every row of a table of an older release; return how many there were.

    It must be done ``moving_alone``.

    Args:
        pool: the service's database.
        table: our own name of the clear table; its rows are deleted, and its file at the end.
        keep: writes a batch of rows sealed.
        batch: how many rows are sealed in one transaction.
    """
    if not await pool.fetchval(f"SELECT EXISTS (SELECT FROM {table})"):
        return 0
    moved = 0
    take = f"DELETE FROM {table} WHERE ctid = ANY (ARRAY(SELECT ctid FROM {table} LIMIT $1)) RETURNING *"
    while True:
        async with pool.acquire() as connection, connection.transaction():
            rows = await connection.fetch(take, batch)
            if rows:
                await keep(connection, rows)
        moved += len(rows)
        if not rows:
            break
    async with pool.acquire() as connection, connection.transaction():
        await connection.execute(f"LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE")
        if not await connection.fetchval(f"SELECT EXISTS (SELECT FROM {table})"):
            await connection.execute(f"TRUNCATE {table}")
    _log.info("clear-rows-sealed", table=table, rows=moved)
    return moved

"""One leader per job and log, by a PostgreSQL advisory lock.

What must not break: the leader writes **on the connection that holds the lock**. When that connection dies the
lock and the leader's ability to write are gone together, so there is no moment with two writers; if two ever met,
the ledger's primary key would refuse the second.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

import asyncpg

SEQUENCER_LOCK: Final = 0x5374_5365_71  # "StSeq"
RELAY_LOCK: Final = 0x5374_5265_6C  # "StRel"
CHECKPOINT_LOCK: Final = 0x5374_4352_6C  # "StCRl"

_TRY_SECONDS: Final = 0.5

SESSION: Final = {
    "application_name": "stickprov leader",
    "timezone": "UTC",
    "jit": "off",
    # A leader looks up the newest few rows of large tables, over and over. The planner has no statistics on rows that
    # new and would read whole tables; and planning anew each time costs more than the work.
    "enable_seqscan": "off",
    "enable_hashjoin": "off",
    "enable_mergejoin": "off",
    "max_parallel_workers_per_gather": "0",
    "plan_cache_mode": "force_generic_plan",
}


class Leadership:
    """Waits for, holds and gives back the lock of one job."""

    def __init__(self, dsn: str, lock_key: int) -> None:
        self._dsn = dsn
        self._lock_key = lock_key

    @asynccontextmanager
    async def held(self) -> AsyncIterator[asyncpg.Connection]:
        """Yield a connection of its own once it holds the lock; closing it gives the lock back.

        It must be a direct connection: behind a transaction pooler an advisory lock means nothing.
        """
        connection = await asyncpg.connect(
            self._dsn,
            command_timeout=60,
            server_settings=SESSION,
        )
        try:
            while not await connection.fetchval("SELECT pg_try_advisory_lock($1)", self._lock_key):  # noqa: ASYNC110 - held by another process: nothing here could ring
                await asyncio.sleep(_TRY_SECONDS)
            yield connection
        finally:
            # Terminating, not closing: a server that is away must not delay a stop.
            connection.terminate()

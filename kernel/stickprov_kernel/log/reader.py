"""The sequenced log on PostgreSQL."""

from collections.abc import Callable, Sequence
from uuid import UUID

import asyncpg

from stickprov_kernel.log.group_commit import SQL
from stickprov_kernel.log.hashing import GENESIS
from stickprov_kernel.log.records import Head, Sequenced
from stickprov_kernel.log.store import LogReader
from stickprov_kernel.log.tree import EMPTY_ROOT


class PostgresLogReader:
    """Implements ``LogReader`` on the tables of migration component ``log``."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool

    async def head(self) -> Head:
        row = await self._pool.fetchrow(SQL["tail"])
        if row is None:
            return Head(0, GENESIS, EMPTY_ROOT)
        return Head(row["size"], row["chain_hash"], row["root"])

    async def read(self, after: int, limit: int) -> list[Sequenced]:
        rows = await self._pool.fetch(SQL["read"], after, limit)
        return [Sequenced(*row) for row in rows]

    async def chain_hashes(self, positions: Sequence[int]) -> dict[int, bytes]:
        """Return the chain hash at each of some positions, as far as the log has them."""
        return {row["position"]: row["chain_hash"] for row in await self._pool.fetch(SQL["chain_hashes"], positions)}

    async def position_of(self, event_id: UUID) -> int | None:
        position: int | None = await self._pool.fetchval(SQL["position_of"], event_id)
        return position

    async def waiting(self) -> int:
        """Return how many events wait for a position, counted up to 100,000."""
        count: int = await self._pool.fetchval(SQL["waiting"])
        return count


class LaterReader:
    """Implements ``LogReader`` with the one that is there at each call; routes are built before a database is open."""

    def __init__(self, current: Callable[[], LogReader]) -> None:
        self._current = current

    async def head(self) -> Head:
        return await self._current().head()

    async def read(self, after: int, limit: int) -> list[Sequenced]:
        return await self._current().read(after, limit)

    async def position_of(self, event_id: UUID) -> int | None:
        return await self._current().position_of(event_id)

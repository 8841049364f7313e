"""Bringing what is sealed under the current master key: each value's own key is wrapped anew, the value stays.

What must not break: a wrapped key is only replaced by the same key under another master key, and only where nobody has
replaced it meanwhile; a row that cannot be opened is left as it is and told of, and the others go on.
"""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import asyncpg
import structlog
from asyncpg.pool import PoolConnectionProxy

from stickprov_kernel.assembly import Foundation
from stickprov_kernel.http.health import Condition
from stickprov_kernel.messaging.faults import DATABASE_INTERRUPTIONS, describe
from stickprov_kernel.metrics import Metrics
from stickprov_kernel.sealing.errors import MasterKeyMissingError, SealBrokenError
from stickprov_kernel.sealing.sealing import Sealing
from stickprov_kernel.sealing.wrapping import WrappedKey
from stickprov_kernel.settings import ServiceSettings

BATCH: Final = 200
_PAUSE_SECONDS: Final = 60.0
_COUNT_SECONDS: Final = 10.0
_TURN: Final = 0x5374_526F_74  # advisory lock key: "StRot"

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class SealedTable:
    """A table with the columns ``master`` and ``wrapped_key``.

    Attributes:
        name: our own, with its schema.
        key: columns of its primary key.
        about: what a row's value is sealed about, from those columns.
        more: further columns that ``about`` needs.
    """

    name: str
    key: Sequence[str]
    about: Callable[[asyncpg.Record], str]
    more: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Census:
    """How many values are sealed under which master key.

    Attributes:
        by_master: counts by the master key's id.
        current: id of the current one.
        known: ids of those that can open.
    """

    by_master: dict[str, int]
    current: str
    known: frozenset[str]

    @property
    def older(self) -> int:
        """How many are under another key than the current one."""
        return sum(count for master, count in self.by_master.items() if master != self.current)

    @property
    def condition(self) -> Condition:
        """In words, and whether everything can be opened."""
        if missing := sorted(set(self.by_master) - self.known):
            count = sum(self.by_master[master] for master in missing)
            names = ", ".join(f"“{master}”" for master in missing)
            return Condition(
                ok=False, detail=f"{count} sealed values are under master keys that the file does not hold: {names}"
            )
        if self.older:
            return Condition(ok=True, detail=f"{self.older} sealed values are still under older master keys")
        if len(self.known) > 1:
            return Condition(
                ok=True, detail=f"everything is under master key “{self.current}”; the other lines of the file can go"
            )
        return Condition(ok=True, detail=f"everything is under master key “{self.current}”")


class Rotation:
    """Rewraps in the background; of several processes, one at a time does a batch."""

    def __init__(self, pool: asyncpg.Pool, sealing: Sealing, tables: Sequence[SealedTable]) -> None:
        self._pool = pool
        self._sealing = sealing
        self._tables = tables

    async def census(self) -> Census:
        """Count what is sealed, by master key."""
        counts: dict[str, int] = {}
        for table in self._tables:
            rows = await self._pool.fetch(f"SELECT master, count(*) AS count FROM {table.name} GROUP BY master")
            for row in rows:
                counts[row["master"]] = counts.get(row["master"], 0) + row["count"]
        wrapper = self._sealing.wrapper
        return Census(counts, wrapper.current, wrapper.ids)

    async def rewrap(self, batch: int = BATCH) -> int:
        """Bring everything under the current master key that can be; return how many values were.

        Args:
            batch: how many are rewrapped in one transaction.
        """
        return sum([await self._rewrap_table(table, batch) for table in self._tables])

    async def _rewrap_table(self, table: SealedTable, batch: int) -> int:
        rewrapped, after = 0, None
        while True:
            async with self._pool.acquire() as connection, connection.transaction():
                # Two processes would not harm each other, only do the same work.
                await connection.execute("SELECT pg_advisory_xact_lock($1)", _TURN)
                rows = await self._next(connection, table, after, batch)
                for row in rows:
                    rewrapped += await self._rewrap_row(connection, table, row)
            if not rows:
                return rewrapped
            after = tuple(rows[-1][column] for column in table.key)

    async def _next(
        self, connection: PoolConnectionProxy, table: SealedTable, after: tuple[object, ...] | None, batch: int
    ) -> list[asyncpg.Record]:
        key = ", ".join(table.key)
        columns = ", ".join([*table.key, *table.more, "master", "wrapped_key"])
        places = ", ".join(f"${place}" for place in range(3, 3 + len(table.key)))
        beyond = f"AND ({key}) > ({places})" if after else ""
        statement = f"SELECT {columns} FROM {table.name} WHERE master <> $1 {beyond} ORDER BY {key} LIMIT $2"
        return await connection.fetch(statement, self._sealing.current, batch, *(after or ()))

    async def _rewrap_row(self, connection: PoolConnectionProxy, table: SealedTable, row: asyncpg.Record) -> int:
        old = WrappedKey(row["master"], row["wrapped_key"])
        try:
            new = self._sealing.rewrap(old, table.about(row))
        except (MasterKeyMissingError, SealBrokenError) as error:
            _log.warning("not-rewrapped", table=table.name, master=old.master, reason=error.code)
            return 0
        places = " AND ".join(f"{column} = ${place}" for place, column in enumerate(table.key, start=4))
        statement = f"UPDATE {table.name} SET master = $1, wrapped_key = $2 WHERE wrapped_key = $3 AND {places}"
        done = await connection.execute(statement, new.master, new.wrapped_key, old.wrapped_key, *_key(table, row))
        return int(done != "UPDATE 0")


def _key(table: SealedTable, row: asyncpg.Record) -> tuple[object, ...]:
    return tuple(row[column] for column in table.key)


async def keep_rotating(
    foundation: Foundation[ServiceSettings],
    service: str,
    pool: asyncpg.Pool,
    sealing: Sealing,
    tables: Sequence[SealedTable],
) -> Rotation:
    """Rewrap what is under older master keys for as long as the service runs, and tell how far it has come."""
    rotation = Rotation(pool, sealing, tables)
    older = Metrics(service, foundation.registry).gauge(
        "sealed_by_older_keys", "Sealed values under another master key than the current one"
    )

    counted: list[tuple[float, Census]] = []

    async def condition() -> Condition:
        now = asyncio.get_running_loop().time()
        # Counting reads the tables; whoever asks every second need not make us do it.
        if not counted or now - counted[0][0] > _COUNT_SECONDS:
            counted[:] = [(now, await rotation.census())]
        older.set(counted[0][1].older)
        return counted[0][1].condition

    async def run() -> None:
        while True:
            try:
                if (await rotation.census()).older:
                    count = await rotation.rewrap()
                    _log.info("rewrapped", count=count, master=sealing.current)
                older.set((await rotation.census()).older)
            except DATABASE_INTERRUPTIONS as error:
                _log.warning("rotation-interrupted", reason=describe(error))
            await asyncio.sleep(_PAUSE_SECONDS)

    foundation.health.add("vault", condition)
    await foundation.keep_running(run(), "rotation")
    return rotation

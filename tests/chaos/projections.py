"""The projection three times: as it is stored, folded anew in a new database, and counted by independent SQL."""

from collections.abc import Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

import asyncpg
from prometheus_client import CollectorRegistry

from chaos.memory import CONTROL_POINT
from chaos.points import SOURCES
from chaos.world import World
from stickprov_kernel.database.migrations import migrate
from stickprov_kernel.database.pool import open_pool
from stickprov_kernel.inbox.inbox import Inbox
from stickprov_kernel.inbox.metrics import InboxMetrics
from stickprov_kernel.log.feed import HttpFeed
from stickprov_local.databases import ensure_databases
from stickprov_reporting.adapters.sql.migrations import FOLDERS
from stickprov_reporting.adapters.sql.projection import StatisticsProjection

_RECOUNT: Final = Path(__file__).parents[1] / "support" / "recount.sql"
_TABLES: Final = ("control_point", "draw_stratum", "cell", "case_row", "register_measure", "chronicle")
_ACTIVE: Final = "(SELECT number FROM generation WHERE state = 'active')"
_CELLS: Final = (
    f"SELECT control_point, draw, month, unit, stratum, indicator, value FROM cell WHERE generation = {_ACTIVE}"
)
_CLEAN: Final = "clean"


@dataclass(frozen=True)
class Projections:
    """What came out.

    Attributes:
        stored, replayed: digests over every table. cells: how many there are.
        miscounted: cells that the recount has otherwise.
        totals: of the control point, by indicator.
        quarantined: events set aside, by hearer and source.
        halted: logs that are not applied any more, with why.
    """

    stored: str
    replayed: str
    cells: int
    miscounted: int
    totals: dict[str, int]
    quarantined: dict[tuple[str, str], int]
    halted: list[str]


async def read_projections(world: World) -> Projections:
    """Digest, replay and recount."""
    replayed = await _replay(world)
    quarantined: dict[tuple[str, str], int] = {}
    halted: list[str] = []
    for hearer in ("findings", "reporting"):
        connection = await asyncpg.connect(world.database_url(hearer))
        for source, count in await connection.fetch("SELECT source, count(*) FROM quarantine GROUP BY source"):
            quarantined[hearer, source] = count
        for source, reason in await connection.fetch("SELECT source, reason FROM inbox WHERE state = 'halted'"):
            halted.append(f"{hearer} does not apply {source}: {reason}")
        await connection.close()
    connection = await asyncpg.connect(world.database_url("reporting"))
    try:
        stored = await _digest(connection)
        cells = {tuple(key): value for *key, value in await connection.fetch(_CELLS)}
        counted = {tuple(key): int(value) for *key, value in await connection.fetch(_RECOUNT.read_text("utf-8"))}
    finally:
        await connection.close()
    return Projections(stored, replayed, len(cells), miscounted(cells, counted), _totals(cells), quarantined, halted)


def miscounted(cells: Mapping[tuple[Any, ...], int], counted: Mapping[tuple[Any, ...], int]) -> int:
    """Return how many cells the recount has otherwise. A cell of nothing is as good as none, as in the digest."""
    return sum(cells.get(key, 0) != counted.get(key, 0) for key in cells.keys() | counted.keys())


def _totals(cells: dict[tuple[Any, ...], int]) -> dict[str, int]:
    totals: dict[str, int] = {"drawn": 0, "reviewed": 0, "remarks": 0}
    for (point, *_, indicator), value in cells.items():
        if point == CONTROL_POINT and indicator in totals:
            totals[indicator] += value
    return totals


async def _digest(connection: asyncpg.Connection) -> str:
    digest = sha256()
    for table in _TABLES:
        text = "(to_jsonb(t) - 'generation')::text"
        # A cell of nothing is as good as none: whether there is one depends on how events fell into batches.
        counts = "AND value <> 0" if table == "cell" else ""
        statement = f"SELECT {text} FROM {table} AS t WHERE generation = {_ACTIVE} {counts} ORDER BY {text}"
        for (row,) in await connection.fetch(statement):
            digest.update(f"{table} {row}\n".encode())
    return digest.hexdigest()


async def _replay(world: World) -> str:
    """Hear both logs by their feeds in a new database, and return the digest of what comes out."""
    database = (await ensure_databases(world.server.postgres, [_CLEAN]))[_CLEAN]
    await migrate(database.migration_url, f"stickprov_{_CLEAN}", FOLDERS)
    async with AsyncExitStack() as stack:
        pool = await open_pool(database.url)
        stack.push_async_callback(pool.close)
        metrics = InboxMetrics(_CLEAN, CollectorRegistry())
        for source in SOURCES:
            url = world.seats[source].url  # type: ignore[index]
            feed = await stack.enter_async_context(HttpFeed(url, source, lambda: world.tokens["service"]))  # type: ignore[arg-type]
            inbox = Inbox(pool, source, StatisticsProjection(), feed, metrics)  # type: ignore[arg-type]
            await inbox.prepare()
            await inbox.reconcile()
        async with pool.acquire() as connection:
            return await _digest(connection)  # type: ignore[arg-type]

"""A statistic of one quarter, over ten thousand and over ten million events of history: it must cost the same.

History is loaded as cells by COPY: a draw of 500 cases is a thousand events, and a hundred cells.
"""

import asyncio
import itertools
import json
import time
from collections.abc import Iterator
from contextlib import asynccontextmanager
from datetime import date
from typing import Any
from uuid import UUID

import asyncpg

from bench.rounds import parts_of
from bench.servers import Servers
from bench.table import Row
from stickprov_kernel.database.migrations import migrate
from stickprov_kernel.database.pool import open_pool
from stickprov_reporting.adapters.sql import stored
from stickprov_reporting.adapters.sql.migrations import FOLDERS
from stickprov_reporting.adapters.sql.stored import stored_reading
from stickprov_reporting.adapters.statistics import read_statistics
from stickprov_reporting.domain.projection import PROJECTION
from stickprov_reporting.domain.statistics.statistic import DateRange
from support.reporting import POINT, defined

EVENTS_OF_A_DRAW = 1_000
FEW, MANY = 10_000, 10_000_000
POINTS = 40
ROUNDS = 30
QUARTER = DateRange(date(2021, 1, 1), date(2021, 4, 1))
UNITS = [f"unit {number}" for number in range(5)]
INDICATORS = ["drawn", "reviewed", "remarks", *(f"category:c{n}" for n in range(7))]
INDICATORS += [f"{kind}:form:q{n}{option}" for n in range(5) for kind, option in (("asked", ""), ("answer", ":yes"))]


def run() -> list[Row]:
    """Return the rows on what a statistic costs when history grows."""
    with Servers() as servers:
        few, many, buffers_few, buffers_many = asyncio.run(_asking(servers))
    work, against = "statistic of a quarter, 10 million events of history", "itself with 10,000"
    return [
        Row(f"{work}: buffers", against, "buffers", [buffers_many], [buffers_few], "history-buffers"),
        Row(f"{work}: time", against, "ms", many, few, "history-time"),
    ]


async def _asking(servers: Servers) -> tuple[list[float], list[float], int, int]:
    async with _history(servers, FEW) as few, _history(servers, MANY) as many:
        times: tuple[list[float], list[float]] = ([], [])
        for _, (pool, found) in itertools.product(range(ROUNDS), zip((few, many), times, strict=True)):
            started = time.perf_counter()
            async with stored_reading(pool) as reading:
                await read_statistics(reading, POINT, QUARTER)
            found.append(1000 * (time.perf_counter() - started))
        return parts_of(times[0]), parts_of(times[1]), await _buffers(few), await _buffers(many)


@asynccontextmanager
async def _history(servers: Servers, events: int) -> Any:
    database = await servers.database()
    await migrate(database.owner_url, database.service_role, FOLDERS)
    owner = await asyncpg.connect(database.owner_url)
    draws = events // EVENTS_OF_A_DRAW
    await owner.execute("INSERT INTO generation (number, version, state) VALUES (1, $1, 'active')", PROJECTION)
    await owner.execute(
        "INSERT INTO control_point (generation, control_point, version, definition, year) VALUES (1, $1, 1, $2, 2021)",
        POINT,
        defined().model_dump_json(),
    )
    await owner.copy_records_to_table("draw_stratum", records=_strata(draws), columns=_STRATUM)
    await owner.copy_records_to_table("cell", records=_cells(draws), columns=_CELL)
    await owner.execute("VACUUM ANALYZE")
    await owner.close()
    pool = await open_pool(database.service_url)
    try:
        yield pool
    finally:
        await pool.close()


_STRATUM = ["generation", "control_point", "draw", "stratum", "month", "size", "period_start", "period_end", "design"]
_STRATUM += ["stratified_by", "drawn", "version"]
_CELL = ["generation", "control_point", "draw", "month", "unit", "stratum", "indicator", "value"]


def _draws(count: int) -> Iterator[tuple[str, UUID, date, date]]:
    """Yield point, id and period: the quarter that is asked for first, then other points and years."""
    for number in range(count):
        point = POINT if number < 3 else f"P-{number % POINTS}"
        year, month = (2021, number + 1) if number < 3 else (1990 + number // POINTS // 12 % 30, number % 12 + 1)
        end = date(year + month // 12, month % 12 + 1, 1)
        yield point, UUID(int=number), date(year, month, 1), end


def _strata(count: int) -> Iterator[tuple[object, ...]]:
    for point, draw, start, end in _draws(count):
        yield 1, point, draw, "", f"{start:%Y-%m}", 2663, start, end, "simple", "[]", 500, 1


def _cells(count: int) -> Iterator[tuple[object, ...]]:
    for point, draw, start, _ in _draws(count):
        for unit, (place, indicator) in itertools.product(UNITS, enumerate(INDICATORS)):
            yield 1, point, draw, f"{start:%Y-%m}", unit, "", indicator, 100 if place < 2 else 20


async def _buffers(pool: asyncpg.Pool) -> int:
    """Return how many buffers the statements of one statistic touch."""
    total = 0
    async with stored.snapshot(pool) as connection:
        reading = await stored.reading_on(connection)
        asked: list[tuple[str, tuple[object, ...]]] = []
        fetch = reading._fetch

        async def listening(name: str, *arguments: object) -> list[asyncpg.Record]:
            asked.append((name, arguments))
            return await fetch(name, *arguments)

        reading._fetch = listening  # type: ignore[method-assign]
        await read_statistics(reading, POINT, QUARTER)
        for name, arguments in asked:
            statement = f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {stored.SQL[name]}"
            plan = json.loads(await connection.fetchval(statement, reading.generation, *arguments))[0]["Plan"]
            total += plan["Shared Hit Blocks"] + plan["Shared Read Blocks"]
    return total

"""From a submit to the moment when the statistic shows it, on the whole local stack, at 50 submits a second.

The peer is the sum of the bare parts on the way, one event after another at the same pace: a row committed, a message
that all replicas have, its arrival at a consumer, and a row committed there. Both sides write through to the disk.
Ours begins with the HTTP request and ends when the statistic's cells are committed, as the database is asked every few
milliseconds: asking the service would keep it from what is measured.
"""

import asyncio
import statistics
import tempfile
import time
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from uuid import uuid4

import asyncpg
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer

from bench.servers import Servers
from bench.table import Row
from stickprov_local.postgres import Postgres
from support.control import prepare, queue_of, review
from support.stack import LocalStack

PACE: Final = 0.02
"""Seconds between two submits."""
_LOOK: Final = 0.002
"""Seconds between two looks at the cells."""
_REVIEWED: Final = "SELECT coalesce(sum(value), 0)::int FROM cell WHERE indicator = 'reviewed'"
DRAWN: Final = 500
SUBMITS: Final = 2 * DRAWN
REVIEWERS: Final = 12
_BAR: Final = "<= 3"
_MILLISECONDS: Final = 1000


@dataclass
class _Seen:
    """When the cells first held so many reviewed cases: counts and times, both growing."""

    counts: list[int] = field(default_factory=list)
    times: list[float] = field(default_factory=list)

    def at(self, count: int) -> float:
        """Return when ``count`` cases were first there."""
        return self.times[bisect_left(self.counts, count)]


def run() -> list[Row]:
    """Return the rows on how soon a finding is visible."""
    bare = asyncio.run(_bare_parts())
    with tempfile.TemporaryDirectory() as folder:
        stack = LocalStack(Path(folder))
        stack.start()
        try:
            ours = asyncio.run(_submits_until_visible(stack, Path(folder)))
        finally:
            stack.close()
    return [
        _row("submit -> visible in the statistic, 50 a second, median", ours, bare, 0.5, _BAR),
        _row("the same, 99 of 100", ours, bare, 0.99, ""),
    ]


def _row(work: str, ours: Sequence[float], bare: Sequence[float], share: float, bar: str) -> Row:
    mine, peer = (_quantile(times, share) * _MILLISECONDS for times in (ours, bare))
    return Row(work, mine, peer, mine / peer, bar, "ms")


def _quantile(times: Sequence[float], share: float) -> float:
    return statistics.median(times) if share == 0.5 else sorted(times)[int(len(times) * share)]


async def _submits_until_visible(stack: LocalStack, folder: Path) -> list[float]:
    async with stack.services() as services:
        await prepare(services, folder, size=2 * DRAWN, drawn=DRAWN)
        items = await queue_of(services, SUBMITS)
        reviewers = [
            stack.signed_in_as(services, f"reviewer-{number % REVIEWERS + 1:02}") for number in range(len(items))
        ]
        seen = _Seen()
        server = Postgres(stack.data / "postgres", folder / "postgres.log")
        reporting = await asyncpg.connect(server.url(database="stickprov_reporting"))
        watching = asyncio.create_task(_watch(reporting, seen))
        sent, submits = [], []
        begin = time.perf_counter() + PACE
        for number, (item, reviewer) in enumerate(zip(items, reviewers, strict=True)):
            await asyncio.sleep(begin + number * PACE - time.perf_counter())
            sent.append(time.perf_counter())
            submits.append(asyncio.create_task(review(reviewer, item, uuid4())))
        await asyncio.gather(*submits)
        await watching
        await reporting.close()
    return [seen.at(count) - at for count, at in enumerate(sent, start=1)]


async def _watch(reporting: asyncpg.Connection, seen: _Seen) -> None:
    """Look at the cells until they hold every case."""
    count = 0
    while count < SUBMITS:
        shown = await reporting.fetchval(_REVIEWED)
        if shown > count:
            count = shown
            seen.counts.append(count)
            seen.times.append(time.perf_counter())
        await asyncio.sleep(_LOOK)


async def _bare_parts() -> list[float]:
    """Return the seconds of each event through a row, a message and another row."""
    with Servers() as servers:
        database, bootstrap = await servers.database(), servers.broker().bootstrap
        connection = await asyncpg.connect(database.owner_url)
        await connection.execute("CREATE TABLE sent (id uuid PRIMARY KEY); CREATE TABLE heard (id uuid PRIMARY KEY)")
        producer = AIOKafkaProducer(bootstrap_servers=bootstrap, acks="all", enable_idempotence=True)
        consumer = AIOKafkaConsumer("bare", bootstrap_servers=bootstrap, auto_offset_reset="earliest")
        await producer.start()
        await producer.send_and_wait("bare", b"first")
        await consumer.start()
        await consumer.getone()
        taken = [await _one(connection, producer, consumer) for _ in range(SUBMITS // 2)]
        await consumer.stop()
        await producer.stop()
        await connection.close()
    return taken


async def _one(connection: asyncpg.Connection, producer: AIOKafkaProducer, consumer: AIOKafkaConsumer) -> float:
    await asyncio.sleep(PACE)
    event = uuid4()
    started = time.perf_counter()
    await connection.execute("INSERT INTO sent VALUES ($1)", event)
    await producer.send_and_wait("bare", event.bytes)
    await consumer.getone()
    await connection.execute("INSERT INTO heard VALUES ($1)", event)
    return time.perf_counter() - started

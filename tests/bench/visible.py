"""From a submit to the moment when the statistic shows it, on the whole local stack, at 50 submits a second.

The peer is the sum of the bare parts on the way, one event after another at the same pace: a row committed, a message
that all replicas have, its arrival at a consumer, and a row committed there. Both sides write through to the disk.
Ours begins with the HTTP request and ends when the statistic's cells are committed, as the database is asked every few
milliseconds: asking the service would keep it from what is measured. The rounds of both take turns.
"""

import asyncio
import tempfile
import time
from bisect import bisect_left
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from uuid import uuid4

import asyncpg
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer

from bench.rounds import parts_of
from bench.servers import Servers
from bench.table import Row
from stickprov_client.api import Services
from stickprov_contracts.http.findings import QueueItem
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
ROUNDS: Final = 5
REVIEWERS: Final = 12
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
    with Servers() as servers, tempfile.TemporaryDirectory() as folder:
        stack = LocalStack(Path(folder))
        stack.start()
        try:
            ours, bare = asyncio.run(_measured(servers, stack, Path(folder)))
        finally:
            stack.close()
    work, against = "submit to visible in the statistic, 50 a second", "a row, a message and a row, bare"
    return [
        Row(f"{work}, {said}", against, "ms", *(parts_of(times, share, ROUNDS) for times in (ours, bare)), promise)
        for said, share, promise in (("median", 0.5, "visible"), ("99 of 100", 0.99, ""))
    ]


async def _measured(servers: Servers, stack: LocalStack, folder: Path) -> tuple[list[float], list[float]]:
    """Return the milliseconds of each submit and of each bare event, in the order in which they were made."""
    ours, bare = list[float](), list[float]()
    async with stack.services() as services, _bare_parts(servers) as one_bare:
        await prepare(services, folder, size=2 * DRAWN, drawn=DRAWN)
        items = await queue_of(services, SUBMITS)
        each = SUBMITS // ROUNDS
        for number in range(ROUNDS):
            bare += [await one_bare() for _ in range(each // 2)]
            ours += await _submits_until_visible(
                stack, services, items[number * each : (number + 1) * each], number * each
            )
    return [_MILLISECONDS * one for one in ours], [_MILLISECONDS * one for one in bare]


async def _submits_until_visible(
    stack: LocalStack, services: Services, items: Sequence[QueueItem], earlier: int
) -> list[float]:
    """Submit these at the pace, and return the seconds until each was visible behind the earlier ones."""
    reviewers = [stack.signed_in_as(services, f"reviewer-{number % REVIEWERS + 1:02}") for number in range(len(items))]
    seen = _Seen()
    server = Postgres(stack.data / "postgres", stack.data.parent / "postgres.log")
    reporting = await asyncpg.connect(server.url(database="stickprov_reporting"))
    watching = asyncio.create_task(_watch(reporting, seen, earlier + len(items)))
    sent, submits = [], []
    begin = time.perf_counter() + PACE
    for number, (item, reviewer) in enumerate(zip(items, reviewers, strict=True)):
        await asyncio.sleep(begin + number * PACE - time.perf_counter())
        sent.append(time.perf_counter())
        submits.append(asyncio.create_task(review(reviewer, item, uuid4())))
    await asyncio.gather(*submits)
    await watching
    await reporting.close()
    return [seen.at(count) - at for count, at in enumerate(sent, start=earlier + 1)]


async def _watch(reporting: asyncpg.Connection, seen: _Seen, until: int) -> None:
    """Look at the cells until they hold so many reviewed cases."""
    count = 0
    while count < until:
        shown = await reporting.fetchval(_REVIEWED)
        if shown > count:
            count = shown
            seen.counts.append(count)
            seen.times.append(time.perf_counter())
        await asyncio.sleep(_LOOK)


@asynccontextmanager
async def _bare_parts(servers: Servers) -> AsyncIterator[Callable[[], Awaitable[float]]]:
    """Give a way to send one event through a row, a message and another row, and to have its seconds."""
    database, bootstrap = await servers.database(), servers.broker().bootstrap
    connection = await asyncpg.connect(database.owner_url)
    await connection.execute("CREATE TABLE sent (id uuid PRIMARY KEY); CREATE TABLE heard (id uuid PRIMARY KEY)")
    producer = AIOKafkaProducer(bootstrap_servers=bootstrap, acks="all", enable_idempotence=True)
    consumer = AIOKafkaConsumer("bare", bootstrap_servers=bootstrap, auto_offset_reset="earliest")
    await producer.start()
    await producer.send_and_wait("bare", b"first")
    await consumer.start()
    await consumer.getone()
    yield lambda: _one(connection, producer, consumer)
    await consumer.stop()
    await producer.stop()
    await connection.close()


async def _one(connection: asyncpg.Connection, producer: AIOKafkaProducer, consumer: AIOKafkaConsumer) -> float:
    await asyncio.sleep(PACE)
    event = uuid4()
    started = time.perf_counter()
    await connection.execute("INSERT INTO sent VALUES ($1)", event)
    await producer.send_and_wait("bare", event.bytes)
    await consumer.getone()
    await connection.execute("INSERT INTO heard VALUES ($1)", event)
    return time.perf_counter() - started

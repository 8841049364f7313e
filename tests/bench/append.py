"""Appending, against bare inserts and against the ``eventsourcing`` library, in the same run.

The library is in its default, safe mode: it locks a table at each save, so that its notifications have no gap. It is
run with one thread and with eight, and ours is held against the faster.
"""

import asyncio
import hashlib
import os
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from itertools import count
from uuid import uuid4

import asyncpg
from eventsourcing.application import Application
from eventsourcing.domain import Aggregate

from bench.servers import Servers
from bench.table import Row
from stickprov_contracts.events.findings import FindingRecorded
from stickprov_kernel.database.migrations import LOG, migrate
from stickprov_kernel.database.pool import open_pool
from stickprov_kernel.log.ids import new_id
from stickprov_kernel.log.postgres import PostgresStore
from stickprov_kernel.log.records import CommandContext, PendingEvent, StreamAppend
from stickprov_kernel.log.sequencer import Sequencer
from stickprov_kernel.log.signal import LogSignal

CONNECTIONS = 16
APPENDS = 6_000
BY_LIBRARY = 1_000
THREADS = 8
ROUNDS = 5


class Review(Aggregate):
    """The peer's smallest aggregate: saving a new one is appending one event."""


def run() -> list[Row]:
    """Return the rows on appending."""
    with Servers() as servers:
        append, bare, alone, threads = asyncio.run(_appending(servers))
    library = [max(pair) for pair in zip(alone, threads, strict=True)]
    work = f"append one event, {CONNECTIONS} connections, sequencer running"
    name = "eventsourcing 9.5, safe mode"
    return [
        Row(work, f"bare INSERT, {CONNECTIONS} connections", "events/s", append, bare, "append-bare"),
        Row(work, f"{name}, the faster of the two below", "events/s", append, library, "append-library"),
        Row(work, f"{name}, one thread", "events/s", append, alone),
        Row(work, f"{name}, {THREADS} threads", "events/s", append, threads),
    ]


def event_of(number: int) -> FindingRecorded:
    return FindingRecorded(
        draw=uuid4(), control_point="AMF-2021-3", case=hashlib.sha256(str(number).encode()).hexdigest(), remark=False
    )


async def _appending(servers: Servers) -> tuple[list[float], ...]:
    """Return events a second of each round: ours, bare INSERT, the library with one thread and with several."""
    ours, bare, alone, threads = list[float](), list[float](), list[float](), list[float]()
    for _ in range(ROUNDS):
        ours.append(await _append_ours(servers))
        bare.append(await _append_bare(servers))
        alone.append(await asyncio.to_thread(_append_library, servers, 1))
        threads.append(await asyncio.to_thread(_append_library, servers, THREADS))
    return ours, bare, alone, threads


async def _append_ours(servers: Servers) -> float:
    database = await servers.database()
    await migrate(database.owner_url, database.service_role, [LOG])
    pool = await open_pool(database.service_url, minimum=CONNECTIONS, maximum=CONNECTIONS)
    signal = LogSignal()
    store = PostgresStore(pool, "findings", signal)
    sequencer = asyncio.create_task(Sequencer(database.service_url, signal).run())
    numbers = iter(range(APPENDS))
    started = time.perf_counter()

    async def write() -> None:
        for number in numbers:
            context = CommandContext(uuid4(), "p1", b"h" * 32, datetime.now(UTC), uuid4())
            append = StreamAppend(f"review/{number}", 0, [PendingEvent(new_id(), event_of(number))])
            await store.commit(context, [append], b'{"version": 1}')

    async with signal.listening(database.service_url):
        await asyncio.gather(*(write() for _ in range(CONNECTIONS)))
        rate = APPENDS / (time.perf_counter() - started)
    sequencer.cancel()
    await asyncio.gather(sequencer, return_exceptions=True)
    await pool.close()
    return rate


async def _append_bare(servers: Servers) -> float:
    database = await servers.database()
    connections = [await asyncpg.connect(database.owner_url) for _ in range(CONNECTIONS)]
    await connections[0].execute(
        "CREATE TABLE bare (seq bigint GENERATED ALWAYS AS IDENTITY, envelope bytea, data bytea)"
    )
    numbers = iter(range(APPENDS))
    envelope = os.urandom(400)
    started = time.perf_counter()

    async def write(connection: asyncpg.Connection) -> None:
        for number in numbers:
            data = event_of(number).model_dump_json().encode()
            await connection.execute("INSERT INTO bare (envelope, data) VALUES ($1, $2)", envelope, data)

    await asyncio.gather(*map(write, connections))
    rate = APPENDS / (time.perf_counter() - started)
    for connection in connections:
        await connection.close()
    return rate


def _append_library(servers: Servers, threads: int) -> float:
    database = asyncio.run(servers.database())
    application = Application(env=database.as_library_environment())
    saved = count()

    def write() -> None:
        while next(saved) < BY_LIBRARY:
            application.save(Review())

    started = time.perf_counter()
    with ThreadPoolExecutor(threads) as pool:
        for done in [pool.submit(write) for _ in range(threads)]:
            done.result()
    rate = BY_LIBRARY / (time.perf_counter() - started)
    application.close()
    return rate

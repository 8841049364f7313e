"""Appending and sequencing, against bare inserts and against the ``eventsourcing`` library, in the same run."""

import asyncio
import hashlib
import os
import statistics
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
from stickprov_kernel.garbage import settle
from stickprov_kernel.log.ids import new_id
from stickprov_kernel.log.postgres import PostgresStore
from stickprov_kernel.log.records import CommandContext, PendingEvent, StreamAppend
from stickprov_kernel.log.sequencer import Sequencer, SequencingRun
from stickprov_kernel.log.signal import LogSignal

CONNECTIONS = 16
APPENDS = 6_000
SEQUENCED = 40_000
BATCH = 500
ROUNDS = 3


class Review(Aggregate):
    """The peer's smallest aggregate: saving a new one is appending one event."""


def run() -> list[Row]:
    """Return the rows on the log."""
    with Servers() as servers:
        append, bare, library = asyncio.run(_appending(servers))
        sequenced, inserted = asyncio.run(_sequencing(servers))
    return [
        Row("append one event, 16 connections, sequencer running", append, bare, append / bare, ">= 0.5", "events/s"),
        Row("the same, against eventsourcing 9.5", append, library, append / library, ">= 5", "events/s"),
        Row("sequencer, 500 a batch", sequenced, inserted, sequenced / inserted, ">= 0.8", "events/s"),
    ]


def _event(number: int) -> FindingRecorded:
    return FindingRecorded(
        draw=uuid4(), control_point="AMF-2021-3", case=hashlib.sha256(str(number).encode()).hexdigest(), remark=False
    )


async def _appending(servers: Servers) -> tuple[float, float, float]:
    """Return events a second: ours, bare INSERT, the library; the medians of interleaved rounds."""
    ours, bare, library = [], [], []
    for _ in range(ROUNDS):
        ours.append(await _append_ours(servers))
        bare.append(await _append_bare(servers))
        library.append(await asyncio.to_thread(_append_library, servers))
    return statistics.median(ours), statistics.median(bare), statistics.median(library)


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
            append = StreamAppend(f"review/{number}", 0, [PendingEvent(new_id(), _event(number))])
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
            data = _event(number).model_dump_json().encode()
            await connection.execute("INSERT INTO bare (envelope, data) VALUES ($1, $2)", envelope, data)

    await asyncio.gather(*map(write, connections))
    rate = APPENDS / (time.perf_counter() - started)
    for connection in connections:
        await connection.close()
    return rate


def _append_library(servers: Servers) -> float:
    """The peer in its default, safe mode (table lock, so that its notification ids have no holes), eight threads."""
    database = asyncio.run(servers.database())
    application = Application(env=database.as_library_environment())
    per_thread = count()

    def write() -> None:
        while next(per_thread) < APPENDS // 6:
            application.save(Review())

    started = time.perf_counter()
    with ThreadPoolExecutor(8) as threads:
        for done in [threads.submit(write) for _ in range(8)]:
            done.result()
    rate = APPENDS // 6 / (time.perf_counter() - started)
    application.close()
    return rate


async def _sequencing(servers: Servers) -> tuple[float, float]:
    ours, bare = [], []
    settle()  # as every service does when it starts; the bare loop has it too
    for _ in range(ROUNDS):
        database = await servers.database()
        await migrate(database.owner_url, database.service_role, [LOG])
        connection = await asyncpg.connect(database.service_url)
        store = PostgresStore(await open_pool(database.service_url), "findings", LogSignal())
        for start in range(0, SEQUENCED, 2_000):
            context = CommandContext(uuid4(), "p1", b"h" * 32, datetime.now(UTC), uuid4())
            appends = [
                StreamAppend(f"review/{number}", 0, [PendingEvent(new_id(), _event(number))])
                for number in range(start, start + 2_000)
            ]
            await store.commit(context, appends, b"{}")
        work = await SequencingRun.begin(connection, database.service_url, BATCH)
        started = time.perf_counter()
        while await work.step():
            pass
        ours.append(SEQUENCED / (time.perf_counter() - started))
        bare.append(await _insert_same_rows(connection, database.owner_url))
        await connection.close()
        await store._pool.close()
    return statistics.median(ours), statistics.median(bare)


async def _insert_same_rows(reader: asyncpg.Connection, owner_url: str) -> float:
    """The limit: the same ledger rows into a table of the same shape by unnest, in batches, and nothing else."""
    rows = await reader.fetch("SELECT event_id, leaf_hash, chain_hash FROM ledger ORDER BY position")
    owner = await asyncpg.connect(owner_url)
    await owner.execute("CREATE TABLE same (LIKE ledger INCLUDING ALL)")
    insert = (
        "INSERT INTO same (position, event_id, leaf_hash, chain_hash)"
        " SELECT $1::bigint + e.place - 1, e.id, e.leaf, e.chain"
        " FROM unnest($2::uuid[], $3::bytea[], $4::bytea[]) WITH ORDINALITY AS e (id, leaf, chain, place)"
    )
    started = time.perf_counter()
    for first in range(0, len(rows), BATCH):
        batch = rows[first : first + BATCH]
        columns = [[row[place] for row in batch] for place in range(3)]
        await owner.execute(insert, first + 1, *columns)
    rate = len(rows) / (time.perf_counter() - started)
    await owner.close()
    return rate

"""The sequencer's work on a backlog, against bare inserts of the same rows in the same run."""

import asyncio
import time
from datetime import UTC, datetime
from uuid import uuid4

import asyncpg

from bench.append import event_of
from bench.servers import Servers
from bench.table import Row
from stickprov_kernel.database.migrations import LOG, migrate
from stickprov_kernel.database.pool import open_pool
from stickprov_kernel.garbage import settle
from stickprov_kernel.log.ids import new_id
from stickprov_kernel.log.postgres import PostgresStore
from stickprov_kernel.log.records import CommandContext, PendingEvent, StreamAppend
from stickprov_kernel.log.sequencer import SequencingRun
from stickprov_kernel.log.signal import LogSignal

SEQUENCED = 40_000
BATCH = 500
ROUNDS = 7


def run() -> list[Row]:
    """Return the row on the sequencer."""
    with Servers() as servers:
        ours, bare = asyncio.run(_sequencing(servers))
    return [Row(f"sequencer, {BATCH} a batch", "bare INSERT of the same rows", "events/s", ours, bare, "sequencer")]


async def _sequencing(servers: Servers) -> tuple[list[float], list[float]]:
    """Return events a second of each round: ours, and the bare INSERT of the same rows."""
    ours, bare = list[float](), list[float]()
    settle()  # as every service does when it starts; the bare loop has it too
    for _ in range(ROUNDS):
        database = await servers.database()
        await migrate(database.owner_url, database.service_role, [LOG])
        connection = await asyncpg.connect(database.service_url)
        store = PostgresStore(await open_pool(database.service_url), "findings", LogSignal())
        for start in range(0, SEQUENCED, 2_000):
            context = CommandContext(uuid4(), "p1", b"h" * 32, datetime.now(UTC), uuid4())
            appends = [
                StreamAppend(f"review/{number}", 0, [PendingEvent(new_id(), event_of(number))])
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
    return ours, bare


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

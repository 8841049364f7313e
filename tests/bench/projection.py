"""From Kafka to committed rows, against a bare loop over the same topic in the same run."""

import asyncio
import hashlib
import time
from collections.abc import Sequence
from datetime import UTC, date, datetime
from uuid import uuid4

import asyncpg
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from prometheus_client import CollectorRegistry

from bench.servers import Servers
from bench.table import Row
from stickprov_contracts.envelope import Envelope
from stickprov_contracts.events.base import Period
from stickprov_contracts.events.findings import FindingRecorded
from stickprov_contracts.events.sampler import CaseDrawn
from stickprov_contracts.log import LogHead, LogPage
from stickprov_contracts.topics import FINDINGS_LOG
from stickprov_kernel.database.migrations import migrate
from stickprov_kernel.database.pool import open_pool
from stickprov_kernel.garbage import settle
from stickprov_kernel.inbox.consumer import LogConsumer
from stickprov_kernel.inbox.inbox import Inbox
from stickprov_kernel.inbox.metrics import InboxMetrics
from stickprov_kernel.inbox.protocols import Projection
from stickprov_kernel.log.envelope import decode
from stickprov_kernel.log.ids import new_id
from stickprov_kernel.log.memory import MemoryStore
from stickprov_kernel.log.records import CommandContext, Incoming, PendingEvent, StreamAppend
from stickprov_kernel.messaging.access import KafkaAccess
from stickprov_kernel.messaging.cloudevents import to_headers
from stickprov_kernel.messaging.topics import ensure_topic
from stickprov_kernel.stopping import stopped
from stickprov_reporting.adapters.sql.migrations import FOLDERS
from stickprov_reporting.adapters.sql.projection import StatisticsProjection

EVENTS = 30_000
BATCH = 1_000
ROUNDS = 3
POINT = "AMF-2021-3"
DRAWS = [uuid4() for _ in range(12)]


class NothingToProject:
    """Leaves the inbox alone on the scales: log copy and position."""

    async def apply(self, _connection: asyncpg.Connection, _events: Sequence[Incoming]) -> None:
        return


class NoFeed:
    """Kafka brings everything here."""

    async def head(self) -> LogHead:
        return LogHead(source="findings", position=0, chain_hash="0" * 64, root="0" * 64)

    async def read(self, after: int, limit: int) -> LogPage:
        raise AssertionError(f"the feed was asked for {limit} events behind {after}")


def run() -> list[Row]:
    """Return the rows on consuming."""
    with Servers() as servers:
        projected, copied, bare = asyncio.run(_consuming(servers))
    against = "a bare loop over the same topic"
    return [
        Row("Kafka to projection committed", against, "events/s", projected, bare, "projection"),
        Row("Kafka to log copy committed, no projection", against, "events/s", copied, bare),
    ]


async def _consuming(servers: Servers) -> tuple[list[float], ...]:
    """Return events a second: with case rows and cells, with the log copy alone, bare; of each round."""
    bootstrap = servers.broker().bootstrap
    await _publish(bootstrap)
    settle()  # as every service does when it starts; the bare loop has it too
    projected, copied, bare = list[float](), list[float](), list[float]()
    for number in range(ROUNDS):
        projected.append(await _ours(servers, bootstrap, f"projected-{number}", StatisticsProjection()))
        copied.append(await _ours(servers, bootstrap, f"copied-{number}", NothingToProject()))
        bare.append(await _bare(servers, bootstrap, f"bare-{number}"))
    return projected, copied, bare


async def _publish(bootstrap: str) -> None:
    store = MemoryStore("findings")
    for number in range(EVENTS):
        remark = number % 5 == 0
        event = FindingRecorded(
            draw=DRAWS[number % len(DRAWS)],
            control_point=POINT,
            case=_case(number),
            remark=remark,
            categories=["deposit"] if remark else [],
        )
        append = StreamAppend(f"review/{number}", 0, [PendingEvent(new_id(), event)])
        await store.commit(CommandContext(uuid4(), "p1", b"h" * 32, datetime.now(UTC), uuid4()), [append], b"{}")
    await ensure_topic(KafkaAccess(bootstrap), FINDINGS_LOG)
    async with AIOKafkaProducer(bootstrap_servers=bootstrap, acks="all", enable_idempotence=True) as producer:
        for entry in await store.read(0, EVENTS):
            key = decode(entry.envelope).subject.encode()
            await producer.send(FINDINGS_LOG, entry.data, key, headers=to_headers(entry))
        await producer.flush()


def _case(number: int) -> str:
    return hashlib.sha256(str(number).encode()).hexdigest()


async def _draw_cases(pool: asyncpg.Pool) -> None:
    """Let the cases be drawn that the findings are about."""
    cases = [
        CaseDrawn(
            case=_case(number),
            draw=DRAWS[number % len(DRAWS)],
            control_points=[POINT],
            period=Period(start=date(2021, 1, 1), end=date(2022, 1, 1), label="2021"),
            month=f"2021-{number % len(DRAWS) + 1:02}",
            stratum="",
            order=1,
            inclusion_probability=0.5,
        )
        for number in range(EVENTS)
    ]
    envelope = Envelope.model_construct(streamversion="1", subject="draw/1")
    async with pool.acquire() as connection, connection.transaction():
        for start in range(0, EVENTS, BATCH):
            events = [Incoming(1, b"", envelope, case) for case in cases[start : start + BATCH]]
            await StatisticsProjection().apply(connection, events)


async def _ours(servers: Servers, bootstrap: str, group: str, projection: Projection) -> float:
    """Return events a second, from the first batch's commit to the last's."""
    database = await servers.database()
    await migrate(database.owner_url, database.service_role, FOLDERS)
    pool = await open_pool(database.service_url)
    await _draw_cases(pool)
    metrics = InboxMetrics("bench", CollectorRegistry())
    inbox = Inbox(pool, "findings", projection, NoFeed(), metrics)
    consumer = LogConsumer(KafkaAccess(bootstrap), group, {"findings": inbox}, metrics, max_records=BATCH)
    task = asyncio.create_task(consumer.run())
    rate = await _rate(pool, "SELECT coalesce(max(position), 0) FROM inbox")
    await stopped(task)
    await pool.close()
    return rate


async def _bare(servers: Servers, bootstrap: str, group: str) -> float:
    """The limit: read batches, copy headers and value by unnest, commit, commit the offset; nothing is checked."""
    database = await servers.database()
    owner = await asyncpg.connect(database.owner_url)
    await owner.execute("CREATE TABLE copy (place bigint PRIMARY KEY, chain bytea, envelope bytea, data bytea)")
    pool = await open_pool(database.owner_url)
    task = asyncio.create_task(_bare_loop(owner, bootstrap, group))
    rate = await _rate(pool, "SELECT coalesce(max(place), 0) FROM copy")
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    await pool.close()
    await owner.close()
    return rate


async def _bare_loop(connection: asyncpg.Connection, bootstrap: str, group: str) -> None:
    insert = "INSERT INTO copy SELECT * FROM unnest($1::bigint[], $2::bytea[], $3::bytea[], $4::bytea[])"
    async with AIOKafkaConsumer(
        FINDINGS_LOG,
        bootstrap_servers=bootstrap,
        group_id=group,
        enable_auto_commit=False,
        auto_offset_reset="earliest",
        max_partition_fetch_bytes=4 * 1024 * 1024,
    ) as consumer:
        while True:
            for records in (await consumer.getmany(timeout_ms=200, max_records=BATCH)).values():
                async with connection.transaction():
                    await connection.execute(
                        insert,
                        [record.offset + 1 for record in records],
                        [record.headers[-1][1] for record in records],
                        [b"".join(value for _, value in record.headers) for record in records],
                        [record.value for record in records],
                    )
                await consumer.commit()


async def _rate(pool: asyncpg.Pool, furthest: str) -> float:
    """Return events a second, timed from the first row that is seen to the last, so that joining a group is not."""
    while not (first := await pool.fetchval(furthest)):  # noqa: ASYNC110 - both sides are watched from outside
        await asyncio.sleep(0.002)
    started = time.perf_counter()
    while (await pool.fetchval(furthest)) < EVENTS:  # noqa: ASYNC110 - likewise
        await asyncio.sleep(0.01)
    return (EVENTS - first) / (time.perf_counter() - started)

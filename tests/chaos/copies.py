"""Reads every log and all that was made of it: the tables, the copies of those who hear it, its topic."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Final
from uuid import UUID

import asyncpg
from aiokafka import AIOKafkaConsumer, TopicPartition

from chaos.points import SOURCES
from chaos.world import World
from stickprov_contracts.topics import TOPIC_OF
from stickprov_kernel.log.hashing import GENESIS, chain_hash, leaf_hash

_HEARD_BY: Final = {"sampler": ("findings", "reporting"), "findings": ("reporting",)}
_QUIET_MS: Final = 500

_LEDGER: Final = """
SELECT l.position, l.chain_hash, e.envelope, e.data, e.stream, e.version, e.id
FROM ledger AS l LEFT JOIN event AS e ON e.id = l.event_id ORDER BY l.position
"""
_COPY: Final = "SELECT position, chain_hash, envelope, data FROM inbox_event WHERE source = $1 ORDER BY position"
_UNPLACED: Final = "SELECT count(*) FROM event WHERE id NOT IN (SELECT event_id FROM ledger)"


@dataclass
class Log:
    """One log as its source has it.

    Attributes:
        entries: position, chain hash, envelope and data of each, in order.
        leaves: their leaf hashes, computed anew.
        places: of each event by stream and version, its id.
        unplaced: events without a position.
        forks: positions at which the chain does not follow from the events, or that a copy or the topic has otherwise.
        behind: entries that a copy lacks. on_topic: different records that were compared.
    """

    source: str
    entries: Sequence[tuple[int, bytes, bytes, bytes]]
    leaves: Sequence[bytes]
    places: Mapping[tuple[str, int], UUID]
    unplaced: int
    forks: list[str]
    behind: int = 0
    on_topic: int = 0


@dataclass(frozen=True)
class Published:
    """A record of a log's topic: its place, and what it holds."""

    source: str
    position: int
    chain_hash: bytes
    data_hash: bytes


async def read_logs(world: World, published_before: Iterable[Published] = ()) -> list[Log]:
    """Read all logs, and compare each with every copy, its topic, and what was on the topic before."""
    logs = []
    records = {*published_before, *await published(world)}
    for source in SOURCES:
        log = await _read(world, source)
        for hearer in _HEARD_BY[source]:
            await _compare_copy(world, log, hearer)
        _compare_topic(log, records)
        logs.append(log)
    return logs


async def _read(world: World, source: str) -> Log:
    connection = await asyncpg.connect(world.database_url(source))
    try:
        rows = await connection.fetch(_LEDGER)
        unplaced = await connection.fetchval(_UNPLACED)
    finally:
        await connection.close()
    chain, leaves, forks = GENESIS, [], []
    for number, row in enumerate(rows, start=1):
        leaf = leaf_hash(row["envelope"] or b"", row["data"] or b"")
        chain = chain_hash(chain, leaf)
        leaves.append(leaf)
        if row["position"] != number or row["chain_hash"] != chain:
            forks.append(f"{source} at {number}: the chain does not follow from the events")
    entries = [(row["position"], row["chain_hash"], row["envelope"], row["data"]) for row in rows]
    places = {(row["stream"], row["version"]): row["id"] for row in rows}
    return Log(source, entries, leaves, places, unplaced, forks)


async def _compare_copy(world: World, log: Log, hearer: str) -> None:
    connection = await asyncpg.connect(world.database_url(hearer))
    try:
        copy = [tuple(row) for row in await connection.fetch(_COPY, log.source)]
    finally:
        await connection.close()
    log.behind += len(log.entries) - len(copy)
    log.forks += [
        f"{log.source} at {ours[0]}: the copy of {hearer} has another entry"
        for ours, theirs in zip(log.entries, copy, strict=False)
        if ours != theirs
    ]


async def published(world: World) -> set[Published]:
    """Return what the topics hold now; the broker may have lost some, and hold others twice."""
    found = set()
    for source in SOURCES:
        partition = TopicPartition(TOPIC_OF[source], 0)
        consumer = AIOKafkaConsumer(bootstrap_servers=world.broker.bootstrap, enable_auto_commit=False)
        try:
            await consumer.start()
            consumer.assign([partition])
            end = (await consumer.end_offsets([partition]))[partition]
            await consumer.seek_to_beginning(partition)
            while await consumer.position(partition) < end:
                for record in (await consumer.getmany(partition, timeout_ms=_QUIET_MS)).get(partition, []):
                    headers = dict(record.headers)
                    chain = bytes.fromhex(headers["ce_chainhash"].decode())
                    found.add(
                        Published(source, int(headers["ce_position"]), chain, sha256(record.value or b"").digest())
                    )
        finally:
            await consumer.stop()
    return found


def _compare_topic(log: Log, records: Iterable[Published]) -> None:
    """Compare everything that was ever seen on the log's topic."""
    ours = {(position, chain, sha256(data).digest()) for position, chain, _, data in log.entries}
    for record in records:
        if record.source == log.source:
            log.on_topic += 1
            if (record.position, record.chain_hash, record.data_hash) not in ours:
                log.forks.append(f"{log.source} at {record.position}: the topic has another entry")

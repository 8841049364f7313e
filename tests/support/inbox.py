"""Inboxes of real databases, fed by logs in memory, and a projection that writes down what was applied, in order."""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import asyncpg
from prometheus_client import CollectorRegistry

from stickprov_contracts.log import LogEntry, LogHead, LogPage
from stickprov_contracts.topics import Source
from stickprov_kernel.database.migrations import INBOX
from stickprov_kernel.database.pool import open_pool
from stickprov_kernel.inbox.inbox import Inbox
from stickprov_kernel.inbox.metrics import InboxMetrics
from stickprov_kernel.log.envelope import decode
from stickprov_kernel.log.feed import FeedUnavailableError
from stickprov_kernel.log.memory import MemoryStore
from stickprov_kernel.log.records import Incoming, Sequenced
from stickprov_kernel.log.store import LogReader
from stickprov_kernel.messaging.cloudevents import from_headers, to_headers
from stickprov_kernel.messaging.delivery import Delivery
from support.log import append, command, finding
from support.postgres import Database

APPLIED = "CREATE TABLE applied (place bigint GENERATED ALWAYS AS IDENTITY, source text, position bigint)"


def deliveries(entries: Sequence[Sequenced]) -> list[Delivery]:
    """Return what a consumer makes of log entries that went over Kafka's wire."""
    return [from_headers(to_headers(entry), entry.data) for entry in entries]


async def findings_log(count: int) -> MemoryStore:
    """Return a findings log with one event in each of ``count`` streams."""
    store = MemoryStore("findings")
    await extend(store, count)
    return store


async def extend(store: MemoryStore, count: int) -> None:
    first = (await store.head()).position + 1
    for number in range(first, first + count):
        await store.commit(command(), [append(f"s{number}", 0, finding(number))], b"")


@dataclass
class MemoryFeed:
    """A source's feed without HTTP. ``reader`` may be exchanged, ``away`` makes it fail."""

    source: Source
    reader: LogReader
    away: bool = False
    reads: list[tuple[int, int]] = field(default_factory=list)

    async def head(self) -> LogHead:
        if self.away:
            raise FeedUnavailableError("away")
        head = await self.reader.head()
        return LogHead(
            source=self.source, position=head.position, chain_hash=head.chain_hash.hex(), root=head.root.hex()
        )

    async def read(self, after: int, limit: int) -> LogPage:
        head = await self.head()
        self.reads.append((after, limit))
        return LogPage(
            head=head,
            entries=[
                LogEntry(
                    position=entry.position,
                    chain_hash=entry.chain_hash.hex(),
                    envelope=decode(entry.envelope),
                    data=entry.data.decode(),
                )
                for entry in await self.reader.read(after, limit)
            ],
        )


@dataclass
class Recording:
    """A projection that writes down what it applied; ``before`` may raise for an event."""

    source: Source
    before: Callable[[asyncpg.Connection, Incoming], Awaitable[None]] | None = None
    batches: list[int] = field(default_factory=list)

    async def apply(self, connection: asyncpg.Connection, events: Sequence[Incoming]) -> None:
        self.batches.append(len(events))
        if self.before is not None:
            for event in events:
                await self.before(connection, event)
        await connection.execute(
            "INSERT INTO applied (source, position) SELECT $1, unnest($2::bigint[])",
            self.source,
            [event.position for event in events],
        )


@dataclass
class OpenInbox:
    database: Database
    pool: asyncpg.Pool
    inbox: Inbox
    feed: MemoryFeed
    projection: Recording

    async def applied(self) -> list[int]:
        """Return the applied positions in the order of their application."""
        rows = await self.pool.fetch(
            "SELECT position FROM applied WHERE source = $1 ORDER BY place", self.projection.source
        )
        return [row["position"] for row in rows]

    async def copy(self) -> list[Sequenced]:
        """Return the log copy."""
        rows = await self.pool.fetch(
            "SELECT position, chain_hash, envelope, data FROM inbox_event WHERE source = $1 ORDER BY position",
            self.projection.source,
        )
        return [Sequenced(**dict(row)) for row in rows]

    async def waiting(self) -> list[tuple[int, str, str]]:
        """Return what waits in quarantine: position, type, reason."""
        rows = await self.pool.fetch(
            "SELECT position, type, reason FROM quarantine WHERE requeued_at IS NULL ORDER BY position"
        )
        return [tuple(row) for row in rows]


@asynccontextmanager
async def open_inbox(
    database: Database, reader: LogReader, source: Source = "findings", *, fresh: bool = True
) -> AsyncIterator[OpenInbox]:
    """Open an inbox on a database; ``fresh=False`` for a second one on the same database."""
    if fresh:
        await database.migrated([INBOX])
        owner = await asyncpg.connect(database.owner_url)
        await owner.execute(f"{APPLIED}; GRANT SELECT, INSERT ON applied TO {database.service_role}")
        await owner.close()
    pool = await open_pool(database.service_url, maximum=5)
    feed = MemoryFeed(source, reader)
    projection = Recording(source)
    inbox = Inbox(pool, source, projection, feed, InboxMetrics("test", CollectorRegistry()))
    try:
        await inbox.prepare()
        yield OpenInbox(database, pool, inbox, feed, projection)
    finally:
        await pool.close()

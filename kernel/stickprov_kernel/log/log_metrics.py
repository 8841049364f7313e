"""What a log tells Prometheus about itself, as its tables have it: every process of a service tells the same.

The relay and the sequencer know how far they are only while they lead, and say nothing when they hang.
"""

from collections.abc import Sequence

import asyncpg
from prometheus_client import CollectorRegistry

from stickprov_contracts.events import type_name
from stickprov_contracts.topics import Source
from stickprov_kernel.log.reader import PostgresLogReader
from stickprov_kernel.log.records import StreamAppend
from stickprov_kernel.log.relay import SQL, RelayMetrics
from stickprov_kernel.metrics import Metrics


class LogMetrics:
    """The instruments of one log.

    Attributes:
        position: last position given.
        waiting: committed events without a position.
        stored: events that this process has stored, by type.
    """

    def __init__(self, source: Source, registry: CollectorRegistry) -> None:
        make = Metrics(source, registry)
        self._source = source
        self.position = make.gauge("log_position", "Last position that an event was given")
        self.waiting = make.gauge("sequencer_lag_events", "Committed events that have no position yet")
        self.stored = make.counter("events", "Events stored since the start, by type", ("type",))

    def count(self, appends: Sequence[StreamAppend]) -> None:
        """Count events that were committed."""
        for append in appends:
            for pending in append.events:
                self.stored.labels(type_name(pending.event)).inc()

    async def look(self, pool: asyncpg.Pool, relay: RelayMetrics) -> None:
        """Set what the tables say now; for the relay what its own row says.

        Args:
            pool: of the log's database.
            relay: the relay's instruments.
        """
        reader = PostgresLogReader(pool)
        head = (await reader.head()).position
        published = await pool.fetchval(SQL["published"], self._source) or 0
        self.position.set(head)
        self.waiting.set(await reader.waiting())
        relay.position.set(published)
        relay.lag.set(max(0, head - published))

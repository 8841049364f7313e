"""Publishes a log to its Kafka topic, in order.

What must not break: an entry counts as published only after every in-sync replica has it; the remembered position
stands only behind entries that are published. It does not wait for the disk, so a crash of the database may set it
back. An entry may be published twice (after a failure); consumers skip what they know. What the broker loses afterwards
is not published again: consumers read it from the feed. A log that was restored from an older backup is not published
(see ``guard``).
"""

import asyncio
import time
from collections.abc import Awaitable, Sequence
from typing import Final

import asyncpg
import structlog
from aiokafka import AIOKafkaProducer
from aiokafka.errors import MessageSizeTooLargeError
from prometheus_client import CollectorRegistry

from stickprov_contracts.topics import TOPIC_OF, Source
from stickprov_kernel.database.queries import load_queries
from stickprov_kernel.log.envelope import decode
from stickprov_kernel.log.guard import TopicGuard
from stickprov_kernel.log.leadership import RELAY_LOCK, Leadership
from stickprov_kernel.log.records import Sequenced
from stickprov_kernel.log.signal import Bell, LogSignal
from stickprov_kernel.log.store import LogReader
from stickprov_kernel.log.traces import LogTraces
from stickprov_kernel.messaging.access import KafkaAccess
from stickprov_kernel.messaging.backoff import Backoff
from stickprov_kernel.messaging.cloudevents import headers_of
from stickprov_kernel.messaging.faults import describe
from stickprov_kernel.messaging.producing import ACKNOWLEDGED_SECONDS, PUBLISHING_INTERRUPTIONS, producing
from stickprov_kernel.messaging.topics import ensure_topic
from stickprov_kernel.metrics import Metrics

SQL = load_queries(__package__, "relay.sql")
_POLL_SECONDS: Final = 1.0
_TOPIC_CHECK_SECONDS: Final = 60.0

_log = structlog.get_logger(__name__)


class RelayMetrics:
    """What the relay tells Prometheus.

    Attributes:
        position: last position published.
        lag: sequenced events not published yet, as of the last batch.
        failures: times publishing was interrupted.
        oversized: events that are larger than the broker takes; consumers read them from the feed.
    """

    def __init__(self, service: str, registry: CollectorRegistry) -> None:
        make = Metrics(service, registry)
        self.position = make.gauge("relay_position", "Last position published")
        self.lag = make.gauge("relay_lag_events", "Sequenced events that are not published yet")
        self.failures = make.counter("relay_failures", "Times publishing was interrupted")
        self.oversized = make.counter("relay_oversized_events", "Events larger than the broker takes")


class Relay:
    """Publishes one log for as long as it runs and holds the leadership."""

    def __init__(
        self,
        dsn: str,
        source: Source,
        reader: LogReader,
        signal: LogSignal,
        kafka: KafkaAccess,
        *,
        metrics: RelayMetrics,
        batch: int = 500,
        guard: TopicGuard | None = None,
        traces: LogTraces | None = None,
    ) -> None:
        """Make a relay.

        Args:
            dsn: the service's own database, by a direct connection.
            source: whose log it is; says the topic.
            reader: the sequenced log.
            signal: rings when something was sequenced.
            kafka: where the brokers are and how to be let in.
            metrics: the relay's instruments.
            batch: how many entries are under way at once, at most.
            guard: says whether the log may go on; without one it always may.
            traces: hears of each batch; without one nothing is traced.
        """
        self._traces = traces
        self._leadership = Leadership(dsn, RELAY_LOCK)
        self._source = source
        self._topic = TOPIC_OF[source]
        self._reader = reader
        self._signal = signal
        self._kafka = kafka
        self._metrics = metrics
        self._batch = batch
        self._guard = guard
        self._backoff = Backoff()
        self._published = 0
        self._sequenced = 0
        self._leading = False
        self._trouble: str | None = None
        self._moved = Bell()

    def lag(self) -> int:
        """Return how many sequenced events are not published yet, as of the last look. A standby does not look."""
        return max(0, self._sequenced - self._published)

    def trouble(self) -> str | None:
        """Return what stopped it last; None since it has got to the broker again."""
        return self._trouble

    async def run(self) -> None:
        """Publish until cancelled. A lost database or broker is waited for, ever longer up to a bound."""
        while True:
            try:
                async with self._leadership.held() as connection:
                    await self._lead(connection)
            except PUBLISHING_INTERRUPTIONS as error:
                wait = self._backoff.next()
                self._metrics.failures.inc()
                self._trouble = describe(error)
                _log.warning("relay-interrupted", topic=self._topic, reason=self._trouble, retry_seconds=wait)
                await asyncio.sleep(wait)

    async def drain(self, within: float) -> bool:
        """Wait until everything that is sequenced now is published, at most ``within`` seconds; return whether it is.

        Call it while ``run`` still runs. Nothing depends on it: what is left is published after the next start.
        """
        try:
            async with asyncio.timeout(within):
                target = (await self._reader.head()).position
                while self._leading and self._published < target:
                    await self._moved.wait(within)
        except TimeoutError:
            pass
        return self.lag() == 0

    async def _lead(self, connection: asyncpg.Connection) -> None:
        if self._guard is not None:
            await self._guard.agreed()
        await connection.execute(SQL["write_behind"])
        await connection.execute(SQL["prepare"], self._source)
        self._published = await connection.fetchval(SQL["published"], self._source)
        self._note((await self._reader.head()).position)
        async with producing(self._kafka, self._topic) as producer:
            self._leading, self._trouble = True, None
            try:
                await self._publish_all(connection, producer)
            finally:
                self._leading = False
                self._moved.ring()

    async def _publish_all(self, connection: asyncpg.Connection, producer: AIOKafkaProducer) -> None:
        checked = time.monotonic()
        while True:
            entries = await self._reader.read(self._published, self._batch)
            if entries:
                self._note(entries[-1].position)
                if self._traces is None:
                    await self._publish(producer, entries)
                else:
                    await self._publish_traced(producer, entries, self._traces)
                await self._advance(connection, entries[-1].position)
            if len(entries) < self._batch:
                await self._signal.wait_sequenced(_POLL_SECONDS)
            else:
                self._note((await self._reader.head()).position)
            if time.monotonic() - checked > _TOPIC_CHECK_SECONDS:
                # A broker that lost its data makes the topic anew by itself, to be kept for seven days.
                await ensure_topic(self._kafka, self._topic)
                checked = time.monotonic()

    async def _advance(self, connection: asyncpg.Connection, position: int) -> None:
        await connection.execute(SQL["advance"], self._source, position)
        self._published = position
        self._note(position)
        self._backoff.reset()

    def _note(self, sequenced: int) -> None:
        self._sequenced = max(self._sequenced, sequenced)
        self._metrics.position.set(self._published)
        self._metrics.lag.set(self.lag())
        self._moved.ring()

    async def _publish_traced(
        self, producer: AIOKafkaProducer, entries: Sequence[Sequenced], traces: LogTraces
    ) -> None:
        """Publish entries as parts of the spans of their being sent."""
        spans, entries = traces.sending(entries)
        try:
            await self._publish(producer, entries)
        except BaseException as error:
            spans.fail(type(error).__name__)
            raise
        finally:
            spans.end()

    async def _publish(self, producer: AIOKafkaProducer, entries: Sequence[Sequenced]) -> None:
        """Send entries in one go and wait until all are acknowledged."""
        async with asyncio.timeout(ACKNOWLEDGED_SECONDS):
            sent = [await self._send(producer, entry) for entry in entries]
            for entry, result in zip(entries, await asyncio.gather(*sent, return_exceptions=True), strict=True):
                if isinstance(result, MessageSizeTooLargeError):
                    self._too_large(entry.position)
                elif isinstance(result, BaseException):
                    raise result

    async def _send(self, producer: AIOKafkaProducer, entry: Sequenced) -> Awaitable[object]:
        envelope = decode(entry.envelope)
        headers = headers_of(envelope, entry)
        if self._kafka.vouching is not None:
            headers.append(self._kafka.vouching.header(entry.position, entry.chain_hash))
        try:
            # A log has one partition. Left to find it, the library hashes the key in Python, 30 µs an event.
            on_its_way: Awaitable[object] = await producer.send(
                self._topic, entry.data, envelope.subject.encode(), partition=0, headers=headers
            )
        except MessageSizeTooLargeError as error:
            on_its_way = asyncio.get_running_loop().create_future()
            on_its_way.set_exception(error)
        return on_its_way

    def _too_large(self, position: int) -> None:
        """Leave a gap where the broker takes no record of this size: consumers close it from the feed."""
        self._metrics.oversized.inc()
        _log.warning("event-too-large-for-broker", topic=self._topic, position=position)

"""Listens to one log's topic and brings what it hears to the inbox.

What must not break: a batch's offset is committed only after the inbox's transaction; a batch that could not be
applied is put back and waited for, never skipped and never tried in a hot loop; no line that is logged here or by a
library holds a message's body. Kafka's offsets only say where to listen on: the truth about what was applied is the
inbox's position.
"""

import asyncio
import logging
import math
import time
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from itertools import zip_longest
from typing import Any, Final, TypeAlias

import structlog
from aiokafka import AIOKafkaConsumer, ConsumerRecord, TopicPartition
from aiokafka.errors import KafkaError
from faststream.exceptions import NackMessage
from faststream.kafka import KafkaBroker
from faststream.kafka.message import FAKE_CONSUMER, KafkaAckableMessage
from faststream.kafka.schemas import Topic
from faststream.kafka.subscriber.usecase import BatchSubscriber
from faststream.message import StreamMessage
from faststream.middlewares import AckPolicy

from stickprov_contracts.topics import TOPIC_OF, Source
from stickprov_contracts.tracing.context import HEADER as TRACEPARENT
from stickprov_kernel.inbox.inbox import Inbox
from stickprov_kernel.inbox.metrics import InboxMetrics
from stickprov_kernel.messaging.access import KafkaAccess
from stickprov_kernel.messaging.apart import ended, started
from stickprov_kernel.messaging.backoff import Backoff
from stickprov_kernel.messaging.cloudevents import NotALogRecordError, from_headers
from stickprov_kernel.messaging.delivery import Delivery, TracedDelivery
from stickprov_kernel.messaging.faults import describe
from stickprov_kernel.messaging.pacing import pace, wait_for_records
from stickprov_kernel.messaging.topics import ensure_topic
from stickprov_kernel.messaging.vouching import Vouching

_Batch: TypeAlias = tuple[ConsumerRecord[bytes, bytes], ...]

_START_SECONDS: Final = 60.0
_PROBE_SECONDS: Final = 10.0
_GRACE_SECONDS: Final = 10.0
# Of the polls before the consumer is told to wait for records: so long they take, and so long the library sleeps then.
_IDLE_POLL_MS: Final = 20
_RETRY_MS: Final = 500
# The shortest that Kafka allows by default: how long a member that was killed keeps its partition.
_SESSION_MS: Final = 6_000
_HEARTBEAT_MS: Final = 2_000
_FETCH_BYTES: Final = 4 * 1024 * 1024
_PARTS: Final = 5
"""How many transactions' worth of records are taken from the library at once: all but the first are read ahead."""

_log = structlog.get_logger(__name__)


class Subscription:
    """One source's topic, one inbox.

    Attributes:
        source: short name of the source.
        inbox: where its log goes.
        connected: whether the topic is listened to.
        compared_at: when the inbox was last compared with the source's feed, on the monotonic clock.
    """

    def __init__(
        self,
        kafka: KafkaAccess,
        group: str,
        source: Source,
        inbox: Inbox,
        metrics: InboxMetrics,
        *,
        watchdog_seconds: float,
        max_records: int,
        instance: str | None = None,
        traced: bool = False,
    ) -> None:
        self.source = source
        self._read_delivery = _traced_delivery if traced else _delivery
        self.inbox = inbox
        self.connected = False
        self.compared_at = -math.inf
        self._kafka = kafka
        # A group for each log: when the members of one are rearranged, the others go on.
        self._group = f"{group}.{source}"
        self._topic = TOPIC_OF[source]
        self._metrics = metrics
        self._watchdog_seconds = watchdog_seconds
        self._max_records = max_records
        self._instance = instance
        self._connecting = Backoff()
        self._retrying = Backoff()
        self._leaving = asyncio.Event()
        self._subscriber: BatchSubscriber | None = None
        self._handled = 0
        self._busy = False

    async def run(self) -> None:
        """Listen until cancelled. A broker that is away, at start or later, is waited for."""
        while True:
            try:
                await ensure_topic(self._kafka, self._topic)
                async with self._listening():
                    self._connecting.reset()
                    await self._watch()
            except Exception as error:  # noqa: BLE001 - whatever it is, not listening is worse than trying again
                wait = self._connecting.next()
                _log.warning("consumer-not-connected", topic=self._topic, reason=describe(error), retry_seconds=wait)
                await asyncio.sleep(wait)
            else:
                self._metrics.restarts.labels(self.source).inc()
                _log.warning("consumer-restarted", topic=self._topic, reason="records wait and nothing moves")

    @asynccontextmanager
    async def _listening(self) -> AsyncIterator[None]:
        broker = self._broker()
        self._leaving.clear()
        try:
            async with asyncio.timeout(_START_SECONDS):
                await started(broker.start())
            if self._subscriber is not None and self._subscriber.consumer is not None:
                pace(self._subscriber.consumer)
                wait_for_records(self._subscriber.consumer)
            self.connected = True
            _log.info("consumer-connected", topic=self._topic, group=self._group)
            yield
        finally:
            self.connected = False
            self._leaving.set()
            await ended(broker.stop(), 2 * _GRACE_SECONDS)

    def _broker(self) -> KafkaBroker:
        broker = KafkaBroker(
            self._kafka.bootstrap,
            security=self._kafka.security(),
            client_id=f"stickprov-{self._group}",
            consumer_only=True,
            apply_types=False,
            retry_backoff_ms=_RETRY_MS,
            graceful_timeout=_GRACE_SECONDS,
            logger=_BodilessLogger(),
            log_level=logging.DEBUG,
        )

        async def parse(records: _Batch) -> KafkaAckableMessage:
            return KafkaAckableMessage(body=b"", raw_message=records, consumer=subscriber.consumer or FAKE_CONSUMER)

        async def decode(message: StreamMessage[_Batch]) -> _Batch:
            return message.raw_message

        subscriber = broker.subscriber(
            Topic(self._topic, declare=False),
            group_id=self._group,
            group_instance_id=self._instance,
            batch=True,
            max_records=_PARTS * self._max_records,
            batch_timeout_ms=_IDLE_POLL_MS,
            auto_offset_reset="earliest",
            ack_policy=AckPolicy.NACK_ON_ERROR,
            session_timeout_ms=_SESSION_MS,
            heartbeat_interval_ms=_HEARTBEAT_MS,
            max_partition_fetch_bytes=_FETCH_BYTES,
            parser=parse,
            decoder=decode,
        )
        subscriber(self._handle)
        self._subscriber = subscriber
        return broker

    async def _handle(self, records: _Batch) -> None:
        self._busy = True
        try:
            with self._metrics.batch.labels(self.source).time():
                await self._apply(records)
        except Exception as error:  # noqa: BLE001 - it is put back, whatever it is
            await self._put_back(error)
        finally:
            self._busy = False
        self._handled += 1
        self._retrying.reset()

    async def _apply(self, records: _Batch) -> None:
        """Apply records in order, a transaction's worth at a time; the next are read while the database copies some."""
        parts = [
            _Part(self._read, records[start : start + self._max_records])
            for start in range(0, len(records), self._max_records)
        ]
        for part, following in zip_longest(parts, parts[1:]):
            await self.inbox.receive(part.deliveries(), meanwhile=following.deliveries if following else None)

    def _read(self, records: Sequence[ConsumerRecord[bytes, bytes]]) -> list[Delivery]:
        """Return the log entries among the records. What a stranger left on the topic opens a gap at most."""
        deliveries = []
        for record in records:
            try:
                deliveries.append(self._read_delivery(record, self._kafka.vouching))
            except NotALogRecordError as error:
                self._metrics.damaged.labels(self.source).inc()
                _log.error("not-a-log-record", topic=self._topic, offset=record.offset, reason=str(error))
        return deliveries

    async def _put_back(self, error: Exception) -> None:
        """Wait, ever longer up to a bound, then ask for the same batch again."""
        wait = self._retrying.next()
        self._metrics.faults.labels(self.source).inc()
        _log.warning("batch-put-back", topic=self._topic, reason=describe(error), retry_seconds=wait)
        with suppress(TimeoutError):
            async with asyncio.timeout(wait):
                await self._leaving.wait()
        raise NackMessage

    async def _watch(self) -> None:
        """Return when records wait on the topic and nothing moves for the watchdog's time: the consumer hangs.

        Progress is the group's, so the replica that has no partition does not take its idleness for a fault.
        """
        last: tuple[int, int] | None = None
        since = time.monotonic()
        while True:
            await asyncio.sleep(self._watchdog_seconds / 3)
            try:
                end, committed = await self._offsets()
            except (OSError, TimeoutError, KafkaError):
                # The broker is away, which the library waits for by itself.
                last = None
                continue
            progress = (committed, self._handled)
            if committed >= end or self._busy or progress != last:
                last, since = progress, time.monotonic()
            elif time.monotonic() - since >= self._watchdog_seconds:
                return

    async def _offsets(self) -> tuple[int, int]:
        """Return where the topic ends and how far the group has come, asked on a connection of its own."""
        partition = TopicPartition(self._topic, 0)
        probe = AIOKafkaConsumer(**self._kafka.client_options(), group_id=self._group, enable_auto_commit=False)
        try:
            async with asyncio.timeout(_PROBE_SECONDS):
                await started(probe.start())
                ends = await probe.end_offsets([partition])
                return ends[partition], await probe.committed(partition) or 0
        finally:
            await ended(probe.stop(), _PROBE_SECONDS)


def _delivery(record: ConsumerRecord[bytes, bytes], vouching: Vouching | None) -> Delivery:
    """Read a record.

    Raises:
        NotALogRecordError: it is no entry of a log, its key is not that entry's stream, or a stranger wrote it.
    """
    delivery = from_headers(record.headers, record.value)
    if record.key != delivery.envelope.subject.encode():
        raise NotALogRecordError("the record's key is not its ce_subject")
    if vouching is not None:
        vouching.check(record.headers, delivery)
    return delivery


def _traced_delivery(record: ConsumerRecord[bytes, bytes], vouching: Vouching | None) -> Delivery:
    """Read a record with the trace that it belongs to, if it came with one. Raises as ``_delivery`` does."""
    delivery = _delivery(record, vouching)
    for name, value in record.headers:
        if name == TRACEPARENT and value is not None:
            traceparent = value.decode("latin-1")
            return TracedDelivery(
                delivery.position,
                delivery.chain_hash,
                delivery.envelope,
                delivery.envelope_bytes,
                delivery.data,
                traceparent,
            )
    return delivery


class _Part:
    """Some records that are read once, when it suits."""

    def __init__(self, read: Callable[[_Batch], list[Delivery]], records: _Batch) -> None:
        self._read = read
        self._records = records
        self._deliveries: list[Delivery] | None = None

    def deliveries(self) -> list[Delivery]:
        """Return the log entries among the records."""
        if self._deliveries is None:
            self._deliveries = self._read(self._records)
        return self._deliveries


class _BodilessLogger:
    """Lets through that the library failed, and with what kind of error, but no text that may quote a message."""

    def log(
        self,
        level: int,
        msg: Any,  # noqa: ARG002, ANN401 - dropped on purpose
        /,
        *,
        exc_info: Any = None,  # noqa: ANN401 - the library's own signature
        extra: Mapping[str, Any] | None = None,
    ) -> None:
        if level >= logging.ERROR:
            topic = (extra or {}).get("topic", "")
            _log.warning("consumer-library-error", topic=topic, reason=type(exc_info).__name__)

"""Notices that a log was restored from an older backup, by what its own topic holds of it.

What must not break: a log that its topic goes beyond, or contradicts, gives no positions, publishes nothing and takes
no commands, because whatever it did would be a second history of the same log; a broker that is away or empty blocks
nothing; a single record that may have been altered on the way blocks nothing either.
"""

import asyncio
import math
import time
from collections.abc import Mapping, Sequence
from typing import ClassVar, Final

import structlog
from aiokafka import AIOKafkaConsumer, TopicPartition
from prometheus_client import CollectorRegistry

from stickprov_contracts.topics import TOPIC_OF, Source
from stickprov_kernel.errors import UnavailableError
from stickprov_kernel.http.health import Condition
from stickprov_kernel.inbox.planning import continues
from stickprov_kernel.log.hashing import GENESIS
from stickprov_kernel.log.reader import PostgresLogReader
from stickprov_kernel.messaging.access import KafkaAccess
from stickprov_kernel.messaging.apart import ended, started
from stickprov_kernel.messaging.cloudevents import NotALogRecordError, from_headers
from stickprov_kernel.messaging.delivery import Delivery
from stickprov_kernel.messaging.faults import describe
from stickprov_kernel.messaging.topics import ensure_topic
from stickprov_kernel.metrics import Metrics

_LAST_RECORDS: Final = 1_000
"""More than a relay publishes at once, so that the furthest one is among them also after an interruption."""
_LOOK_SECONDS: Final = 5.0
_FRESH_SECONDS: Final = 5.0
_AGAIN_SECONDS: Final = 5.0
_FETCH_MS: Final = 200

_log = structlog.get_logger(__name__)


class LogBehindError(UnavailableError):
    """The log was restored from an older backup: its topic holds events that it has lost."""

    code: ClassVar[str] = "log-behind"
    title: ClassVar[str] = "The log was restored from an older backup"


class TopicGuard:
    """Compares a log with its topic.

    Attributes:
        disagreement: how the topic disagrees with the log, in words; None while it does not, as far as is known.
    """

    def __init__(
        self, source: Source, reader: PostgresLogReader, kafka: KafkaAccess, registry: CollectorRegistry
    ) -> None:
        self.disagreement: str | None = None
        self._source = source
        self._topic = TOPIC_OF[source]
        self._reader = reader
        self._kafka = kafka
        self._compared_at = -math.inf
        self._failed_at = -math.inf
        self._first_look = asyncio.Event()
        self._looking = asyncio.Lock()
        self._behind = Metrics(source, registry).gauge("log_behind", "1 while the topic goes beyond the log")

    async def look(self) -> None:
        """Compare now, unless that was done a moment ago.

        Raises:
            Exception: the broker or the database does not answer soon; nothing is known then.
        """
        async with self._looking:
            if time.monotonic() - self._compared_at < _FRESH_SECONDS:
                return
            try:
                async with asyncio.timeout(_LOOK_SECONDS):
                    records = await self._last_records()
                    # The log is read after its topic: whatever was published by then is there.
                    self._conclude(await self._compare(records))
            except BaseException:
                self._failed_at = time.monotonic()
                raise
            finally:
                self._first_look.set()
            self._compared_at = time.monotonic()

    async def agreed(self) -> None:
        """Return once the log was compared with its topic and agrees, as whoever publishes must know.

        Raises:
            Exception: the broker or the database does not answer soon.
        """
        await self.look()
        while self.disagreement is not None:
            await asyncio.sleep(_AGAIN_SECONDS)
            await self.look()

    async def allowed(self) -> None:
        """Return once the log may go on: soon, unless its topic disagrees. A broker that is away is not waited for."""
        while True:
            if time.monotonic() - self._failed_at > _FRESH_SECONDS:
                await self._try()
            if self.disagreement is None:
                return
            await asyncio.sleep(_AGAIN_SECONDS)

    async def watch(self) -> None:
        """Look until the log was once found to agree, then rest. Every process does, for every process commits."""
        while self._compared_at == -math.inf or self.disagreement is not None:
            await self._try()
            await asyncio.sleep(_AGAIN_SECONDS)
        await asyncio.Event().wait()

    async def _try(self) -> None:
        try:
            await self.look()
        except Exception as error:  # noqa: BLE001 - whatever is away, not knowing blocks nothing
            _log.info("log-not-compared", topic=self._topic, reason=describe(error))

    async def admit(self) -> None:
        """Let a command pass.

        Raises:
            LogBehindError: the log has lost events; what is stored now would contradict them.
        """
        await self._first_look.wait()
        if self.disagreement is not None:
            raise LogBehindError(
                f"The log of {self._source} was restored from an older backup and has lost events. "
                "Nothing is recorded until an operator has recovered them."
            )

    async def condition(self) -> Condition:
        """Return whether the log may go on, for ``Health``."""
        if self.disagreement is not None:
            return Condition(ok=False, detail=f"{self.disagreement}; recover it (docs/runbook/restore.md)")
        if self._compared_at == -math.inf:
            return Condition(ok=True, detail="not compared with its topic yet")
        return Condition(ok=True, detail="agrees with its topic")

    def _conclude(self, disagreement: str | None) -> None:
        if disagreement is not None and disagreement != self.disagreement:
            _log.critical("log-behind-its-topic", topic=self._topic, reason=disagreement)
        self.disagreement = disagreement
        self._behind.set(disagreement is not None)

    async def _compare(self, records: Sequence[Delivery]) -> str | None:
        positions = {position for record in records for position in (record.position - 1, record.position)}
        own = {0: GENESIS, **await self._reader.chain_hashes(sorted(positions))}
        return contradiction(records, own, (await self._reader.head()).position)

    async def _last_records(self) -> list[Delivery]:
        await ensure_topic(self._kafka, self._topic)
        partition = TopicPartition(self._topic, 0)
        consumer = AIOKafkaConsumer(
            **self._kafka.client_options(), enable_auto_commit=False, fetch_max_wait_ms=_FETCH_MS
        )
        try:
            await started(consumer.start())
            consumer.assign([partition])
            end = (await consumer.end_offsets([partition]))[partition]
            begin = max((await consumer.beginning_offsets([partition]))[partition], end - _LAST_RECORDS)
            consumer.seek(partition, begin)
            records: list[Delivery] = []
            while begin < end and await consumer.position(partition) < end:
                for record in (await consumer.getmany(partition, timeout_ms=_FETCH_MS)).get(partition, []):
                    try:
                        delivery = from_headers(record.headers, record.value)
                        if self._kafka.vouching is not None:
                            self._kafka.vouching.check(record.headers, delivery)
                        records.append(delivery)
                    except NotALogRecordError:
                        continue
            return records
        finally:
            await ended(consumer.stop())


def contradiction(records: Sequence[Delivery], own: Mapping[int, bytes], head: int) -> str | None:
    """Return how records of a log's topic contradict the log, if they do.

    A record counts only if it continues an entry of the log or another record: then some log had it. One that was
    altered continues nothing.

    Args:
        records: of the topic, in any order.
        own: the log's chain hash at each of their positions and the ones before, as far as it has them; 32 zero bytes
            for position 0.
        head: the log's last position.
    """
    on_topic: dict[int, set[bytes]] = {}
    for record in records:
        on_topic.setdefault(record.position, set()).add(record.chain_hash)
    foreign = [
        record.position
        for record in records
        if own.get(record.position) != record.chain_hash
        and any(
            continues(chain, record)
            for chain in {*on_topic.get(record.position - 1, ()), own.get(record.position - 1, b"")}
        )
    ]
    if not foreign:
        return None
    if min(foreign) <= head:
        return f"the log has another event at position {min(foreign)} than its topic"
    return f"the log ends at {head}, but its topic goes on to {max(foreign)}"

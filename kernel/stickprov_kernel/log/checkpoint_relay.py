"""Publishes a log's checkpoints on Kafka, in the order of their sizes.

What must not break: a checkpoint counts as published only after every in-sync replica has it. It may be published
twice, and the broker may lose it: whoever wants all of them asks the log's service.
"""

import asyncio
from typing import Final

import asyncpg
import structlog
from aiokafka import AIOKafkaProducer

from stickprov_contracts.topics import CHECKPOINTS
from stickprov_kernel.database.queries import load_queries
from stickprov_kernel.log.checkpoints import SQL
from stickprov_kernel.log.leadership import CHECKPOINT_LOCK, Leadership
from stickprov_kernel.log.signal import Bell
from stickprov_kernel.messaging.access import KafkaAccess
from stickprov_kernel.messaging.backoff import Backoff
from stickprov_kernel.messaging.faults import describe
from stickprov_kernel.messaging.producing import ACKNOWLEDGED_SECONDS, PUBLISHING_INTERRUPTIONS, producing

_RELAY: Final = load_queries(__package__, "relay.sql")
_ROW: Final = "checkpoints"
"""Name under which the relay's table remembers the size of the last one that was published."""
_POLL_SECONDS: Final = 30.0
_BATCH: Final = 100

_log = structlog.get_logger(__name__)


class CheckpointRelay:
    """Publishes for as long as it runs and holds the leadership; connects to Kafka only while there is something."""

    def __init__(self, dsn: str, origin: str, kafka: KafkaAccess, made: Bell) -> None:
        """Make a relay.

        Args:
            dsn: the service's own database, by a direct connection.
            origin: the log's, which is the records' key.
            kafka: where the brokers are and how to be let in.
            made: rings when there is a new checkpoint.
        """
        self._leadership = Leadership(dsn, CHECKPOINT_LOCK)
        self._key = origin.encode()
        self._kafka = kafka
        self._made = made

    async def run(self) -> None:
        """Publish until cancelled. A lost database or broker is waited for, ever longer up to a bound."""
        backoff = Backoff()
        while True:
            try:
                async with self._leadership.held() as connection:
                    await connection.execute(_RELAY["prepare"], _ROW)
                    while True:
                        await self._publish_waiting(connection)
                        backoff.reset()
                        await self._made.wait(_POLL_SECONDS)
            except PUBLISHING_INTERRUPTIONS as error:
                wait = backoff.next()
                _log.warning("checkpoint-relay-interrupted", reason=describe(error), retry_seconds=wait)
                await asyncio.sleep(wait)

    async def _publish_waiting(self, connection: asyncpg.Connection) -> None:
        published = await connection.fetchval(_RELAY["published"], _ROW)
        notes = await connection.fetch(SQL["notes_to_publish"], published, _BATCH)
        if not notes:
            return
        async with producing(self._kafka, CHECKPOINTS) as producer:
            while notes:
                await self._send(producer, [row["note"] for row in notes])
                published = notes[-1]["size"]
                await connection.execute(_RELAY["advance"], _ROW, published)
                notes = await connection.fetch(SQL["notes_to_publish"], published, _BATCH)

    async def _send(self, producer: AIOKafkaProducer, notes: list[bytes]) -> None:
        headers = [("content-type", b"text/plain; charset=utf-8")]
        async with asyncio.timeout(ACKNOWLEDGED_SECONDS):
            sent = [await producer.send(CHECKPOINTS, note, self._key, partition=0, headers=headers) for note in notes]
            await asyncio.gather(*sent)

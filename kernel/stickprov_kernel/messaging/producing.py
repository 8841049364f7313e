"""A producer for one topic, which exists as it should before the first record."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError

from stickprov_kernel.messaging.access import KafkaAccess
from stickprov_kernel.messaging.apart import ended, started
from stickprov_kernel.messaging.faults import DATABASE_INTERRUPTIONS
from stickprov_kernel.messaging.topics import TopicMisconfiguredError, ensure_topic

ACKNOWLEDGED_SECONDS: Final = 30.0
"""How long to wait until every in-sync replica has what was sent, before the broker counts as away."""

PUBLISHING_INTERRUPTIONS: Final = (*DATABASE_INTERRUPTIONS, KafkaError, TopicMisconfiguredError)
"""After these whoever publishes from a log's tables begins again."""

_REQUEST_MS: Final = 5_000


@asynccontextmanager
async def producing(kafka: KafkaAccess, topic: str) -> AsyncIterator[AIOKafkaProducer]:
    """Yield a producer that waits for all in-sync replicas and sends nothing twice."""
    await ensure_topic(kafka, topic)
    producer = AIOKafkaProducer(
        **kafka.client_options(), acks="all", enable_idempotence=True, request_timeout_ms=_REQUEST_MS
    )
    try:
        async with asyncio.timeout(ACKNOWLEDGED_SECONDS):
            await started(producer.start())
        yield producer
    finally:
        await _stop(producer)


async def _stop(producer: AIOKafkaProducer) -> None:
    """Stop a producer even when the broker it waits for is away."""
    if not await ended(producer.stop()):
        await ended(producer.client.close())

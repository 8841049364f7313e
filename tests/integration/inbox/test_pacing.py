"""A broker that answers empty fetches at once is asked seldom, and what comes is heard at once."""

import asyncio

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka.errors import ConsumerStoppedError
from aiokafka.protocol.fetch import FetchRequest

from stickprov_kernel.messaging.pacing import pace, wait_for_records
from stickprov_kernel.messaging.topics import ensure_topic
from support.broker import Broker


async def test_an_idle_consumer_asks_seldom_and_still_hears_what_comes(broker: Broker):
    await ensure_topic(broker.access, "idle")
    fetches = 0
    async with AIOKafkaConsumer("idle", bootstrap_servers=broker.bootstrap, auto_offset_reset="earliest") as consumer:
        send = consumer._client.send

        async def count(node_id, request, **options):
            nonlocal fetches
            fetches += isinstance(request, FetchRequest)
            return await send(node_id, request, **options)

        consumer._client.send = count
        pace(consumer)
        while fetches < 5:
            await consumer.getmany(timeout_ms=20)
        asked_before = fetches
        for _ in range(10):
            await consumer.getmany(timeout_ms=20)
        asked = fetches - asked_before

        async with AIOKafkaProducer(bootstrap_servers=broker.bootstrap) as producer:
            await producer.send_and_wait("idle", b"at last")
        heard = await consumer.getone()

    # Unpaced it is several hundred.
    assert asked < 100
    assert heard.value == b"at last"


async def test_a_poll_that_ends_early_still_waits_for_what_comes(broker: Broker):
    await ensure_topic(broker.access, "late")
    async with AIOKafkaConsumer("late", bootstrap_servers=broker.bootstrap, auto_offset_reset="earliest") as consumer:
        wait_for_records(consumer)
        poll = asyncio.create_task(consumer.getmany(timeout_ms=1))
        async with AIOKafkaProducer(bootstrap_servers=broker.bootstrap) as producer:
            await producer.send_and_wait("late", b"at last")
        found = await poll

    assert [record.value for records in found.values() for record in records] == [b"at last"]


async def test_stopping_ends_a_poll_that_waits(broker: Broker):
    await ensure_topic(broker.access, "silent")
    consumer = AIOKafkaConsumer("silent", bootstrap_servers=broker.bootstrap)
    await consumer.start()
    wait_for_records(consumer)
    poll = asyncio.create_task(consumer.getmany(timeout_ms=1))

    await consumer.stop()

    with pytest.raises(ConsumerStoppedError):
        await poll

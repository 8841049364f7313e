"""Checkpoints' way to their topic: byte for byte what was signed, in order, counted once every replica has it."""

import asyncio
from datetime import UTC, datetime

import pytest
from aiokafka import AIOKafkaConsumer
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType

from stickprov_contracts.topics import CHECKPOINTS
from stickprov_kernel.log.checkpoint_relay import CheckpointRelay
from stickprov_kernel.log.checkpoints import Checkpoints
from stickprov_kernel.log.signal import Bell
from stickprov_kernel.messaging.producing import producing
from support.broker import Broker
from support.logs import logging_to_memory
from support.notes import signing_key
from support.pipeline import Pipeline, running
from support.waiting import eventually

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
KEY = signing_key()


@pytest.fixture
async def checkpoints(pipeline: Pipeline) -> Checkpoints:
    kept = Checkpoints(pipeline.log.pool)
    await kept.adopt(KEY, None, NOW)
    return kept


async def signed(pipeline: Pipeline, checkpoints: Checkpoints, made: Bell, *, times: int = 1) -> list[bytes]:
    """Let the log grow and sign it, so many times; return the notes."""
    notes = []
    for _ in range(times):
        await pipeline.record(2)
        notes.append((await checkpoints.make(KEY, "interval", NOW))[0].note)
    made.ring()
    return notes


def relay(pipeline: Pipeline, made: Bell) -> CheckpointRelay:
    return CheckpointRelay(pipeline.log.database.service_url, KEY.name, pipeline.broker.access, made)


async def on_the_topic(broker: Broker, count: int) -> list[tuple[bytes, bytes]]:
    async with AIOKafkaConsumer(
        CHECKPOINTS, bootstrap_servers=broker.bootstrap, auto_offset_reset="earliest"
    ) as consumer:
        records = [await asyncio.wait_for(consumer.getone(), 20) for _ in range(count)]
        assert await consumer.end_offsets(consumer.assignment()) == {next(iter(consumer.assignment())): count}
    return [(record.key, record.value) for record in records]


async def published(pipeline: Pipeline) -> int:
    return await pipeline.log.pool.fetchval("SELECT coalesce(max(position), 0) FROM relay WHERE log = 'checkpoints'")


async def reached(pipeline: Pipeline, size: int) -> None:
    async def there() -> bool:
        return await published(pipeline) == size

    await eventually(there, bound=60, what=f"the checkpoint of {size} events on its topic")


async def test_notes_are_published_in_order_with_the_origin_as_key(pipeline: Pipeline, checkpoints: Checkpoints):
    made = Bell()
    earlier = await signed(pipeline, checkpoints, made, times=3)
    async with running(relay(pipeline, made).run()):
        await reached(pipeline, 6)
        later = await signed(pipeline, checkpoints, made, times=2)
        await reached(pipeline, 10)

    assert await on_the_topic(pipeline.broker, 5) == [(b"example.org/log", note) for note in [*earlier, *later]]


async def test_the_topic_keeps_them_for_ever(pipeline: Pipeline, checkpoints: Checkpoints):
    made = Bell()
    await signed(pipeline, checkpoints, made)
    async with running(relay(pipeline, made).run()):
        await reached(pipeline, 2)

    admin = AIOKafkaAdminClient(bootstrap_servers=pipeline.broker.bootstrap)
    await admin.start()
    [answer] = await admin.describe_configs([ConfigResource(ConfigResourceType.TOPIC, CHECKPOINTS)])
    await admin.close()
    assert {entry[0]: entry[1] for entry in answer.resources[0][4]}["retention.ms"] == "-1"


async def test_a_restarted_relay_goes_on_behind_what_it_published(pipeline: Pipeline, checkpoints: Checkpoints):
    made, notes = Bell(), []
    for size in (2, 4):
        notes += await signed(pipeline, checkpoints, made)
        async with running(relay(pipeline, made).run()):
            await reached(pipeline, size)

    assert [value for _, value in await on_the_topic(pipeline.broker, 2)] == notes


async def test_two_relays_publish_each_checkpoint_once(pipeline: Pipeline, checkpoints: Checkpoints):
    made = Bell()
    async with running(relay(pipeline, made).run()), running(relay(pipeline, made).run()):
        notes = await signed(pipeline, checkpoints, made, times=3)
        await reached(pipeline, 6)

    assert [value for _, value in await on_the_topic(pipeline.broker, 3)] == notes


async def test_a_relay_that_is_told_to_stop_at_any_moment_of_leaving_the_broker_stops(broker: Broker):
    async def publishing(left: asyncio.Event) -> None:
        async with producing(broker.access, CHECKPOINTS):
            left.set()
        await asyncio.Event().wait()

    for turns in range(12):
        left = asyncio.Event()
        task = asyncio.create_task(publishing(left))
        await left.wait()
        for _ in range(turns):
            await asyncio.sleep(0)
        task.cancel()
        await asyncio.wait({task}, timeout=10)
        assert task.cancelled(), f"after {turns} turns of the loop"


async def test_what_was_signed_while_the_broker_was_away_is_published_when_it_is_back(
    pipeline: Pipeline, checkpoints: Checkpoints
):
    made = Bell()
    with logging_to_memory() as logged:
        async with running(relay(pipeline, made).run()):
            first = await signed(pipeline, checkpoints, made)
            await reached(pipeline, 2)
            pipeline.broker.stop()
            second = await signed(pipeline, checkpoints, made)

            async def heard() -> bool:
                return bool(logged.lines("checkpoint-relay-interrupted"))

            await eventually(heard, bound=60)
            assert await published(pipeline) == 2
            pipeline.broker.start()
            await reached(pipeline, 4)

    assert [value for _, value in await on_the_topic(pipeline.broker, 2)] == [*first, *second]


async def test_a_broker_that_lost_everything_gets_what_is_signed_from_then_on(
    pipeline: Pipeline, checkpoints: Checkpoints
):
    made = Bell()
    async with running(relay(pipeline, made).run()):
        await signed(pipeline, checkpoints, made, times=2)
        await reached(pipeline, 4)
        pipeline.broker.kill()
        pipeline.broker.wipe()
        pipeline.broker.start()
        later = await signed(pipeline, checkpoints, made)
        await reached(pipeline, 6)

    assert [value for _, value in await on_the_topic(pipeline.broker, 1)] == later
    assert [one.size for one in await checkpoints.page(None, 9)] == [2, 4, 6]

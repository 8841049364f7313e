"""A log's way to its topic: in order, acknowledged before it counts, by one leader."""

import asyncio
from dataclasses import replace

import asyncpg
from aiokafka import AIOKafkaConsumer

from stickprov_contracts.topics import FINDINGS_LOG
from stickprov_kernel.log.records import Sequenced
from stickprov_kernel.messaging.cloudevents import from_headers
from support.broker import Broker
from support.log import append, command, finding
from support.pipeline import Pipeline, running
from support.waiting import eventually


async def on_the_topic(broker: Broker, count: int) -> list[Sequenced]:
    """Return the first records of the topic as the log entries they are."""
    async with AIOKafkaConsumer(
        FINDINGS_LOG, bootstrap_servers=broker.bootstrap, auto_offset_reset="earliest"
    ) as consumer:
        found: list[Sequenced] = []
        while len(found) < count:
            record = await asyncio.wait_for(consumer.getone(), 20)
            delivery = from_headers(record.headers, record.value)
            assert record.key == delivery.envelope.subject.encode()
            found.append(Sequenced(delivery.position, delivery.chain_hash, delivery.envelope_bytes, delivery.data))
        return found


async def remembered(pipeline: Pipeline) -> int:
    return await pipeline.log.pool.fetchval("SELECT position FROM relay WHERE log = 'findings'")


async def test_entries_are_published_in_order_with_everything_that_is_hashed(pipeline: Pipeline):
    async with running(pipeline.relay(batch=7).run()):
        await pipeline.published(await pipeline.record(30))

    assert await on_the_topic(pipeline.broker, 30) == await pipeline.log.reader.read(0, 30)


async def test_a_trace_context_goes_out_with_the_events_of_its_request(pipeline: Pipeline):
    traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
    await pipeline.log.store.commit(replace(command(), traceparent=traceparent), [append("a", 0, finding(1))], b"")
    await pipeline.log.store.commit(command(), [append("b", 0, finding(2))], b"")
    await pipeline.log.sequence_all()

    async with running(pipeline.relay().run()):
        await pipeline.published(2)

    async with AIOKafkaConsumer(
        FINDINGS_LOG, bootstrap_servers=pipeline.broker.bootstrap, auto_offset_reset="earliest"
    ) as consumer:
        headers = [dict((await consumer.getone()).headers) for _ in range(2)]
    assert [found.get("traceparent") for found in headers] == [traceparent.encode(), None]


async def test_a_restarted_relay_goes_on_behind_what_it_published(pipeline: Pipeline):
    async with running(pipeline.relay().run()):
        await pipeline.published(await pipeline.record(5))
    async with running(pipeline.relay().run()):
        await pipeline.published(await pipeline.record(5))

    assert await on_the_topic(pipeline.broker, 10) == await pipeline.log.reader.read(0, 10)


async def test_a_place_that_a_crash_set_back_is_made_good_and_nothing_is_applied_twice(pipeline: Pipeline):
    """How far was published is not flushed to disk each time, so a crash of the server may forget the last of it."""
    consumer = pipeline.consumer()
    async with running(pipeline.relay().run()):
        last = await pipeline.record(5)
        await pipeline.published(last)
    await pipeline.log.pool.execute("UPDATE relay SET position = 2 WHERE log = 'findings'")

    async with running(pipeline.relay().run()), running(consumer.run()):
        await pipeline.published(last)
        await pipeline.applied(await pipeline.record(1))

    assert [entry.position for entry in await on_the_topic(pipeline.broker, 9)] == [1, 2, 3, 4, 5, 3, 4, 5, 6]
    assert await pipeline.heard.applied() == [1, 2, 3, 4, 5, 6]


async def test_nothing_counts_as_published_while_the_broker_is_away(pipeline: Pipeline):
    relay = pipeline.relay()
    async with running(relay.run()):
        await pipeline.published(await pipeline.record(5))
        pipeline.broker.stop()
        last = await pipeline.record(5)

        async def behind() -> bool:
            return relay.lag() == 5

        await eventually(behind, what="the relay's lag")
        assert await remembered(pipeline) == 5

        pipeline.broker.start()
        await pipeline.published(last)

    published = await on_the_topic(pipeline.broker, 10)
    assert list(dict.fromkeys(published)) == await pipeline.log.reader.read(0, 10)


async def test_two_relays_at_once_publish_everything_once(pipeline: Pipeline):
    async with running(pipeline.relay().run()), running(pipeline.relay().run()):
        await pipeline.published(await pipeline.record(20))

    assert await on_the_topic(pipeline.broker, 20) == await pipeline.log.reader.read(0, 20)


async def test_a_standby_takes_over_when_the_leader_ends(pipeline: Pipeline):
    leader, standby = running(pipeline.relay().run()), running(pipeline.relay().run())
    async with leader:
        await pipeline.published(await pipeline.record(3))
        await standby.__aenter__()
    await pipeline.published(await pipeline.record(3))
    await standby.__aexit__(None, None, None)


async def test_a_relay_that_loses_its_database_connection_goes_on(pipeline: Pipeline):
    async with running(pipeline.relay().run()):
        await pipeline.published(await pipeline.record(3))
        superuser = await asyncpg.connect(pipeline.log.database.superuser_url)
        await superuser.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND application_name = 'stickprov leader'"
        )
        await superuser.close()
        await pipeline.published(await pipeline.record(3))

    published = await on_the_topic(pipeline.broker, 6)
    assert published[:3] == await pipeline.log.reader.read(0, 3)


async def test_an_event_larger_than_the_broker_takes_is_left_to_the_feed(pipeline: Pipeline):
    large = finding().model_copy(update={"control_point": "x" * 1_100_000})
    consumer = pipeline.consumer()
    async with running(pipeline.relay().run()), running(consumer.run()):
        await eventually(lambda: _connected(consumer))
        await pipeline.log.store.commit(command(), [append("large", 0, large)], b"")
        await pipeline.log.sequence_all()
        last = await pipeline.record(2)
        await pipeline.published(last)

        await pipeline.applied(last)

    assert pipeline.heard.feed.reads == [(0, 1)]


async def test_draining_waits_until_everything_sequenced_is_published(pipeline: Pipeline):
    relay = pipeline.relay(batch=10)
    async with running(relay.run()):
        await pipeline.published(await pipeline.record(1))
        last = await pipeline.record(100)

        assert await relay.drain(within=20)

        assert await remembered(pipeline) == last


async def test_draining_gives_up_when_the_broker_is_away(pipeline: Pipeline):
    relay = pipeline.relay()
    async with running(relay.run()):
        await pipeline.published(await pipeline.record(1))
        pipeline.broker.stop()
        await pipeline.record(1)

        assert not await relay.drain(within=0.2)


async def _connected(consumer) -> bool:
    return consumer.connected("findings")

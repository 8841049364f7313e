"""From an appended event to an applied one, over a real broker that is slow, forgetful, dead or abused."""

import logging

import asyncpg
import pytest
from aiokafka import AIOKafkaProducer, TopicPartition
from structlog.testing import capture_logs

from stickprov_contracts.events import EVENT_TYPES
from stickprov_contracts.topics import FINDINGS_LOG
from stickprov_kernel.log.envelope import decode
from stickprov_kernel.log.records import Incoming, Sequenced
from stickprov_kernel.messaging.cloudevents import to_headers
from stickprov_kernel.messaging.topics import ensure_topic
from support.broker import Broker
from support.inbox import findings_log, open_inbox
from support.pipeline import Pipeline, running
from support.waiting import eventually


async def produce(broker: Broker, entries: list[Sequenced]) -> None:
    """Put entries on the topic behind the relay's back."""
    await ensure_topic(broker.access, FINDINGS_LOG)
    async with AIOKafkaProducer(bootstrap_servers=broker.bootstrap, acks="all") as producer:
        for entry in entries:
            key = decode(entry.envelope).subject.encode()
            await producer.send_and_wait(FINDINGS_LOG, entry.data, key, headers=to_headers(entry))


async def connected(consumer) -> None:
    async def there() -> bool:
        return consumer.connected("findings")

    await eventually(there, what="the consumer's connection", bound=60.0)


async def test_an_appended_event_is_relayed_consumed_and_applied_once(pipeline: Pipeline):
    consumer = pipeline.consumer()
    async with running(pipeline.relay().run()), running(consumer.run()):
        await connected(consumer)
        await pipeline.applied(await pipeline.record(3))
        await pipeline.applied(await pipeline.record(40))

    assert pipeline.heard.feed.reads == []


async def test_duplicates_and_disorder_on_the_topic_change_nothing(pipeline: Pipeline):
    consumer = pipeline.consumer()
    async with running(consumer.run()):
        await connected(consumer)
        last = await pipeline.record(30)
        log = await pipeline.log.reader.read(0, last)

        await produce(pipeline.broker, [*log[:10], *reversed(log[5:20]), *log, *log[::3]])
        await pipeline.applied(last)


async def test_what_a_stranger_leaves_on_the_topic_is_skipped(pipeline: Pipeline):
    consumer = pipeline.consumer()
    async with running(consumer.run()):
        await connected(consumer)
        last = await pipeline.record(2)
        async with AIOKafkaProducer(bootstrap_servers=pipeline.broker.bootstrap) as stranger:
            await stranger.send_and_wait(FINDINGS_LOG, b"hello")
            await stranger.send_and_wait(FINDINGS_LOG, None, key=b"tombstone", headers=[("x", b"\xff")])
        await produce(pipeline.broker, await pipeline.log.reader.read(0, last))
        await pipeline.applied(last)

    assert pipeline.heard.feed.reads == []


async def test_a_broker_that_is_killed_and_loses_everything_loses_us_nothing(pipeline: Pipeline):
    relay, consumer = pipeline.relay(), pipeline.consumer(reconcile_seconds=0.5)
    async with running(relay.run()):
        async with running(consumer.run()):
            await connected(consumer)
            await pipeline.applied(await pipeline.record(20))
        # Published while nobody listens, then lost.
        await pipeline.published(await pipeline.record(20))
        pipeline.broker.kill()
        pipeline.broker.wipe()
        during = await pipeline.record(5)
        pipeline.broker.start()

        consumer = pipeline.consumer()
        async with running(consumer.run()):
            await pipeline.applied(during)
            await connected(consumer)
            await pipeline.published(during)
            reads = list(pipeline.heard.feed.reads)
            # Both have found the new broker: from here on nothing needs the feed.
            await pipeline.applied(await pipeline.record(7))
    assert pipeline.heard.feed.reads == reads


async def test_a_consumer_that_runs_all_the_while_goes_on_after_the_broker_lost_everything(pipeline: Pipeline):
    relay, consumer = pipeline.relay(), pipeline.consumer(reconcile_seconds=0.5)
    async with running(relay.run()), running(consumer.run()):
        await connected(consumer)
        await pipeline.applied(await pipeline.record(20))
        for _ in range(2):
            pipeline.broker.kill()
            pipeline.broker.wipe()
            await pipeline.applied(await pipeline.record(5))
            pipeline.broker.start()
            await pipeline.published(await pipeline.record(5))
            await pipeline.applied((await pipeline.log.reader.head()).position)


async def test_a_broker_that_is_away_at_start_is_waited_for(pipeline: Pipeline):
    pipeline.broker.stop()
    relay, consumer = pipeline.relay(), pipeline.consumer()
    async with running(relay.run()), running(consumer.run()):
        last = await pipeline.record(10)
        assert not consumer.connected("findings")

        pipeline.broker.start()

        await connected(consumer)
        await pipeline.published(last)
        await pipeline.applied(await pipeline.record(1))


async def test_without_any_broker_the_feed_brings_everything(pipeline: Pipeline):
    pipeline.broker.stop()
    async with running(pipeline.consumer(reconcile_seconds=0.2).run()):
        await pipeline.applied(await pipeline.record(10))
        await pipeline.applied(await pipeline.record(10))


async def test_an_unknown_type_goes_to_quarantine_and_is_applied_after_the_upgrade(
    pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch
):
    known = dict(EVENT_TYPES)
    EVENT_TYPES.clear()
    monkeypatch.setattr("stickprov_kernel.log.understanding.EVENT_TYPES", EVENT_TYPES)
    try:
        async with running(pipeline.relay().run()), running(pipeline.consumer().run()):
            last = await pipeline.record(5)

            async def heard() -> bool:
                return (await pipeline.heard.inbox.state()).quarantined == last

            await eventually(heard)
    finally:
        EVENT_TYPES.update(known)
    assert await pipeline.heard.applied() == []

    assert await pipeline.heard.inbox.requeue() == last

    await pipeline.applied(last)


async def test_another_history_on_the_topic_is_not_believed_against_the_source(pipeline: Pipeline):
    consumer = pipeline.consumer()
    async with running(consumer.run()):
        await connected(consumer)
        await produce(pipeline.broker, await pipeline.log.reader.read(0, await pipeline.record(5)))
        await pipeline.applied(5)
        forged = await findings_log(7)

        await produce(pipeline.broker, await forged.read(0, 7))
        await produce(pipeline.broker, await pipeline.log.reader.read(0, await pipeline.record(5)))

        await pipeline.applied(10)
    assert (await pipeline.heard.inbox.state()).state == "running"


async def test_another_history_that_is_the_sources_own_halts_and_says_so(pipeline: Pipeline):
    consumer = pipeline.consumer()
    async with running(consumer.run()):
        await connected(consumer)
        await produce(pipeline.broker, await pipeline.log.reader.read(0, await pipeline.record(5)))
        await pipeline.applied(5)
        pipeline.heard.feed.reader = rewritten = await findings_log(7)

        await produce(pipeline.broker, await rewritten.read(0, 7))

        async def halted() -> bool:
            return (await pipeline.heard.inbox.state()).state == "halted"

        await eventually(halted)
    state = await pipeline.heard.inbox.state()
    assert state.reason == "the source's log has another chain hash at position 5 than what was applied"
    assert await pipeline.heard.applied() == [1, 2, 3, 4, 5]


async def test_a_database_that_fails_is_waited_for_and_the_batch_comes_again(pipeline: Pipeline):
    failures = 3

    async def fail(_connection: asyncpg.Connection, _event: Incoming) -> None:
        nonlocal failures
        if failures:
            failures -= 1
            raise ConnectionResetError("the database is away")

    pipeline.heard.projection.before = fail
    consumer = pipeline.consumer()
    async with running(pipeline.relay().run()), running(consumer.run()):
        await connected(consumer)
        await pipeline.applied(await pipeline.record(10))

    assert failures == 0
    assert await pipeline.heard.waiting() == []


async def test_two_replicas_share_one_inbox(pipeline: Pipeline):
    async with open_inbox(pipeline.heard.database, pipeline.log.reader, fresh=False) as second:
        first_consumer, second_consumer = (
            pipeline.consumer(),
            Pipeline(pipeline.broker, pipeline.log, second).consumer(),
        )
        async with running(pipeline.relay(batch=10).run()):
            async with running(first_consumer.run()), running(second_consumer.run()):
                await connected(first_consumer)
                await connected(second_consumer)
                await pipeline.applied(await pipeline.record(100))
            async with running(second_consumer.run()):
                await pipeline.applied(await pipeline.record(50))


async def test_a_consumer_that_hangs_is_restarted(pipeline: Pipeline):
    consumer = pipeline.consumer(watchdog_seconds=1.5)
    async with running(pipeline.relay().run()), running(consumer.run()):
        await connected(consumer)
        await pipeline.applied(await pipeline.record(3))
        # It hears nothing any more, though it lives and is connected.
        stuck = consumer._subscriptions["findings"]._subscriber.consumer
        stuck.pause(TopicPartition(FINDINGS_LOG, 0))

        last = await pipeline.record(4)

        await pipeline.applied(last)
    assert pipeline.heard.feed.reads == []


async def test_message_bodies_are_never_logged(pipeline: Pipeline, caplog: pytest.LogCaptureFixture):
    refusals = [
        ValueError("refused"),
        ValueError("refused"),
        ConnectionResetError("away"),
        ConnectionResetError("away"),
    ]

    async def refuse(_connection: asyncpg.Connection, event: Incoming) -> None:
        if event.position == 2:
            raise refusals.pop()

    pipeline.heard.projection.before = refuse
    consumer = pipeline.consumer()
    # Below this level the Kafka library writes down every request and answer; the service's logging forbids it that.
    caplog.set_level(logging.INFO)
    with capture_logs() as own:
        async with running(pipeline.relay().run()), running(consumer.run()):
            await connected(consumer)
            await pipeline.record(3)

            async def done() -> bool:
                return (await pipeline.heard.inbox.state()).position == 3

            await eventually(done)

    assert {"batch-put-back", "batch-refused", "event-quarantined"} <= {line["event"] for line in own}
    assert "AMF-2021-3" not in f"{own} {caplog.text}"


async def test_readiness_says_what_is_away_and_how_far_behind_it_is(pipeline: Pipeline):
    pipeline.broker.stop()
    pipeline.heard.feed.away = True
    consumer = pipeline.consumer(reconcile_seconds=1.0)
    ready = consumer.readiness("findings", most_behind=2)

    async def is_ready() -> bool:
        return (await ready()).ok

    async with running(consumer.run()):
        condition = await ready()
        assert not condition.ok
        assert condition.detail == "at position 0, 0 events behind; away: Kafka, the feed"

        pipeline.heard.feed.away = False
        await eventually(is_ready)
        assert (await ready()).detail == "at position 0, 0 events behind; away: Kafka"

        pipeline.broker.start()
        await connected(consumer)
        assert (await ready()).detail == "at position 0, 0 events behind"


async def test_too_far_behind_is_not_ready(pipeline: Pipeline):
    await pipeline.record(5)
    await pipeline.heard.inbox.reconcile(heal=False)
    consumer = pipeline.consumer()
    consumer._subscriptions["findings"].connected = True

    assert (await consumer.readiness("findings", most_behind=5)()).ok
    condition = await consumer.readiness("findings", most_behind=4)()
    assert (condition.ok, condition.detail) == (False, "at position 0, 5 events behind; away: the feed")


async def test_a_halted_log_is_not_ready_and_says_why(pipeline: Pipeline):
    await pipeline.record(3)
    await pipeline.heard.inbox.reconcile()
    pipeline.heard.feed.reader = await findings_log(2)
    await pipeline.heard.inbox.reconcile()

    condition = await pipeline.consumer().readiness("findings", most_behind=5)()

    assert not condition.ok
    assert condition.detail.startswith("halted at position 3: the source's log ends at 2, but 3 was applied")

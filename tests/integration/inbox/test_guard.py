"""A log that was restored from an older backup notices it by its own topic, and makes no second history."""

import asyncio

import pytest
from prometheus_client import CollectorRegistry

from stickprov_kernel.http.health import Condition
from stickprov_kernel.log.guard import LogBehindError, TopicGuard
from stickprov_kernel.log.postgres import PostgresStore
from stickprov_kernel.log.sequencer import Sequencer
from stickprov_kernel.messaging.access import KafkaAccess
from support.backups import back_up, restore
from support.log import append, command, finding
from support.pipeline import Pipeline, running
from support.waiting import eventually


def guard_of(pipeline: Pipeline, registry: CollectorRegistry | None = None, access: KafkaAccess | None = None):
    return TopicGuard(
        "findings", pipeline.log.reader, access or pipeline.broker.access, registry or CollectorRegistry()
    )


@pytest.fixture
async def restored(pipeline: Pipeline, postgres_server) -> Pipeline:
    """A log of five events, restored from a backup with three."""
    await pipeline.record(3)
    backup = await back_up(postgres_server, pipeline.log.database.name)
    last = await pipeline.record(2)
    async with running(pipeline.relay().run()):
        await pipeline.published(last)
    await restore(postgres_server, pipeline.log.database.name, backup)
    return pipeline


async def test_a_restored_log_is_told_by_health_and_metric(restored: Pipeline):
    registry = CollectorRegistry()
    guard = guard_of(restored, registry)

    await guard.look()

    assert guard.disagreement == "the log ends at 3, but its topic goes on to 5"
    assert await guard.condition() == Condition(
        ok=False, detail="the log ends at 3, but its topic goes on to 5; recover it (docs/runbook/restore.md)"
    )
    assert registry.get_sample_value("stickprov_findings_log_behind") == 1


async def test_a_restored_log_takes_no_commands_gives_no_positions_and_publishes_nothing(restored: Pipeline):
    guard = guard_of(restored)
    log = restored.log
    # In the backup already, but without a position there.
    await log.store.commit(command(), [append("late", 0, finding(9))], b"")
    guarded = PostgresStore(log.pool, "findings", log.signal, guard.admit)
    sequencer = Sequencer(log.database.service_url, log.signal, allowed=guard.allowed)

    async with running(restored.relay(guard=guard).run()), running(sequencer.run()), running(guard.watch()):
        with pytest.raises(LogBehindError, match="has lost events"):
            await guarded.commit(command(), [append("other", 0, finding(10))], b"")

    assert (await log.reader.head()).position == 3
    assert await log.pool.fetchval("SELECT count(*) FROM relay") == 0
    assert await log.pool.fetchval("SELECT count(*) FROM event") == 4


async def test_a_log_that_is_what_its_topic_holds_goes_on(pipeline: Pipeline):
    last = await pipeline.record(3)
    async with running(pipeline.relay().run()):
        await pipeline.published(last)
    guard = guard_of(pipeline)

    async with running(pipeline.relay(guard=guard).run()):
        await pipeline.published(await pipeline.record(2))

    assert await guard.condition() == Condition(ok=True, detail="agrees with its topic")


async def test_a_broker_that_lost_everything_blocks_nothing(pipeline: Pipeline):
    last = await pipeline.record(3)
    async with running(pipeline.relay().run()):
        await pipeline.published(last)
    pipeline.broker.kill()
    pipeline.broker.wipe()
    pipeline.broker.start()

    async with running(pipeline.relay(guard=guard_of(pipeline)).run()):
        await pipeline.published(await pipeline.record(1))


async def test_a_broker_that_is_away_blocks_no_commands_and_no_positions(pipeline: Pipeline, free_port):
    guard = guard_of(pipeline, access=KafkaAccess(f"127.0.0.1:{free_port()}"))
    log = pipeline.log
    guarded = PostgresStore(log.pool, "findings", log.signal, guard.admit)

    async with (
        running(Sequencer(log.database.service_url, log.signal, allowed=guard.allowed).run()),
        running(guard.watch()),
        asyncio.timeout(30),
    ):
        await guarded.commit(command(), [append("first", 0, finding(1))], b"")

        async def sequenced() -> bool:
            return (await log.reader.head()).position == 1

        await eventually(sequenced)
    assert await guard.condition() == Condition(ok=True, detail="not compared with its topic yet")

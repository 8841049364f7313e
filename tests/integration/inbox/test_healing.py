"""What a broker, a relay or a restored consumer forgets is made good from the source's log."""

import shutil
from pathlib import Path

import pytest

from support.backups import back_up, restore
from support.pipeline import Pipeline, running


@pytest.fixture
async def settled(pipeline: Pipeline) -> Pipeline:
    """Eight events that were published, heard and applied."""
    async with running(pipeline.relay().run()), running(pipeline.consumer().run()):
        await pipeline.applied(await pipeline.record(8))
    return pipeline


async def test_a_broker_that_lost_the_end_of_a_topic_loses_us_nothing(pipeline: Pipeline, tmp_path: Path):
    async with running(pipeline.relay().run()), running(pipeline.consumer().run()):
        await pipeline.applied(await pipeline.record(5))
        pipeline.broker.stop()
        shutil.copytree(pipeline.broker._data, tmp_path / "older")
        pipeline.broker.start()
        await pipeline.applied(await pipeline.record(5))

    pipeline.broker.kill()
    pipeline.broker.wipe()
    shutil.copytree(tmp_path / "older", pipeline.broker._data)
    pipeline.broker.start()

    async with running(pipeline.relay().run()), running(pipeline.consumer(reconcile_seconds=0.5).run()):
        await pipeline.applied(await pipeline.record(5), bound=60)
    assert (await pipeline.heard.inbox.state()).state == "running"


async def test_a_relay_that_was_rewound_publishes_again_and_nothing_is_applied_twice(settled: Pipeline):
    await settled.log.pool.execute("UPDATE relay SET position = 2")

    async with running(settled.relay().run()), running(settled.consumer().run()):
        await settled.published(8)
        await settled.applied(await settled.record(2))

    assert (await settled.heard.inbox.state()).state == "running"


async def test_a_consumer_restored_from_an_older_backup_catches_up_by_itself(pipeline: Pipeline, postgres_server):
    async with running(pipeline.relay().run()), running(pipeline.consumer().run()):
        await pipeline.applied(await pipeline.record(3))
        backup = await back_up(postgres_server, pipeline.heard.database.name)
        await pipeline.applied(await pipeline.record(5))
    await restore(postgres_server, pipeline.heard.database.name, backup)

    # Kafka's offset says that everything was heard; the position in the database says what is true.
    async with running(pipeline.relay().run()), running(pipeline.consumer().run()):
        await pipeline.applied(8)
        await pipeline.applied(await pipeline.record(1))


async def test_a_consumer_restored_while_it_runs_notices_it_with_the_next_event(pipeline: Pipeline, postgres_server):
    async with running(pipeline.relay().run()), running(pipeline.consumer().run()):
        await pipeline.applied(await pipeline.record(3))
        backup = await back_up(postgres_server, pipeline.heard.database.name)
        await pipeline.applied(await pipeline.record(5))
        await restore(postgres_server, pipeline.heard.database.name, backup)

        await pipeline.applied(await pipeline.record(1), bound=60)

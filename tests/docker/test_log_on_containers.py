"""The log's whole way on the servers that production uses: append, sequence, publish, hear, apply."""

from support.pipeline import Pipeline, running


async def test_what_is_appended_in_one_container_is_applied_once_from_another(pipeline: Pipeline):
    async with running(pipeline.relay().run()), running(pipeline.consumer().run()):
        await pipeline.applied(await pipeline.record(200))
        await pipeline.applied(await pipeline.record(200))

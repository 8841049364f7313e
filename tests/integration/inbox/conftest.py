from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack

import pytest

from stickprov_kernel.database.migrations import LOG
from support.broker import Broker
from support.inbox import open_inbox
from support.log import open_log
from support.pipeline import Pipeline
from support.postgres import Database


@pytest.fixture
async def pipeline(new_database: Callable[[], Awaitable[Database]], own_broker: Broker) -> AsyncIterator[Pipeline]:
    async with AsyncExitStack() as stack:
        log = await stack.enter_async_context(open_log(await new_database(LOG)))
        heard = await stack.enter_async_context(open_inbox(await new_database(), log.reader))
        yield Pipeline(own_broker, log, heard)

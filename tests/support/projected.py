"""A reporting database that hears both logs, without the network around it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import asyncpg

from stickprov_contracts.events import Event
from stickprov_contracts.topics import Source
from stickprov_kernel.database.pool import open_pool
from stickprov_kernel.inbox.inbox import Inbox
from stickprov_kernel.inbox.metrics import InboxMetrics
from stickprov_reporting.adapters.readings import Readings
from stickprov_reporting.adapters.sql.migrations import FOLDERS
from stickprov_reporting.adapters.sql.projection import StatisticsProjection
from stickprov_reporting.adapters.sql.replay import Replayer
from stickprov_reporting.adapters.trails import Trails
from support.postgres import Database
from support.reporting import TwoLogs


@dataclass(frozen=True)
class Reporting:
    """A migrated database whose inboxes are driven by hand."""

    database: Database
    pool: asyncpg.Pool
    logs: TwoLogs
    inboxes: dict[Source, Inbox]
    readings: Readings
    replayer: Replayer
    trails: Trails

    async def hear(self, *events: Event) -> None:
        """Let the services say something, and apply it, the sampler's first."""
        await self.logs.say(*events)
        for source in ("sampler", "findings"):
            await self.hear_news(source)

    async def hear_news(self, source: Source) -> None:
        """Apply what a service said and was not heard yet."""
        await self.inboxes[source].receive(await self.logs.news(source))

    async def tamper(self, statement: str, *arguments: object) -> None:
        """Change something behind everybody's back, as a superuser can who switches the triggers off."""
        connection = await asyncpg.connect(self.database.superuser_url)
        try:
            async with connection.transaction():
                await connection.execute("ALTER TABLE inbox_event DISABLE TRIGGER insert_only")
                await connection.execute(statement, *arguments)
                await connection.execute("ALTER TABLE inbox_event ENABLE ALWAYS TRIGGER insert_only")
        finally:
            await connection.close()


@asynccontextmanager
async def open_reporting(database: Database) -> AsyncIterator[Reporting]:
    await database.migrated(FOLDERS)
    async with reporting_on(database, TwoLogs()) as opened:
        yield opened


@asynccontextmanager
async def reporting_on(database: Database, logs: TwoLogs) -> AsyncIterator[Reporting]:
    """Open a database that is migrated, to hear some logs."""
    pool = await open_pool(database.service_url)
    metrics = InboxMetrics("reporting", None)
    inboxes: dict[Source, Inbox] = {
        source: Inbox(pool, source, StatisticsProjection(), feed, metrics) for source, feed in logs.feeds.items()
    }
    try:
        for inbox in inboxes.values():
            await inbox.prepare()
        trails = Trails(pool)
        readings = Readings(pool, trails)
        yield Reporting(database, pool, logs, inboxes, readings, Replayer(pool, logs.feeds, readings.turn), trails)
    finally:
        await pool.close()

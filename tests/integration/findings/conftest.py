"""A findings database that hears the sampler, without the network around it."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

import asyncpg
import pytest
from prometheus_client import CollectorRegistry

from stickprov_contracts.events import Event
from stickprov_findings.adapters.sql.migrations import FOLDERS
from stickprov_findings.adapters.sql.projection import DrawnCases
from stickprov_kernel.database.migrations import migrate
from stickprov_kernel.database.pool import open_pool
from stickprov_kernel.inbox.inbox import Inbox
from stickprov_kernel.inbox.metrics import InboxMetrics
from support.postgres import Database
from support.reviews import SamplerLog


@dataclass(frozen=True)
class Heard:
    """A migrated database whose inbox is driven by hand."""

    database: Database
    pool: asyncpg.Pool
    sampler: SamplerLog
    inbox: Inbox

    async def hear(self, *events: Event) -> None:
        """Let the sampler say something, and apply it."""
        await self.inbox.receive(await self.sampler.say(*events))


@pytest.fixture
async def database(new_database) -> Database:
    database: Database = await new_database()
    await migrate(database.owner_url, database.service_role, FOLDERS)
    return database


@pytest.fixture
async def heard(database: Database) -> AsyncIterator[Heard]:
    pool = await open_pool(database.service_url)
    sampler = SamplerLog()
    inbox = Inbox(pool, "sampler", DrawnCases(), sampler, InboxMetrics("findings", CollectorRegistry()))
    await inbox.prepare()
    yield Heard(database, pool, sampler, inbox)
    await pool.close()

"""Events, commands and opened logs for tests of the kernel and of the services."""

import hashlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID, uuid4

import asyncpg

from stickprov_contracts.events import Event
from stickprov_contracts.events.findings import FindingRecorded
from stickprov_kernel.database.migrations import LOG
from stickprov_kernel.database.pool import open_pool
from stickprov_kernel.log.ids import new_id
from stickprov_kernel.log.postgres import PostgresStore
from stickprov_kernel.log.reader import PostgresLogReader
from stickprov_kernel.log.records import CommandContext, PendingEvent, StreamAppend
from stickprov_kernel.log.sequencer import SequencingRun
from stickprov_kernel.log.signal import LogSignal
from support.postgres import Database

A_DRAW = UUID("00000000-0000-7000-8000-000000000001")


def case_id(number: int) -> str:
    return hashlib.sha256(str(number).encode()).hexdigest()


def finding(number: int = 1, *, remark: bool = False) -> FindingRecorded:
    return FindingRecorded(draw=A_DRAW, control_point="AMF-2021-3", case=case_id(number), remark=remark)


def command(command_id: UUID | None = None, *, actor: str = "p1", request: bytes = b"request") -> CommandContext:
    return CommandContext(
        command_id=command_id or uuid4(),
        actor=actor,
        request_hash=hashlib.sha256(request).digest(),
        time=datetime(2021, 4, 1, 12, 0, 0, 123456, tzinfo=UTC),
        correlation_id=UUID("00000000-0000-7000-8000-00000000000c"),
    )


def append(stream: str, expected_version: int, *events: Event) -> StreamAppend:
    return StreamAppend(stream, expected_version, [PendingEvent(new_id(), event) for event in events])


@dataclass(frozen=True)
class OpenLog:
    database: Database
    pool: asyncpg.Pool
    signal: LogSignal
    store: PostgresStore
    reader: PostgresLogReader

    async def sequence_all(self, batch: int = 500) -> int:
        """Give every visible event its position; return how many there were."""
        connection = await asyncpg.connect(self.database.service_url)
        try:
            run = await SequencingRun.begin(connection, self.database.service_url, batch)
            total = 0
            while done := await run.step():
                total += done
            return total
        finally:
            await connection.close()


@asynccontextmanager
async def open_log(database: Database, *, connections: int = 10) -> AsyncIterator[OpenLog]:
    await database.migrated([LOG])
    pool = await open_pool(database.service_url, maximum=connections)
    signal = LogSignal()
    try:
        yield OpenLog(database, pool, signal, PostgresStore(pool, "findings", signal), PostgresLogReader(pool))
    finally:
        await pool.close()

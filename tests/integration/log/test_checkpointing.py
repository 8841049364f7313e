"""Checkpoints in the background: when the log has grown for a while, when a period was closed, and by whom."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import asyncpg
import pytest
from prometheus_client import CollectorRegistry

from stickprov_kernel.log.checkpointing import Checkpointing, CheckpointMetrics, Signing
from stickprov_kernel.log.checkpoints import Checkpoints, NotSigningError
from stickprov_kernel.log.ids import new_id
from stickprov_kernel.log.notes import SigningKey
from stickprov_kernel.log.records import PendingEvent, StreamAppend
from stickprov_kernel.log.sequencer import Sequencer
from support.log import OpenLog, append, command, finding, open_log
from support.logs import logging_to_memory
from support.notes import signing_key
from support.pipeline import running
from support.waiting import eventually

FIVE_MINUTES = timedelta(minutes=5)
KEY = signing_key()


@dataclass
class Clock:
    time: datetime = field(default_factory=lambda: datetime(2026, 3, 1, 12, 0, tzinfo=UTC))

    def now(self) -> datetime:
        return self.time


@pytest.fixture
async def log(new_database) -> AsyncIterator[OpenLog]:
    async with open_log(await new_database()) as opened:
        yield opened


def checkpointing(
    log: OpenLog, clock: Clock, key: SigningKey | None = KEY, former: SigningKey | None = None
) -> Checkpointing:
    signing = Signing(key, former, FIVE_MINUTES)
    metrics = CheckpointMetrics("test", CollectorRegistry())
    return Checkpointing(Checkpoints(log.pool), log.reader, log.signal, signing, metrics, clock.now)


async def grow(log: OpenLog) -> None:
    await log.store.commit(command(), [append(str(new_id()), 0, finding())], b"")
    await log.sequence_all()


async def sizes(log: OpenLog) -> list[tuple[int, str]]:
    return [(one.size, one.reason) for one in await Checkpoints(log.pool).page(None, 100)]


async def test_a_log_with_events_is_signed_at_the_start(log: OpenLog):
    await grow(log)

    async with running(checkpointing(log, Clock()).run()):
        await eventually(lambda: _has(log, [(1, "interval")]))


async def test_a_log_is_signed_again_when_it_grew_and_the_time_has_come(log: OpenLog):
    clock = Clock()
    await grow(log)
    await checkpointing(log, clock).make("asked")
    await grow(log)
    clock.time += FIVE_MINUTES

    async with running(checkpointing(log, clock).run()):
        await eventually(lambda: _has(log, [(1, "asked"), (2, "interval")]))


async def test_before_the_time_has_come_nothing_is_signed_but_a_closing(log: OpenLog):
    clock = Clock()
    await grow(log)
    work = checkpointing(log, clock)
    await work.make("asked")
    await grow(log)
    clock.time += FIVE_MINUTES - timedelta(seconds=1)

    async with running(work.run()):
        work.period_closed()
        await eventually(lambda: _has(log, [(1, "asked"), (2, "period-closed")]))


async def test_a_closing_is_in_the_checkpoint_that_it_asks_for(log: OpenLog):
    """The closing asks before its event has a place; the checkpoint waits for that."""
    work = checkpointing(log, Clock())
    await grow(log)
    await work.make("asked")
    closing = PendingEvent(new_id(), finding(7))

    async with running(work.run()):
        await log.store.commit(command(), [StreamAppend("plan", 0, [closing])], b"")
        work.period_closed(closing.id)
        async with running(Sequencer(log.database.service_url, log.signal).run()):
            await eventually(lambda: _has(log, [(1, "asked"), (2, "period-closed")]))


async def test_closing_a_period_of_an_empty_log_signs_nothing_and_breaks_nothing(log: OpenLog):
    work = checkpointing(log, Clock())

    async with running(work.run()):
        with logging_to_memory() as logged:
            work.period_closed()
            await eventually(lambda: _logged(logged, "checkpoint-of-empty-log"))
        await grow(log)
        work.period_closed()
        await eventually(lambda: _has(log, [(1, "period-closed")]))


async def test_two_processes_sign_a_log_as_one(log: OpenLog):
    clock = Clock()
    first, second = checkpointing(log, clock), checkpointing(log, clock)
    async with running(first.run()), running(second.run()):
        for size in range(1, 6):
            await grow(log)
            first.period_closed()
            second.period_closed()
            await eventually(lambda size=size: _reached(log, size))

    assert [size for size, _ in await sizes(log)] == [1, 2, 3, 4, 5]
    assert len(await Checkpoints(log.pool).keys()) == 1


async def test_a_process_with_the_key_before_goes_on_without_signing(log: OpenLog):
    clock = Clock()
    await grow(log)
    older = checkpointing(log, clock, signing_key(number=1))
    await older.make("asked")
    newer = checkpointing(log, clock, signing_key(number=2), signing_key(number=1))
    await grow(log)
    await newer.make("asked")
    await grow(log)

    with logging_to_memory() as logged:
        async with running(older.run()):
            older.period_closed()
            await eventually(lambda: _logged(logged, "checkpoint-not-signed"))

    with pytest.raises(NotSigningError):
        await older.make("asked")
    assert await sizes(log) == [(1, "asked"), (2, "asked")]


async def test_without_a_key_nothing_is_signed_and_that_is_said(log: OpenLog):
    await grow(log)
    work = checkpointing(log, Clock(), key=None)

    with logging_to_memory() as logged:
        async with running(work.run()):
            await eventually(lambda: _logged(logged, "checkpoints-not-signed"))

    with pytest.raises(NotSigningError, match="No key is configured"):
        await work.make("asked")


async def test_what_was_asked_for_while_the_database_was_away_is_made_afterwards(log: OpenLog):
    work = checkpointing(log, Clock())
    await grow(log)

    async with running(work.run()):
        await eventually(lambda: _has(log, [(1, "interval")]))
        await grow(log)
        await _cut_all_connections(log)
        work.period_closed()
        await eventually(lambda: _has(log, [(1, "interval"), (2, "period-closed")]))


async def _has(log: OpenLog, wanted: list[tuple[int, str]]) -> bool:
    try:
        return await sizes(log) == wanted
    except (asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError, OSError):
        return False  # this question's connection was cut too


async def _reached(log: OpenLog, size: int) -> bool:
    return size in [one for one, _ in await sizes(log)]


async def _logged(logged, event: str) -> bool:
    return bool(logged.lines(event))


async def _cut_all_connections(log: OpenLog) -> None:
    superuser = await asyncpg.connect(log.database.superuser_url)
    await superuser.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1 AND pid <> pg_backend_pid()",
        log.database.name,
    )
    await superuser.close()

"""Wakes the sequencer and the relay: at once within a process, by LISTEN/NOTIFY between processes.

What must not break: nothing depends on a wake-up. Everybody who waits also polls, so a lost notification costs
time, never an event. NOTIFY goes out after the commit on a connection of its own, at most one per round: inside
the append it would serialise all commits on PostgreSQL's notification lock.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final
from weakref import WeakKeyDictionary

import asyncpg
import structlog

from stickprov_kernel.stopping import stopped

COMMITTED: Final = "stickprov_committed"
SEQUENCED: Final = "stickprov_sequenced"
_RETRY_SECONDS: Final = 1.0
_SESSION: Final = {
    "application_name": "stickprov signal",
    # A wake-up that a crash loses wakes nobody who is still there, so that none waits for the disk.
    "synchronous_commit": "off",
}

_log = structlog.get_logger(__name__)


class Bell:
    """Rings for everybody. A task that comes back later still hears that it rang since its last wait."""

    def __init__(self) -> None:
        self._rings = 0
        self._ringing = asyncio.Event()
        self._heard: WeakKeyDictionary[asyncio.Task[object], int] = WeakKeyDictionary()

    def ring(self) -> None:
        """Wake all who wait."""
        self._rings += 1
        self._ringing.set()
        self._ringing = asyncio.Event()

    async def wait(self, timeout: float) -> bool:  # noqa: ASYNC109 - a bounded wait is the whole point
        """Return True once it has rung since this task's last wait, False after ``timeout`` seconds."""
        task = asyncio.current_task()
        if task is None:  # pragma: no cover - only outside an event loop
            raise RuntimeError("Bell.wait needs a running task")
        rang = True
        if self._heard.get(task) == self._rings:
            try:
                async with asyncio.timeout(timeout):
                    await self._ringing.wait()
            except TimeoutError:
                rang = False
        self._heard[task] = self._rings
        return rang


class LogSignal:
    """The two bells of one log: something was committed, something was sequenced."""

    def __init__(self) -> None:
        self._committed = Bell()
        self._sequenced = Bell()
        self._to_tell: set[str] = set()
        self._tell = asyncio.Event()

    def committed(self) -> None:
        """Say that events were committed."""
        self._committed.ring()
        self._pass_on(COMMITTED)

    def sequenced(self) -> None:
        """Say that events were given positions."""
        self._sequenced.ring()
        self._pass_on(SEQUENCED)

    async def wait_committed(self, timeout: float) -> bool:  # noqa: ASYNC109 - see Bell.wait
        """Wait until something was committed, at most ``timeout`` seconds."""
        return await self._committed.wait(timeout)

    async def wait_sequenced(self, timeout: float) -> bool:  # noqa: ASYNC109 - see Bell.wait
        """Wait until something was sequenced, at most ``timeout`` seconds."""
        return await self._sequenced.wait(timeout)

    @asynccontextmanager
    async def listening(self, dsn: str) -> AsyncIterator[None]:
        """Exchange signals with the other processes of this log for as long as the block runs."""
        task = asyncio.create_task(self._exchange(dsn), name="log-signal")
        try:
            yield
        finally:
            await stopped(task)

    def _pass_on(self, channel: str) -> None:
        self._to_tell.add(channel)
        self._tell.set()

    async def _exchange(self, dsn: str) -> None:
        while True:
            try:
                await self._exchange_once(dsn)
            except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError) as error:
                _log.info("log-signal-lost", reason=type(error).__name__)
                await asyncio.sleep(_RETRY_SECONDS)

    async def _exchange_once(self, dsn: str) -> None:
        connection = await asyncpg.connect(dsn, server_settings=_SESSION)
        own_pid = connection.get_server_pid()

        def hear(_connection: object, pid: int, channel: str, _payload: object) -> None:
            if pid != own_pid:
                (self._committed if channel == COMMITTED else self._sequenced).ring()

        try:
            await connection.add_listener(COMMITTED, hear)
            await connection.add_listener(SEQUENCED, hear)
            while True:
                await self._tell.wait()
                self._tell.clear()
                channels, self._to_tell = sorted(self._to_tell), set()
                for channel in channels:
                    await connection.execute("SELECT pg_notify($1, '')", channel)
        finally:
            connection.terminate()

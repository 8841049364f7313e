"""Reads all events that have no position as of one moment, ahead of the leader that writes.

What must not break: the sweep sees one snapshot, so what it finds is in the order of insertion and complete: whatever
it did not see belongs to a transaction that was not over at ``xmin``. It writes nothing, so it needs no lock.
"""

import asyncio
from collections.abc import Sequence
from typing import Final
from uuid import UUID

import asyncpg
from asyncpg.cursor import Cursor

from stickprov_kernel.log.group_commit import SQL
from stickprov_kernel.log.leadership import SESSION

Found = tuple[UUID, bytes, str | None]
"""An event's id, its leaf hash, and the trace it belongs to, if any."""

FULL_SEARCH: Final = 0
"""As a transaction id: older than any."""

_PAGE: Final = 1_000
_PAGES_AHEAD: Final = 4
_PATIENCE_SECONDS: Final = 600
"""Before the first page a sweep may have to walk over everything that has its position."""


class Sweep:
    """One pass over the events, on a connection of its own that is closed at the end.

    Attributes:
        xmin: once all pages were taken, the oldest transaction whose events the sweep may have missed.
    """

    def __init__(self, dsn: str, oldest: int) -> None:
        """Start reading in the background.

        Args:
            dsn: the log's database.
            oldest: transaction id from which to look; ``FULL_SEARCH`` for all events.
        """
        self.xmin = oldest
        self._dsn = dsn
        self._oldest = oldest
        self._pages: asyncio.Queue[Sequence[Found] | Exception] = asyncio.Queue(_PAGES_AHEAD)
        self._task = asyncio.create_task(self._read(), name="sequencer-sweep")

    async def page(self) -> Sequence[Found]:
        """Return the next events; none at the end.

        Raises:
            OSError, asyncpg.PostgresError, asyncpg.InterfaceError: the database is away.
        """
        page = await self._pages.get()
        if isinstance(page, Exception):
            raise page
        return page

    async def close(self) -> None:
        """Stop reading."""
        self._task.cancel()
        await asyncio.wait([self._task])

    async def _read(self) -> None:
        try:
            connection = await asyncpg.connect(self._dsn, command_timeout=_PATIENCE_SECONDS, server_settings=SESSION)
            try:
                await self._read_on(connection)
            finally:
                connection.terminate()
        except Exception as error:  # noqa: BLE001 - whatever it is, whoever takes the pages hears of it
            await self._pages.put(error)
        else:
            await self._pages.put([])

    async def _read_on(self, connection: asyncpg.Connection) -> None:
        async with connection.transaction(isolation="repeatable_read", readonly=True):
            xmin = await connection.fetchval(SQL["xmin"])
            if self._oldest == FULL_SEARCH:
                last = await connection.fetchval(SQL["last_sequenced"])
                await connection.execute(SQL["read_whole_tables"])
                await self._pass_on(await connection.cursor(SQL["sweep_until"], last))
                await connection.execute(SQL["read_few_rows"])
                await self._pass_on(await connection.cursor(SQL["sweep_after"], last))
            else:
                await self._pass_on(await connection.cursor(SQL["sweep_since"], self._oldest))
        self.xmin = xmin

    async def _pass_on(self, cursor: Cursor) -> None:
        while rows := await cursor.fetch(_PAGE):
            await self._pages.put([tuple(row) for row in rows])

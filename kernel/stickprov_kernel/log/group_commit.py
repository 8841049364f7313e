"""Commits that arrive while others are on their way to disk go together: one statement, one flush, for all of them.

What must not break: nobody is answered before the transaction that holds his command is committed; a command that is
refused (a stream moved on) takes no other with it; when the statement as a whole fails on a unique key or a deadlock,
each command of the group is tried alone, so that only the guilty one hears of it.
"""

import asyncio
from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import asyncpg
import structlog

from stickprov_kernel.database.pool import Connection
from stickprov_kernel.database.queries import load_queries
from stickprov_kernel.log.records import CommandContext, SideStatement

SQL = load_queries(__package__, "queries.sql")

_log = structlog.get_logger(__name__)

_LARGEST_GROUP: Final = 64
_AT_ONCE: Final = 2
"""Groups on their way at the same time: while one is flushed to disk, the next is being worked on."""

_MOST_DEADLOCKS: Final = 5
"""How often a command that is alone is tried again; each time somebody else has got ahead."""

_COMMAND_COLUMNS: Final = 7
_STREAM_COLUMNS: Final = 3
_EVENT_COLUMNS: Final = 8

Conflict = tuple[str, int, int]
"""A stream, the version that was expected, and the one it is at."""


@dataclass(frozen=True, slots=True)
class Commit:
    """One command ready to be stored.

    Attributes:
        streams: (name, expected version) of each stream it extends.
        events: per event id, stream, version, type, schema version, envelope and data.
    """

    context: CommandContext
    answer: bytes
    streams: Sequence[tuple[str, int]]
    events: Sequence[tuple[object, ...]]
    outcome: "asyncio.Future[list[Conflict]]" = field(compare=False)

    @property
    def names(self) -> set[object]:
        """What no two commits may hold at the same time: the command's id and its streams."""
        return {self.context.command_id, *(stream for stream, _ in self.streams)}


class GroupCommit:
    """Runs commits in groups on a pool."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool
        self._waiting: deque[Commit] = deque()
        self._workers: set[asyncio.Task[None]] = set()
        self._under_way: set[object] = set()

    async def run(self, commit: Commit) -> list[Conflict]:
        """Store one commit, together with whatever else waits; return its conflicts, [] when it was stored.

        Raises:
            asyncpg.UniqueViolationError: its command id or a stream's next version was taken meanwhile.
        """
        self._waiting.append(commit)
        self._start_worker()
        return await commit.outcome

    async def run_with(self, commit: Commit, also: Sequence[SideStatement]) -> list[Conflict]:
        """Store one commit and run its side statements in the same transaction, apart from the groups."""
        async with self._pool.acquire() as connection, connection.transaction():
            await _run(connection, (side for side in also if side.first))
            conflicts = (await _execute(connection, [commit])).get(1, [])
            if not conflicts:
                await _run(connection, (side for side in also if not side.first))
            return conflicts

    async def run_within(self, connection: Connection, commit: Commit) -> list[Conflict]:
        """Store one commit in a transaction that somebody else has begun and ends."""
        return (await _execute(connection, [commit])).get(1, [])

    def _start_worker(self) -> None:
        if self._waiting and len(self._workers) < _AT_ONCE:
            worker = asyncio.create_task(self._work(), name="group-commit")
            self._workers.add(worker)
            worker.add_done_callback(self._worker_ended)

    def _worker_ended(self, worker: asyncio.Task[None]) -> None:
        # Something may have come in while the worker gave its connection back.
        self._workers.discard(worker)
        if not worker.cancelled():
            self._start_worker()

    async def _work(self) -> None:
        """Commit groups until nothing waits or the connection is lost. Whoever is taken or waits gets an outcome."""
        try:
            connection = await self._pool.acquire()
        except Exception as error:  # noqa: BLE001 - whatever it is, each caller hears of it
            _settle(self._waiting, error)
            self._waiting.clear()
            return
        try:
            while group := self._next_group():
                names = set[object]().union(*(commit.names for commit in group))
                self._under_way |= names
                try:
                    await self._run_group(connection, group)
                finally:
                    self._under_way -= names
        except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError) as error:
            _log.warning("commit-failed", reason=type(error).__name__, commands=len(group))
        finally:
            await self._pool.release(connection)

    def _next_group(self) -> list[Commit]:
        """Take what waits, but no command and no stream that is under way: they are for a later group to judge.

        Two groups that want the same two streams would wait for each other. Between processes it is their order that
        makes this rare.
        """
        group: list[Commit] = []
        held_back: deque[Commit] = deque()
        taken = set(self._under_way)
        while self._waiting and len(group) < _LARGEST_GROUP:
            commit = self._waiting.popleft()
            if taken.isdisjoint(commit.names):
                taken |= commit.names
                group.append(commit)
            else:
                held_back.append(commit)
        self._waiting.extendleft(reversed(held_back))
        group.sort(key=lambda commit: [stream for stream, _ in commit.streams])
        return group

    async def _run_group(self, connection: Connection, group: Sequence[Commit], deadlocks: int = 0) -> None:
        try:
            conflicts = await _execute(connection, group)
        except (asyncpg.UniqueViolationError, asyncpg.DeadlockDetectedError) as error:
            deadlocks += isinstance(error, asyncpg.DeadlockDetectedError)
            if len(group) == 1 and (isinstance(error, asyncpg.UniqueViolationError) or deadlocks > _MOST_DEADLOCKS):
                _settle(group, error)
                return
            for commit in group:
                await self._run_group(connection, [commit], deadlocks)
        except BaseException as error:
            # Whether the group was stored is not known; each caller asks again with the same command id.
            _settle(group, error if isinstance(error, Exception) else ConnectionError("stopped while committing"))
            raise
        else:
            for number, commit in enumerate(group, start=1):
                if not commit.outcome.done():
                    commit.outcome.set_result(conflicts.get(number, []))


async def _run(connection: Connection, sides: Iterable[SideStatement]) -> None:
    for side in sides:
        await connection.execute(side.sql, *side.arguments)


def _settle(group: Iterable[Commit], error: Exception) -> None:
    for commit in group:
        if not commit.outcome.done():
            commit.outcome.set_exception(error)


async def _execute(connection: Connection, group: Sequence[Commit]) -> dict[int, list[Conflict]]:
    """Run the statement; return the conflicts by the command's number in the group, from 1."""
    commands, streams, events = [], [], []
    for number, commit in enumerate(group, start=1):
        context = commit.context
        commands.append(
            (
                context.command_id,
                context.actor,
                context.request_hash,
                commit.answer,
                context.time,
                context.correlation_id,
                context.causation_id,
            )
        )
        streams += [(number, *stream) for stream in commit.streams]
        events += [(number, *event) for event in commit.events]
    conflicts: dict[int, list[Conflict]] = {}
    for row in await connection.fetch(
        SQL["commit"],
        *_columns(commands, _COMMAND_COLUMNS),
        *_columns(streams, _STREAM_COLUMNS),
        *_columns(events, _EVENT_COLUMNS),
        [commit.context.traceparent for commit in group],
    ):
        conflicts.setdefault(row["command"], []).append((row["stream"], row["expected"], row["actual"]))
    return conflicts


def _columns(rows: Sequence[tuple[Any, ...]], count: int) -> list[list[Any]]:
    return [list(column) for column in zip(*rows, strict=True)] if rows else [[] for _ in range(count)]

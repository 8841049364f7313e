"""The event store on PostgreSQL: a commit without side statements is one round trip.

What must not break: an answered commit is durable (the server's ``synchronous_commit`` stays on); the unique key on
(stream, version) is the last word between two writers, the check before it only spares them the error.
"""

from collections.abc import Iterator, Sequence

import asyncpg

from stickprov_contracts.events import type_name
from stickprov_contracts.topics import Source
from stickprov_kernel.database.queries import load_queries
from stickprov_kernel.errors import CommandReusedError, VersionConflictError
from stickprov_kernel.log.envelope import encode, envelope_of
from stickprov_kernel.log.records import (
    CommandContext,
    History,
    PendingEvent,
    Receipt,
    Recorded,
    SideStatement,
    StreamAppend,
)
from stickprov_kernel.log.signal import LogSignal
from stickprov_kernel.log.understanding import understand

SQL = load_queries(__package__, "queries.sql")


class PostgresStore:
    """Implements ``EventStore`` on the tables of migration component ``log``."""

    def __init__(self, pool: asyncpg.Pool, source: Source, signal: LogSignal) -> None:
        self._pool = pool
        self._source = source
        self._signal = signal

    async def load(self, stream: str) -> History:
        rows = await self._pool.fetch(SQL["load"], stream)
        return History(stream, tuple(_recorded(stream, row) for row in rows))

    async def answer_to(self, context: CommandContext) -> bytes | None:
        row = await self._pool.fetchrow(SQL["answer_to"], context.command_id)
        if row is None:
            return None
        check_same_command(context, row["actor"], row["request_hash"])
        answer: bytes = row["answer"]
        return answer

    async def commit(
        self,
        context: CommandContext,
        appends: Sequence[StreamAppend],
        answer: bytes,
        also: Sequence[SideStatement] = (),
    ) -> Receipt:
        arguments = self._arguments(context, appends, answer)
        try:
            conflicts = await self._insert(arguments, also)
        except asyncpg.UniqueViolationError as error:
            earlier = await self.answer_to(context)
            if earlier is not None:
                return Receipt(earlier, repeated=True)
            if error.constraint_name != "event_stream_version":
                raise
            conflicts = await self._moved_on(appends)
        if conflicts:
            earlier = await self.answer_to(context)
            if earlier is not None:
                return Receipt(earlier, repeated=True)
            stream, expected, actual = conflicts[0]
            raise VersionConflictError(stream, expected=expected, actual=actual)
        self._signal.committed()
        return Receipt(answer, repeated=False)

    async def _insert(self, arguments: tuple[object, ...], also: Sequence[SideStatement]) -> list[tuple[str, int, int]]:
        """Run the commit; several statements need a transaction around them, one brings its own."""
        if not also:
            return [tuple(row) for row in await self._pool.fetch(SQL["commit"], *arguments)]
        async with self._pool.acquire() as connection, connection.transaction():
            conflicts = [tuple(row) for row in await connection.fetch(SQL["commit"], *arguments)]
            if not conflicts:
                for statement in also:
                    await connection.execute(statement.sql, *statement.arguments)
            return conflicts

    async def _moved_on(self, appends: Sequence[StreamAppend]) -> list[tuple[str, int, int]]:
        """Return the streams that another writer extended first, after their unique key said so."""
        found = []
        for append in appends:
            actual = await self._pool.fetchval(SQL["version_of"], append.stream)
            if actual != append.expected_version:
                found.append((append.stream, append.expected_version, actual))
        return found

    def _arguments(self, context: CommandContext, appends: Sequence[StreamAppend], answer: bytes) -> tuple[object, ...]:
        rows = list(self._rows(context, appends))
        columns = [list(column) for column in zip(*rows, strict=True)] if rows else [[] for _ in range(7)]
        return (
            context.command_id,
            context.actor,
            context.request_hash,
            answer,
            context.time,
            context.correlation_id,
            context.causation_id,
            [append.stream for append in appends],
            [append.expected_version for append in appends],
            *columns,
        )

    def _rows(self, context: CommandContext, appends: Sequence[StreamAppend]) -> Iterator[tuple[object, ...]]:
        for append in appends:
            for version, pending in enumerate(append.events, start=append.expected_version + 1):
                yield self._row(context, append.stream, version, pending)

    def _row(self, context: CommandContext, stream: str, version: int, pending: PendingEvent) -> tuple[object, ...]:
        event = pending.event
        envelope = encode(envelope_of(self._source, pending, context, stream, version))
        data = event.model_dump_json().encode()
        return (pending.id, stream, version, type_name(event), event.version, envelope, data)


def check_same_command(context: CommandContext, actor: str, request_hash: bytes) -> None:
    """Refuse a command id that stands for something else.

    Raises:
        CommandReusedError: another actor or another request.
    """
    if actor != context.actor or request_hash != context.request_hash:
        raise CommandReusedError(
            f"Command id {context.command_id} was used before for another request. Use a new id for a new request."
        )


def _recorded(stream: str, row: asyncpg.Record) -> Recorded:
    return Recorded(
        id=row["id"],
        stream=stream,
        version=row["version"],
        time=row["time"],
        actor=row["actor"],
        correlation_id=row["correlation_id"],
        causation_id=row["causation_id"],
        event=understand(row["type"], row["data"]),
    )

"""The event store on PostgreSQL: a commit without side statements is one round trip, often shared with others.

What must not break: an answered commit is durable (the server's ``synchronous_commit`` stays on); the unique key on
(stream, version) is the last word between two writers, the check before it only spares them the error.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Sequence

import asyncpg

from stickprov_contracts.events import type_name
from stickprov_contracts.topics import Source
from stickprov_kernel.database.pool import Connection
from stickprov_kernel.errors import CommandReusedError, StickprovError, VersionConflictError
from stickprov_kernel.log.envelope import encode, envelope_of
from stickprov_kernel.log.group_commit import SQL, Commit, Conflict, GroupCommit
from stickprov_kernel.log.lasting import check_lasting
from stickprov_kernel.log.records import (
    CommandContext,
    History,
    Receipt,
    Recorded,
    SideStatement,
    StreamAppend,
)
from stickprov_kernel.log.signal import COMMITTED, LogSignal
from stickprov_kernel.log.understanding import understand


class PostgresStore:
    """Implements ``EventStore`` on the tables of migration component ``log``."""

    def __init__(
        self,
        pool: asyncpg.Pool,
        source: Source,
        signal: LogSignal,
        admit: Callable[[], Awaitable[None]] | None = None,
        stored: Callable[[Sequence[StreamAppend]], None] | None = None,
    ) -> None:
        """Make the store.

        Args:
            pool: of the log's database.
            source: whose log it is.
            signal: is told of each commit.
            admit: asked before each commit, and raises when nothing may be stored.
            stored: told of events that were committed, for the metrics.
        """
        self._admit = admit
        self._stored = stored or _nobody
        self._pool = pool
        self._commits = GroupCommit(pool)
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
        if self._admit is not None:
            await self._admit()
        commit = self._commit_of(context, appends, answer)
        try:
            conflicts = await (self._commits.run_with(commit, also) if also else self._commits.run(commit))
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
        self._stored(appends)
        return Receipt(answer, repeated=False)

    async def commit_within(
        self, connection: Connection, context: CommandContext, appends: Sequence[StreamAppend], answer: bytes
    ) -> None:
        """Commit in a transaction that somebody else has begun, such as an inbox's: the events stand or fall with it.

        Raises:
            ConnectionError: nothing may be stored now; a fault of the infrastructure, after which it is tried again.
            VersionConflictError: a stream is not at its expected version; nothing was stored.
            asyncpg.UniqueViolationError: the command was carried out before; the transaction is void.
        """
        try:
            if self._admit is not None:
                await self._admit()
        except StickprovError as error:
            raise ConnectionError(str(error)) from error
        conflicts = await self._commits.run_within(connection, self._commit_of(context, appends, answer))
        if conflicts:
            stream, expected, actual = conflicts[0]
            raise VersionConflictError(stream, expected=expected, actual=actual)
        # It goes out when the transaction ends well; whoever hears it before would find nothing.
        await connection.execute("SELECT pg_notify($1, '')", COMMITTED)

    def _commit_of(self, context: CommandContext, appends: Sequence[StreamAppend], answer: bytes) -> Commit:
        return Commit(
            context,
            answer,
            [(append.stream, append.expected_version) for append in appends],
            list(self._rows(context, appends)),
            asyncio.get_running_loop().create_future(),
        )

    async def _moved_on(self, appends: Sequence[StreamAppend]) -> list[Conflict]:
        """Return the streams that another writer extended first, after their unique key said so."""
        found = []
        for append in appends:
            actual = await self._pool.fetchval(SQL["version_of"], append.stream)
            if actual != append.expected_version:
                found.append((append.stream, append.expected_version, actual))
        return found

    def _rows(self, context: CommandContext, appends: Sequence[StreamAppend]) -> Iterator[tuple[object, ...]]:
        """Yield each event's id, stream, version, type, schema version, envelope and data."""
        for append in appends:
            for version, pending in enumerate(append.events, start=append.expected_version + 1):
                event = pending.event
                envelope = encode(envelope_of(self._source, pending, context, append.stream, version))
                data = event.model_dump_json().encode()
                check_lasting(data)
                yield pending.id, append.stream, version, type_name(event), event.version, envelope, data


def _nobody(_appends: Sequence[StreamAppend]) -> None:
    """Tell nobody."""


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

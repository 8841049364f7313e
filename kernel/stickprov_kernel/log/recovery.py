"""Gives a log that was restored from an older backup its lost end again, from the copy that another service keeps.

What must not break: the copy continues this very log, every entry's chain is recomputed before it is stored, and the
tree over all of it has the root that the copy says; nobody else sequences or publishes meanwhile; what was recovered
before an interruption is not recovered twice. Positions, ids and hashes are the old ones, so that there is one history.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Protocol

import asyncpg

from stickprov_contracts.log import LogPage
from stickprov_contracts.topics import Source
from stickprov_kernel.database.queries import load_queries
from stickprov_kernel.inbox.planning import continues
from stickprov_kernel.log.envelope import schema_version
from stickprov_kernel.log.feed import HttpFeed
from stickprov_kernel.log.group_commit import SQL as LOG
from stickprov_kernel.log.hashing import GENESIS, leaf_hash
from stickprov_kernel.log.leadership import RELAY_LOCK, SEQUENCER_LOCK
from stickprov_kernel.log.tree import Frontier
from stickprov_kernel.messaging.delivery import Delivery, from_entry
from stickprov_kernel.service_token import service_token_at_once
from stickprov_kernel.settings import ServiceSettings

SQL = load_queries(__package__, "recovery.sql")
_PAGE: Final = 500


class CannotRecoverError(Exception):
    """The log was left as it is; the message says why and what to do."""


class CopyReader(Protocol):
    """Reads the copy."""

    async def read(self, after: int, limit: int) -> LogPage:
        """Return up to ``limit`` entries after a position, and where the copy ends."""
        ...


@dataclass(frozen=True, slots=True)
class Recovered:
    """What came back.

    Attributes:
        before, after: last position of the log then and now.
        unplaced: events of the backup that had no position and were not in the copy; they get one when the service
            starts.
        lost: what the copy could not give back, in sentences.
    """

    before: int
    after: int
    unplaced: int
    lost: Sequence[str]


Rebuild = Callable[[asyncpg.Connection, int], Awaitable[Sequence[str]]]
"""Rebuilds what a service keeps beside its log, as far as the log tells, and returns what has been lost for good of the
events behind a position, in sentences."""


async def recover(dsn: str, copy: CopyReader, rebuild: Rebuild) -> Recovered:
    """Append what the copy has and the log has not.

    Args:
        dsn: the log's database, as the service's role.
        copy: of this log.
        rebuild: the service's part of it.

    Raises:
        CannotRecoverError: a service runs on the log, or the copy does not continue it.
        FeedUnavailableError: the copy does not answer; what was recovered by then stays, and the rest is for next time.
    """
    connection = await asyncpg.connect(dsn)
    try:
        for lock in (SEQUENCER_LOCK, RELAY_LOCK):
            if not await connection.fetchval("SELECT pg_try_advisory_lock($1)", lock):
                raise CannotRecoverError("A service runs on this log. Stop every instance of it first.")
        tail = await _Tail.of(connection)
        before = tail.position
        await tail.check(await copy.read(max(before - 1, 0), 1))
        while (page := await copy.read(tail.position, _PAGE)).entries:
            await tail.append(page)
        async with connection.transaction():
            lost = await rebuild(connection, before)
        unplaced = await connection.fetchval(LOG["waiting"])
        return Recovered(before, tail.position, unplaced, lost)
    finally:
        await connection.close()


async def recover_from_reporting(settings: ServiceSettings, source: Source, url: str, rebuild: Rebuild) -> list[str]:
    """Recover a service's log from reporting's copy, and return what to tell an operator.

    Raises:
        CannotRecoverError, FeedUnavailableError, OSError: why it was left, or how far it got.
    """
    token = await service_token_at_once(settings)
    async with HttpFeed(url, source, token, path=f"/v1/copies/{source}") as copy:
        done = await recover(settings.database_url, copy, rebuild)
    came = done.after - done.before
    return [
        f"The log of {source} ended at {done.before} and ends at {done.after} now: {came} events were recovered.",
        f"{done.unplaced} events of the backup have no position and are not in the copy; the next start gives it.",
        *done.lost,
        "Answers of recovered commands are lost: a command that is sent again with its old id is carried out again.",
    ]


class _Tail:
    """The end of the log, moved on page by page."""

    def __init__(self, connection: asyncpg.Connection, chain: bytes, tree: Frontier) -> None:
        self._connection = connection
        self._chain = chain
        self._tree = tree

    @classmethod
    async def of(cls, connection: asyncpg.Connection) -> "_Tail":
        row = await connection.fetchrow(LOG["tail"])
        if row is None:
            return cls(connection, GENESIS, Frontier())
        return cls(connection, row["chain_hash"], Frontier.from_bytes(row["size"], row["frontier"]))

    @property
    def position(self) -> int:
        return self._tree.size

    async def check(self, page: LogPage) -> None:
        """Refuse a copy that is not of this log, or ends before it does.

        Args:
            page: with the copy's entry at the log's last position.
        """
        if page.head.position < self.position:
            raise CannotRecoverError(
                f"The copy ends at {page.head.position}, and the log at {self.position}. There is nothing to recover."
            )
        if self.position and (not page.entries or page.entries[0].chain_hash != self._chain.hex()):
            raise CannotRecoverError(
                f"The copy has another history: its event at position {self.position} is not the log's. "
                "Restore a backup from before the two parted, and recover that."
            )

    async def append(self, page: LogPage) -> None:
        """Store a page's entries with their old places, all or none."""
        entries = [from_entry(entry) for entry in page.entries]
        chain, tree = self._chain, Frontier(self._tree.size, list(self._tree.subtrees))
        leaves = [leaf_hash(entry.envelope_bytes, entry.data) for entry in entries]
        for number, entry in enumerate(entries, start=self.position + 1):
            if entry.position != number or not continues(chain, entry):
                raise CannotRecoverError(f"The copy's entry at position {number} does not fit the one before it.")
            chain = entry.chain_hash
        tree.extend(leaves)
        if tree.size == page.head.position and tree.root().hex() != page.head.root:
            raise CannotRecoverError(f"The tree over the copy's {tree.size} entries has another root than it says.")
        try:
            async with self._connection.transaction():
                await self._store(entries, leaves, tree)
        except asyncpg.UniqueViolationError as error:
            raise CannotRecoverError(
                f"The log holds events that the copy does not have where the copy has others ({error.detail}). It took "
                "commands after it was restored; restore the backup again, and recover before anybody uses it."
            ) from None
        self._chain, self._tree = chain, tree

    async def _store(self, entries: Sequence[Delivery], leaves: Sequence[bytes], tree: Frontier) -> None:
        known = await self._connection.fetch(SQL["known"], [entry.envelope.id for entry in entries])
        there = {str(row["id"]): (row["envelope"], row["data"]) for row in known}
        for entry in entries:
            kept = there.get(entry.envelope.id)
            if kept is None:
                await self._connection.execute(SQL["append"], *_row(entry))
            elif kept != (entry.envelope_bytes, entry.data):
                raise CannotRecoverError(f"The copy has event {entry.envelope.id} with other content than the log.")
        await self._connection.execute(
            LOG["write_ledger"],
            *(entries[0].position, [entry.envelope.id for entry in entries]),
            *(b"".join(leaves), b"".join(entry.chain_hash for entry in entries)),
            *(tree.size, tree.to_bytes(), tree.root()),
        )


def _row(entry: Delivery) -> tuple[object, ...]:
    envelope = entry.envelope
    return (
        *(envelope.id, envelope.subject, int(envelope.streamversion), envelope.type, schema_version(envelope.type)),
        *(datetime.fromisoformat(envelope.time), envelope.actor, envelope.correlationid, envelope.causationid),
        *(entry.envelope_bytes, entry.data),
    )

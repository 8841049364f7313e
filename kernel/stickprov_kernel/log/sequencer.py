"""Gives every event its place in the log's one total order, with its hashes.

What must not break: positions are contiguous from 1; every visible event gets exactly one, in the order of
insertion; within a stream the order of versions is the order of positions (version n+1 is inserted after version n
was committed, so it has a higher ``seq`` and is never visible without it). A transaction that commits late simply
gets a later position; one that stays open delays nobody.
"""

import asyncio
from collections import deque
from collections.abc import Sequence
from itertools import accumulate
from typing import Final
from uuid import UUID

import asyncpg
import structlog

from stickprov_kernel.log.group_commit import SQL
from stickprov_kernel.log.hashing import GENESIS, chain_hash
from stickprov_kernel.log.leadership import SEQUENCER_LOCK, Leadership
from stickprov_kernel.log.signal import LogSignal
from stickprov_kernel.log.tree import Frontier

_POLL_SECONDS: Final = 1.0
_GATHER_SECONDS: Final = 0.005
"""After a wake-up, so that the commits of a busy moment share one batch and one flush to disk."""
_FIRST_WAIT_SECONDS: Final = 0.1
_LONGEST_WAIT_SECONDS: Final = 5.0
_SEARCHED_BATCHES: Final = 100
"""A search looks this far ahead: with a backlog, finding costs more than writing."""
_FULL_SEARCH: Final = 0  # as a transaction id: older than any
_PASSING: Final = (
    OSError,
    TimeoutError,
    asyncpg.PostgresError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,  # the server's farewell came between two statements
)

_log = structlog.get_logger(__name__)


class Sequencer:
    """Sequences one log for as long as it runs and holds the leadership."""

    def __init__(self, dsn: str, signal: LogSignal, batch: int = 500) -> None:
        self._leadership = Leadership(dsn, SEQUENCER_LOCK)
        self._signal = signal
        self._batch = batch

    async def run(self) -> None:
        """Sequence until cancelled. A lost database is waited for, ever longer up to a bound."""
        wait = _FIRST_WAIT_SECONDS
        while True:
            try:
                async with self._leadership.held() as connection:
                    wait = _FIRST_WAIT_SECONDS
                    await self._lead(connection)
            except _PASSING as error:
                _log.warning("sequencer-interrupted", reason=type(error).__name__, retry_seconds=wait)
                await asyncio.sleep(wait)
                wait = min(2 * wait, _LONGEST_WAIT_SECONDS)

    async def _lead(self, connection: asyncpg.Connection) -> None:
        work = await SequencingRun.begin(connection, self._batch)
        while True:
            done = await work.step()
            if done:
                self._signal.sequenced()
            if done < self._batch:
                await self._signal.wait_committed(_POLL_SECONDS)
                await asyncio.sleep(_GATHER_SECONDS)


class SequencingRun:
    """One leader's work on its own connection: the ledger's tail in memory, what was found, and the search bound."""

    def __init__(self, connection: asyncpg.Connection, batch: int, chain: bytes, frontier: Frontier) -> None:
        self._connection = connection
        self._batch = batch
        self._chain = chain
        self._frontier = frontier
        self._oldest = _FULL_SEARCH
        self._found: deque[tuple[UUID, bytes]] = deque()

    @classmethod
    async def begin(cls, connection: asyncpg.Connection, batch: int) -> "SequencingRun":
        """Read where the ledger ends. The first search then goes through all events once."""
        tail = await connection.fetchrow(SQL["tail"])
        if tail is None:
            return cls(connection, batch, GENESIS, Frontier())
        return cls(connection, batch, tail["chain_hash"], Frontier.from_bytes(tail["size"], tail["frontier"]))

    async def step(self) -> int:
        """Give the next events their positions, at most a batch; return how many there were."""
        if not self._found:
            await self._search()
        events = [self._found.popleft() for _ in range(min(self._batch, len(self._found)))]
        if events:
            await self._write(*zip(*events, strict=True))
        return len(events)

    async def _search(self) -> None:
        limit = _SEARCHED_BATCHES * self._batch
        rows = await self._connection.fetch(SQL["unsequenced"], self._oldest, limit)
        self._found.extend((row["id"], row["leaf_hash"]) for row in rows if row["id"] is not None)
        if len(self._found) < limit:
            self._oldest = rows[0]["xmin"]

    async def _write(self, ids: Sequence[UUID], leaves: Sequence[bytes]) -> None:
        first = self._frontier.size + 1
        chain = list(accumulate(leaves, chain_hash, initial=self._chain))[1:]
        frontier = Frontier(self._frontier.size, list(self._frontier.subtrees))
        for leaf in leaves:
            frontier.add(leaf)
        await self._connection.execute(
            SQL["write_ledger"], first, ids, leaves, chain, frontier.size, frontier.to_bytes(), frontier.root()
        )
        self._chain = chain[-1]
        self._frontier = frontier

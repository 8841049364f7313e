"""Gives every event its place in the log's one total order, with its hashes.

What must not break: positions are contiguous from 1; every visible event gets exactly one, in the order of
insertion; within a stream the order of versions is the order of positions (version n+1 is inserted after version n
was committed, so it has a higher ``seq`` and is never visible without it). A transaction that commits late simply
gets a later position; one that stays open delays nobody. Only the leader's own connection writes, one transaction a
batch; what was found and hashed ahead is forgotten with the leader.
"""

import asyncio
import time
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

import asyncpg
import structlog

from stickprov_kernel.database.overlap import under_way
from stickprov_kernel.log.group_commit import SQL
from stickprov_kernel.log.hashing import GENESIS, chain_hashes
from stickprov_kernel.log.leadership import SEQUENCER_LOCK, Leadership
from stickprov_kernel.log.signal import LogSignal
from stickprov_kernel.log.sweep import FULL_SEARCH, Found, Sweep
from stickprov_kernel.log.traces import LogTraces
from stickprov_kernel.log.tree import Frontier
from stickprov_kernel.messaging.faults import DATABASE_INTERRUPTIONS

_POLL_SECONDS: Final = 1.0
_GATHER_SECONDS: Final = 0.005
"""After a wake-up of a busy moment, so that its commits share one batch and one flush to disk. A moment is busy when
the batch before held several; an event that comes alone does not wait for others."""
_FIRST_WAIT_SECONDS: Final = 0.1
_LONGEST_WAIT_SECONDS: Final = 5.0
_SEARCHED_BATCHES: Final = 4
"""What a plain search looks for at most. When there is more, a sweep finds it while the first is written."""

_log = structlog.get_logger(__name__)


class Sequencer:
    """Sequences one log for as long as it runs and holds the leadership."""

    def __init__(
        self,
        dsn: str,
        signal: LogSignal,
        batch: int = 500,
        allowed: Callable[[], Awaitable[None]] | None = None,
        traces: LogTraces | None = None,
    ) -> None:
        """Make a sequencer.

        Args:
            dsn: the log's database, by a direct connection.
            signal: rings when something was committed, and is rung when it has its position.
            batch: positions given in one transaction at most.
            allowed: waited for before the first position is given; without one there is nothing to wait for.
            traces: hears of each batch; without one nothing is traced.
        """
        self._traces = traces
        self._allowed = allowed
        self._dsn = dsn
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
            except DATABASE_INTERRUPTIONS as error:
                _log.warning("sequencer-interrupted", reason=type(error).__name__, retry_seconds=wait)
                await asyncio.sleep(wait)
                wait = min(2 * wait, _LONGEST_WAIT_SECONDS)

    async def _lead(self, connection: asyncpg.Connection) -> None:
        if self._allowed is not None:
            await self._allowed()
        work = await SequencingRun.begin(connection, self._dsn, self._batch, self._traces)
        try:
            while True:
                done = await work.step()
                if done:
                    self._signal.sequenced()
                if done < self._batch:
                    await self._signal.wait_committed(_POLL_SECONDS)
                    if done > 1:
                        await asyncio.sleep(_GATHER_SECONDS)
        finally:
            await work.close()


@dataclass(frozen=True, slots=True)
class _Batch:
    """Events with their hashes, ready to be written, and the tree after them."""

    first: int
    ids: Sequence[UUID]
    leaves: Sequence[bytes]
    parents: Sequence[str | None]
    chain: Sequence[bytes]
    frontier: Frontier


class SequencingRun:
    """One leader's work on its own connection: the ledger's tail in memory, what was found, and the search bound.

    While the server writes a batch, the next one is hashed; with a backlog, a sweep finds it meanwhile on a connection
    of its own. A run whose write failed is over: whoever leads next begins another.
    """

    def __init__(
        self,
        connection: asyncpg.Connection,
        dsn: str,
        batch: int,
        chain: bytes,
        frontier: Frontier,
        traces: LogTraces | None,
    ) -> None:
        self._traces = traces
        self._connection = connection
        self._dsn = dsn
        self._batch = batch
        self._chain = chain
        self._frontier = frontier
        self._found: deque[Found] = deque()
        self._sweep: Sweep | None = None
        self._swept_before: frozenset[UUID] = frozenset()
        self._oldest = FULL_SEARCH
        self._next: _Batch | None = None
        self._over = False

    @classmethod
    async def begin(
        cls, connection: asyncpg.Connection, dsn: str, batch: int, traces: LogTraces | None = None
    ) -> "SequencingRun":
        """Read where the ledger ends. The first search goes through all events once.

        Args:
            connection: the leader's own, which holds the lock.
            dsn: the same database, for reading ahead.
            batch: positions given in one transaction at most.
            traces: hears of each batch; without one nothing is traced.
        """
        tail = await connection.fetchrow(SQL["tail"])
        if tail is None:
            run = cls(connection, dsn, batch, GENESIS, Frontier(), traces)
        else:
            tree = Frontier.from_bytes(tail["size"], tail["frontier"])
            run = cls(connection, dsn, batch, tail["chain_hash"], tree, traces)
        run._begin_sweep()
        return run

    async def step(self) -> int:
        """Give the next events their positions, at most a batch; return how many there were."""
        if self._over:
            raise RuntimeError("a write of this run failed, so it does not know where the ledger ends")
        if self._next is None:
            self._next = await self._prepare()
        if self._next is None:
            await self._search()
            self._next = await self._prepare()
        batch, self._next = self._next, None
        if batch is None:
            return 0
        self._over = True
        await self._write(batch)
        self._over = False
        return len(batch.ids)

    async def close(self) -> None:
        """Stop reading ahead."""
        if self._sweep is not None:
            await self._sweep.close()

    def _begin_sweep(self) -> None:
        self._swept_before = frozenset(event_id for event_id, *_ in self._found)
        self._sweep = Sweep(self._dsn, self._oldest)

    async def _search(self) -> None:
        limit = _SEARCHED_BATCHES * self._batch
        rows = await self._connection.fetch(SQL["unsequenced"], self._oldest, limit)
        self._found.extend((row["id"], row["leaf_hash"], row["traceparent"]) for row in rows if row["id"] is not None)
        if len(self._found) < limit:
            self._oldest = rows[0]["xmin"]
        else:
            self._begin_sweep()

    async def _prepare(self) -> _Batch | None:
        """Hash what was found, at most a batch; None when there is nothing."""
        while self._sweep is not None and len(self._found) < self._batch:
            await self._take_page(self._sweep)
        events = [self._found.popleft() for _ in range(min(self._batch, len(self._found)))]
        if not events:
            return None
        ids, leaves, parents = zip(*events, strict=True)
        first = self._frontier.size + 1
        chain = chain_hashes(self._chain, leaves)
        frontier = Frontier(self._frontier.size, list(self._frontier.subtrees))
        frontier.extend(leaves)
        self._chain, self._frontier = chain[-1], frontier
        return _Batch(first, ids, leaves, parents, chain, frontier)

    async def _take_page(self, sweep: Sweep) -> None:
        page = await sweep.page()
        if self._swept_before:
            self._found.extend(found for found in page if found[0] not in self._swept_before)
        else:
            self._found.extend(page)
        if not page:
            self._sweep, self._oldest = None, sweep.xmin

    async def _write(self, batch: _Batch) -> None:
        """Write a batch, and prepare the next one meanwhile."""
        tree, started = batch.frontier, time.time_ns()
        writing = self._connection.execute(
            SQL["write_ledger"],
            *(batch.first, batch.ids, b"".join(batch.leaves), b"".join(batch.chain)),
            *(tree.size, tree.to_bytes(), tree.root()),
        )
        async with under_way(self._connection, writing):
            self._next = await self._prepare()
        if self._traces is not None:
            self._traces.sequenced(batch.parents, started)

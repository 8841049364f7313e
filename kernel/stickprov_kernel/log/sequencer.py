"""Gives every event its place in the log's one total order, with its hashes.

What must not break: positions are contiguous from 1; every visible event gets exactly one, in the order of
insertion; within a stream the order of versions is the order of positions (version n+1 is inserted after version n
was committed, so it has a higher ``seq`` and is never visible without it). A transaction that commits late simply
gets a later position; one that stays open delays nobody.
"""

import asyncio
from itertools import accumulate
from typing import Final

import asyncpg
import structlog

from stickprov_kernel.log.hashing import GENESIS, chain_hash
from stickprov_kernel.log.leadership import SEQUENCER_LOCK, Leadership
from stickprov_kernel.log.postgres import SQL
from stickprov_kernel.log.signal import LogSignal
from stickprov_kernel.log.tree import Frontier

_POLL_SECONDS: Final = 1.0
_FIRST_WAIT_SECONDS: Final = 0.1
_LONGEST_WAIT_SECONDS: Final = 5.0
_FULL_SEARCH: Final = 0  # as a transaction id: older than any

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
            except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
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


class SequencingRun:
    """One leader's work on its own connection: the ledger's tail in memory, the search bound, and the next step."""

    def __init__(self, connection: asyncpg.Connection, batch: int, chain: bytes, frontier: Frontier) -> None:
        self._connection = connection
        self._batch = batch
        self._chain = chain
        self._frontier = frontier
        self._oldest = _FULL_SEARCH

    @classmethod
    async def begin(cls, connection: asyncpg.Connection, batch: int) -> "SequencingRun":
        """Read where the ledger ends. The first step then searches all events once."""
        tail = await connection.fetchrow(SQL["tail"])
        if tail is None:
            return cls(connection, batch, GENESIS, Frontier())
        return cls(connection, batch, tail["chain_hash"], Frontier.from_bytes(tail["size"], tail["frontier"]))

    async def step(self) -> int:
        """Give the next events their positions, at most a batch; return how many there were."""
        rows = await self._connection.fetch(SQL["unsequenced"], self._oldest, self._batch)
        xmin = rows[0]["xmin"]
        events = rows if rows[0]["id"] is not None else []
        if events:
            await self._write([row["id"] for row in events], [row["leaf"] for row in events])
        if len(events) < self._batch:
            self._oldest = xmin
        return len(events)

    async def _write(self, ids: list[object], leaves: list[bytes]) -> None:
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

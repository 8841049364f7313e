"""A service reads its own log's tables again, from the first row to the last.

What must not break: every row of event, ledger and tree up to the newest position is read and hashed anew, in one pass;
the first thing that is not what it was is named with its table, position and column. What is not hashed cannot be told:
an event's ``seq``, ``txid`` and ``traceparent``, a checkpoint's ``time`` and ``reason``.
"""

import asyncio
import time
from collections.abc import Sequence
from hashlib import sha256
from typing import Any, Final

import asyncpg

from stickprov_contracts.http.checkpoints import LogVerification
from stickprov_contracts.http.progress import AuditStage
from stickprov_contracts.topics import Source, source_uri
from stickprov_kernel.database.pool import Connection
from stickprov_kernel.database.queries import load_queries
from stickprov_kernel.http.stages import Tell
from stickprov_kernel.log.hashing import GENESIS
from stickprov_kernel.log.row_differences import Difference, difference_of
from stickprov_kernel.log.signatures import verify_signatures
from stickprov_kernel.log.tree import Frontier

SQL: Final = load_queries(__package__, "verification.sql")

_PAGE: Final = 2_000
_TOLD_EVERY: Final = 10 * _PAGE
_PLACED_SECONDS: Final = 10.0
_LOOK_AGAIN_SECONDS: Final = 0.1


class TableVerification:
    """One reading of one log's tables."""

    def __init__(self, pool: asyncpg.Pool, source: Source) -> None:
        self._pool = pool
        self._source: Source = source
        self._pass = _Pass()

    async def run(self, tell: Tell) -> LogVerification:
        """Read everything that is there now.

        Args:
            tell: is told how far it has come.
        """
        (bounds,) = await self._pool.fetch(SQL["bounds"])
        checkpoints, difference = 0, await self._read(bounds["positions"], tell)
        if difference is None:
            difference = await self._beyond_the_pass(bounds)
        if difference is None:
            checkpoints, difference = await verify_signatures(self._pool, bounds["positions"])
        self._pass.close()
        return LogVerification(
            source=self._source,
            verdict="verified" if difference is None else "different",
            events=self._pass.tree.size,
            checkpoints=checkpoints,
            chain_hash=self._pass.chain.hex(),
            root=self._pass.tree.root().hex(),
            first_difference=difference.sentence if difference else None,
        )

    async def _read(self, until: int, tell: Tell) -> Difference | None:
        """Go through the ledger; the next page is fetched while one is hashed."""
        async with self._pool.acquire() as connection, connection.transaction(readonly=True):
            await connection.execute(SQL["by_index"])
            told = 0
            page = await self._page(connection, 0, until)
            for after in range(0, until, _PAGE):
                checking = asyncio.create_task(
                    asyncio.to_thread(self._pass.check, page, after, min(after + _PAGE, until))
                )
                page = await self._page(connection, after + _PAGE, until)
                difference = await checking
                if difference is not None:
                    return await self._named(connection, difference)
                if self._pass.tree.size - told >= _TOLD_EVERY or self._pass.tree.size == until:
                    told = self._pass.tree.size
                    tell(AuditStage(stage="verifying", source=self._source, done=told, of=until))
        return None

    async def _page(self, connection: Connection, after: int, until: int) -> list[Any]:
        if after >= until:
            return []
        return await connection.fetch(SQL["page"], after, min(after + _PAGE, until), source_uri(self._source))

    async def _named(self, connection: Connection, found: "Difference | int") -> Difference:
        """Look closer at a position of which only that something is wrong with it is known."""
        if isinstance(found, Difference):
            return found
        row = await connection.fetchrow(SQL["closer"], found)
        if row is None:
            return Difference("ledger", found, "", "There is no such row.")
        other = await connection.fetchval(SQL["with_leaf"], row["leaf_hash"])
        return difference_of(row, found, self._pass.chain, other_has_leaf=other)

    async def _beyond_the_pass(self, bounds: Any) -> Difference | None:  # noqa: ANN401
        if bounds["positions"] != bounds["sizes"]:
            return Difference("tree", bounds["positions"], "size", f"The tree ends at {bounds['sizes']}.")
        if bounds["signed"] > bounds["positions"]:
            return Difference("checkpoint", bounds["signed"], "size", f"The log ends at {bounds['positions']}.")
        # What was committed just before has its place soon; what has none by then was put there in another way.
        patience = time.monotonic() + _PLACED_SECONDS
        while event := await self._pool.fetchrow(SQL["without_place"], bounds["inserted"]):
            if time.monotonic() > patience:
                return Difference(
                    "event", bounds["positions"] + 1, "id", f"Event {event['id']} has no place in the ledger."
                )
            await asyncio.sleep(_LOOK_AGAIN_SECONDS)
        return None


class _Pass:
    """What was computed so far.

    Attributes:
        chain: chain hash at the last position that is whole.
        tree: over the leaves up to the last row of the tree.
    """

    def __init__(self) -> None:
        self.chain = GENESIS
        self.tree = Frontier()
        self._waiting: list[bytes] = []

    def check(self, rows: Sequence[Any], after: int, until: int) -> "Difference | int | None":
        """Hash a page; return what is wrong, or the position where something is."""
        expected = after
        for position, leaf, chain_hash, envelope, data, frontier, root, same in rows:
            expected += 1
            if position != expected or not same or sha256(b"\x00" + envelope + data).digest() != leaf:
                return expected
            chain = sha256(self.chain + leaf).digest()
            if chain != chain_hash:
                return expected
            self.chain = chain
            self._waiting.append(leaf)
            if frontier is not None and (difference := self._tree(position, frontier, root)):
                return difference
        return None if expected == until else expected + 1

    def close(self) -> None:
        """Take the leaves into the tree that no row of it covers."""
        self.tree.extend(self._waiting)
        self._waiting.clear()

    def _tree(self, size: int, frontier: bytes, root: bytes) -> Difference | None:
        self.close()
        if self.tree.to_bytes() != frontier:
            return Difference("tree", size, "frontier", "It is not that of the leaves.")
        if self.tree.root() != root:
            return Difference("tree", size, "root", "It is not that of the leaves.")
        return None

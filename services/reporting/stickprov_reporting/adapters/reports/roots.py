"""The trees' roots at the places that a report was made from, computed from the log copies.

What must not break: a root is that of RFC 9162 over every leaf up to its place. What was read once is not read again:
the tree's edge every few thousand leaves, which never change, is remembered here and kept in the database, so that a
first report after a start reads no more leaves than the next one. A replay compares what is kept with the leaves.
"""

import asyncio
from bisect import bisect_right
from collections.abc import Mapping
from typing import Final

import asyncpg

from stickprov_contracts.http.statistics import AsOf
from stickprov_kernel.database.queries import load_queries
from stickprov_kernel.log.hashing import leaf_hash
from stickprov_kernel.log.tree import Frontier
from stickprov_reporting.adapters.damage import CopyDamagedError
from stickprov_reporting.adapters.sql.following import EDGE

_SQL: Final = load_queries(__package__, "roots.sql")


class Roots:
    """Computes roots."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool
        self._edges: dict[str, list[Frontier]] = {}
        # Two reports at once would read the same leaves.
        self._turn = asyncio.Lock()

    async def at(self, as_of: Mapping[str, AsOf]) -> dict[str, str]:
        """Return the root of each log at its place, in hex.

        Raises:
            CopyDamagedError: a log copy does not reach as far.
        """
        async with self._turn:
            return {source: await self._root(source, place.position) for source, place in as_of.items()}

    async def _root(self, source: str, position: int) -> str:
        known = await self._edge_before(source, position)
        edge = Frontier(known.size, list(known.subtrees))
        while edge.size < position:
            last = min(position, edge.size - edge.size % EDGE + EDGE)
            records = await self._pool.fetch(_SQL["leaves"], source, edge.size, last, EDGE)
            if len(records) != last - edge.size:
                raise CopyDamagedError(
                    f"The copy of the log of {source} has a hole between positions {edge.size} and {last}. A replay "
                    "names what is wrong (stickprov audit replay)."
                )
            edge.extend([leaf_hash(record["envelope"], record["data"]) for record in records])
            if edge.size % EDGE == 0:
                self._remember(source, edge)
        return edge.root().hex()

    async def _edge_before(self, source: str, position: int) -> Frontier:
        """Return the largest edge up to a position that is known here or kept in the database."""
        edges = self._edges.setdefault(source, [Frontier()])
        known = edges[bisect_right([edge.size for edge in edges], position) - 1]
        if position - known.size < EDGE:
            return known
        record = await self._pool.fetchrow(_SQL["edge_before"], source, position)
        if record is None or record["size"] <= known.size:
            return known
        try:
            kept = Frontier.from_bytes(record["size"], record["subtrees"])
        except ValueError:
            # Somebody changed it; the leaves are there all the same.
            return known
        self._remember(source, kept)
        return kept

    def _remember(self, source: str, edge: Frontier) -> None:
        edges = self._edges[source]
        place = bisect_right([known.size for known in edges], edge.size)
        if edges[place - 1].size != edge.size:
            edges.insert(place, Frontier(edge.size, list(edge.subtrees)))

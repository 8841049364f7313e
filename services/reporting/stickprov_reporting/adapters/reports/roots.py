"""The trees' roots at the places that a report was made from, computed from the log copies.

What must not break: a root is that of RFC 9162 over every leaf up to its place. What was read once is not read again:
the tree's edge is remembered every few thousand leaves, which never change.
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

_SQL: Final = load_queries(__package__, "roots.sql")
_PAGE: Final = 4096


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
            ValueError: a log copy does not reach as far.
        """
        async with self._turn:
            return {source: await self._root(source, place.position) for source, place in as_of.items()}

    async def _root(self, source: str, position: int) -> str:
        edges = self._edges.setdefault(source, [Frontier()])
        known = edges[bisect_right([edge.size for edge in edges], position) - 1]
        edge = Frontier(known.size, list(known.subtrees))
        while edge.size < position:
            last = min(position, edge.size - edge.size % _PAGE + _PAGE)
            records = await self._pool.fetch(_SQL["leaves"], source, edge.size, last, _PAGE)
            if len(records) != last - edge.size:
                raise ValueError(f"the copy of {source}'s log has a hole between positions {edge.size} and {last}")
            edge.extend([leaf_hash(record["envelope"], record["data"]) for record in records])
            if edge.size % _PAGE == 0 and edge.size > edges[-1].size:
                edges.append(Frontier(edge.size, list(edge.subtrees)))
        return edge.root().hex()

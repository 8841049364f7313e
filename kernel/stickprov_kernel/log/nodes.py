"""Hashes within the tree of a log, for proofs.

What must not break: a hash is that of the leaves in the ledger. The log only grows, so the roots of whole tiles are
kept once they were computed: of 256 leaves, of 256 such tiles and so on. The first proof after a start reads all leaves
once; each later one reads a few hundred, however long the log is.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Final, TypeAlias

from stickprov_kernel.errors import ConflictError
from stickprov_kernel.log.proofs import HASH_BYTES, Leaves, joined, perfect_subtrees, root_over

_TILE: Final = 256
_TILE_HEIGHT: Final = 8
_TILES_AT_ONCE: Final = 64

ReadLeaves: TypeAlias = Callable[[int, int], Awaitable[bytes]]
"""Gives the leaf hashes of a range, counted from 0, one after another."""


class LogDamagedError(ConflictError):
    """The ledger lacks positions that it gave."""

    code = "log-damaged"
    title = "The log is not whole"


class TreeNodes:
    """Computes the roots of ranges of leaves."""

    def __init__(self, read: ReadLeaves) -> None:
        self._read = read
        self._levels: list[bytearray] = [bytearray()]
        self._filling = asyncio.Lock()

    async def roots(self, parts: Sequence[Leaves]) -> list[bytes]:
        """Return the root of each range, in their order.

        Raises:
            LogDamagedError: leaves are missing.
        """
        if not parts:
            return []
        end = max(end for _, end in parts)
        async with self._filling:
            await self._fill(end // _TILE)
        subtrees = [list(perfect_subtrees(part)) for part in parts]
        low = {start // _TILE for row in subtrees for start, height in row if height < _TILE_HEIGHT}
        tiles = {number: await self._leaves(number * _TILE, min((number + 1) * _TILE, end)) for number in low}
        return [joined([self._node(start, height, tiles) for start, height in row]) for row in subtrees]

    async def _leaves(self, start: int, end: int) -> bytes:
        packed = await self._read(start, end)
        if len(packed) != (end - start) * HASH_BYTES:
            raise LogDamagedError(
                f"Between the positions {start + 1} and {end}, {len(packed) // HASH_BYTES} are in the ledger. "
                "Have the log verified."
            )
        return packed

    async def _fill(self, tiles: int) -> None:
        """Compute the roots of whole tiles up to a number of them, and of the tiles above."""
        have = len(self._levels[0]) // HASH_BYTES
        while have < tiles:
            until = min(tiles, have + _TILES_AT_ONCE)
            packed = await self._leaves(have * _TILE, until * _TILE)
            for start in range(0, len(packed), _TILE * HASH_BYTES):
                self._add(root_over(packed[start : start + _TILE * HASH_BYTES]))
            have = until

    def _add(self, root: bytes) -> None:
        for number, level in enumerate(self._levels):
            level.extend(root)
            if len(level) % (_TILE * HASH_BYTES):
                return
            if number + 1 == len(self._levels):
                self._levels.append(bytearray())
            root = root_over(bytes(level[-_TILE * HASH_BYTES :]))

    def _node(self, start: int, height: int, tiles: Mapping[int, bytes]) -> bytes:
        """Return the root of a perfect subtree, from the largest tiles that it is made of."""
        level = min(height // _TILE_HEIGHT, len(self._levels))
        if level:
            first, count = start >> level * _TILE_HEIGHT, 1 << height - level * _TILE_HEIGHT
            packed: bytes | bytearray = self._levels[level - 1]
        else:
            first, count, packed = start % _TILE, 1 << height, tiles[start // _TILE]
        return root_over(bytes(packed[first * HASH_BYTES : (first + count) * HASH_BYTES]))

"""Which parts of the tree a proof is made of (RFC 9162, sections 2.1.3.1 and 2.1.4.1).

A part is a half-open range of leaves, counted from 0 as in the RFC; its hash is the root of the tree over them alone.
The first leaf of a range is always a multiple of the largest power of two that fits into it, so that a range is a row
of perfect subtrees, largest first.
"""

from collections.abc import Iterator, Sequence
from hashlib import sha256
from typing import Final, TypeAlias

from stickprov_kernel.log.tree import Frontier

Leaves: TypeAlias = tuple[int, int]
"""A range of leaves: the first, and the one after the last."""

HASH_BYTES: Final = 32


def inclusion_parts(leaf: int, size: int) -> list[Leaves]:
    """Return what proves that a leaf is in the tree of a size, from the leaf up."""
    start, end = 0, size
    found: list[Leaves] = []
    while end - start > 1:
        middle = start + _largest_power_below(end - start)
        if leaf < middle:
            found.append((middle, end))
            end = middle
        else:
            found.append((start, middle))
            start = middle
    return found[::-1]


def consistency_parts(first: int, second: int) -> list[Leaves]:
    """Return what proves that the tree of size ``second`` begins with that of size ``first``, at least 1."""
    start, end = 0, second
    found: list[Leaves] = []
    while end != first:
        middle = start + _largest_power_below(end - start)
        if first <= middle:
            found.append((middle, end))
            end = middle
        else:
            found.append((start, middle))
            start = middle
    # Whoever verifies has the smaller tree's root already when it is one of the parts itself.
    return [(start, end), *found[::-1]] if start else found[::-1]


def perfect_subtrees(leaves: Leaves) -> Iterator[tuple[int, int]]:
    """Yield the perfect subtrees of a range, largest first: first leaf and height."""
    start, end = leaves
    while start < end:
        height = (end - start).bit_length() - 1
        yield start, height
        start += 1 << height


def joined(subtrees: Sequence[bytes]) -> bytes:
    """Return the root over the roots of perfect subtrees, largest first."""
    root = subtrees[-1]
    for left in reversed(subtrees[:-1]):
        root = sha256(b"\x01" + left + root).digest()
    return root


def root_over(packed: bytes) -> bytes:
    """Return the root over hashes that stand one after another, 32 bytes each."""
    frontier = Frontier()
    frontier.extend([packed[start : start + HASH_BYTES] for start in range(0, len(packed), HASH_BYTES)])
    return frontier.root()


def _largest_power_below(size: int) -> int:
    return 1 << (size - 1).bit_length() - 1

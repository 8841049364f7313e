"""The RFC 9162 Merkle tree over a log's leaves, kept as the roots of its perfect subtrees.

The hash of two subtrees is ``SHA-256(0x01 || left || right)`` (RFC 9162, section 2.1.1). Adding a leaf costs one
hash on average, and the memory is at most one hash per bit of the size.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Final

EMPTY_ROOT: Final = sha256(b"").digest()
"""The root of a tree without leaves (RFC 9162)."""

_HASH_BYTES: Final = 32


@dataclass(slots=True)
class Frontier:
    """The right edge of a growing tree.

    Attributes:
        size: number of leaves.
        subtrees: roots of the perfect subtrees, largest first; one per set bit of ``size``.
    """

    size: int = 0
    subtrees: list[bytes] = field(default_factory=list)

    def add(self, leaf: bytes) -> None:
        """Add the next leaf's hash."""
        merged = leaf
        size = self.size
        while size & 1:
            merged = sha256(b"\x01" + self.subtrees.pop() + merged).digest()
            size >>= 1
        self.subtrees.append(merged)
        self.size += 1

    def extend(self, leaves: Sequence[bytes]) -> None:
        """Add leaves' hashes in order: the same as adding one after another, in half the time."""
        level, rest = list(leaves), self.size
        smallest_first: list[bytes] = []
        while level or rest:
            if rest & 1:
                level.insert(0, self.subtrees.pop())
            if len(level) & 1:
                smallest_first.append(level.pop())
            level = [
                sha256(b"\x01" + left + right).digest() for left, right in zip(level[::2], level[1::2], strict=True)
            ]
            rest >>= 1
        self.subtrees = smallest_first[::-1]
        self.size += len(leaves)

    def root(self) -> bytes:
        """Return the root over all leaves added so far."""
        if not self.subtrees:
            return EMPTY_ROOT
        root = self.subtrees[-1]
        for left in reversed(self.subtrees[:-1]):
            root = sha256(b"\x01" + left + root).digest()
        return root

    def to_bytes(self) -> bytes:
        """Return the subtrees' roots one after another, 32 bytes each."""
        return b"".join(self.subtrees)

    @classmethod
    def from_bytes(cls, size: int, packed: bytes) -> "Frontier":
        """Restore what ``to_bytes`` returned for a tree of ``size`` leaves.

        Raises:
            ValueError: the number of subtrees does not fit the size.
        """
        subtrees = [packed[start : start + _HASH_BYTES] for start in range(0, len(packed), _HASH_BYTES)]
        if len(packed) != _HASH_BYTES * size.bit_count():
            raise ValueError(f"a tree of {size} leaves has {size.bit_count()} perfect subtrees, not {len(subtrees)}")
        return cls(size, subtrees)


def root_of(leaves: Iterable[bytes]) -> bytes:
    """Return the root over leaves given in order."""
    frontier = Frontier()
    for leaf in leaves:
        frontier.add(leaf)
    return frontier.root()

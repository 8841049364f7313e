"""The hashes over a log: leaf, chain and RFC 9162 tree, with proofs verified.

What must not break: ``leaf = SHA-256(0x00 || envelope || data)``, ``node = SHA-256(0x01 || left || right)``,
``chain_n = SHA-256(chain_(n-1) || leaf_n)`` with 32 zero bytes before the first. A proof of the wrong length, or one
that has a hash to spare, proves nothing.
"""

from collections.abc import Iterable, Sequence
from hashlib import sha256

GENESIS = bytes(32)
"""The chain hash before the first event."""

EMPTY_ROOT = sha256(b"").digest()
"""The root of a tree without leaves."""

HASH_BYTES = 32


class ProofError(ValueError):
    """A proof does not prove what it should; the message says why."""


def leaf_hash(envelope: bytes, data: bytes) -> bytes:
    """Return the leaf of one event."""
    return sha256(b"\x00" + envelope + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return the hash of two subtrees."""
    return sha256(b"\x01" + left + right).digest()


def chain_hash(previous: bytes, leaf: bytes) -> bytes:
    """Return the chain hash after a leaf."""
    return sha256(previous + leaf).digest()


class GrowingTree:
    """A tree to which leaves are added in their order; it keeps one hash per bit of its size.

    Attributes:
        size: number of leaves so far.
    """

    def __init__(self) -> None:
        self.size = 0
        self._subtrees: list[bytes] = []

    def add(self, leaf: bytes) -> None:
        """Add the next leaf."""
        merged, size = leaf, self.size
        while size & 1:
            merged = node_hash(self._subtrees.pop(), merged)
            size >>= 1
        self._subtrees.append(merged)
        self.size += 1

    def root(self) -> bytes:
        """Return the root over all leaves so far."""
        if not self._subtrees:
            return EMPTY_ROOT
        root = self._subtrees[-1]
        for left in reversed(self._subtrees[:-1]):
            root = node_hash(left, root)
        return root


def roots_at(leaves: Iterable[bytes], sizes: Iterable[int]) -> dict[int, bytes]:
    """Return the roots that a log's tree had at some sizes; those beyond the last leaf are left out."""
    wanted, tree = set(sizes), GrowingTree()
    found = {0: EMPTY_ROOT} if 0 in wanted else {}
    for leaf in leaves:
        tree.add(leaf)
        if tree.size in wanted:
            found[tree.size] = tree.root()
    return found


def verify_inclusion(leaf: bytes, position: int, size: int, hashes: Sequence[bytes], root: bytes) -> None:
    """Verify that the event at a position is in the tree of a size (RFC 9162, 2.1.3.2).

    Args:
        leaf: the event's leaf hash.
        position: from 1, as the log counts; the RFC counts leaves from 0.
        size: of the tree.
        hashes: the proof, from the leaf up.
        root: the tree's, from a checkpoint that is trusted.

    Raises:
        ProofError: it is not proved.
    """
    if not 1 <= position <= size:
        raise ProofError(f"a log of {size} events has no position {position}")
    _must_be_hashes(leaf, root, *hashes)
    node, last, reached = position - 1, size - 1, leaf
    for beside in hashes:
        if last == 0:
            raise ProofError("the proof is too long")
        if node & 1 or node == last:
            reached = node_hash(beside, reached)
            while node and not node & 1:
                node, last = node >> 1, last >> 1
        else:
            reached = node_hash(reached, beside)
        node, last = node >> 1, last >> 1
    if last:
        raise ProofError("the proof is too short")
    if reached != root:
        raise ProofError("the proof leads to another root")


def verify_consistency(first: int, second: int, hashes: Sequence[bytes], first_root: bytes, second_root: bytes) -> None:
    """Verify that a tree begins with the leaves of a smaller one (RFC 9162, 2.1.4.2).

    Args:
        first: size of the smaller tree, at least 1.
        second: size of the larger tree, which may be the same.
        hashes: the proof.
        first_root: of the smaller tree.
        second_root: of the larger tree.

    Raises:
        ProofError: it is not proved.
    """
    if not 1 <= first <= second:
        raise ProofError(f"{first} events are not the beginning of {second}")
    _must_be_hashes(first_root, second_root, *hashes)
    if first == second:
        if hashes:
            raise ProofError("the proof is too long")
        if first_root != second_root:
            raise ProofError("the roots differ")
        return
    old, new = _roots_of_path(first, second, hashes, first_root)
    if old != first_root:
        raise ProofError("the proof leads to another root of the smaller tree")
    if new != second_root:
        raise ProofError("the proof leads to another root of the larger tree")


def _roots_of_path(first: int, second: int, hashes: Sequence[bytes], first_root: bytes) -> tuple[bytes, bytes]:
    """Return the roots of both trees that a consistency proof leads to."""
    # The smaller tree itself is the first node when it is perfect; the proof then leaves it out.
    path = [first_root, *hashes] if first & (first - 1) == 0 else list(hashes)
    if not path:
        raise ProofError("the proof is too short")
    node, last = first - 1, second - 1
    while node & 1:
        node, last = node >> 1, last >> 1
    old = new = path[0]
    for beside in path[1:]:
        if last == 0:
            raise ProofError("the proof is too long")
        if node & 1 or node == last:
            old, new = node_hash(beside, old), node_hash(beside, new)
            while node and not node & 1:
                node, last = node >> 1, last >> 1
        else:
            new = node_hash(new, beside)
        node, last = node >> 1, last >> 1
    if last:
        raise ProofError("the proof is too short")
    return old, new


def _must_be_hashes(*hashes: bytes) -> None:
    if any(len(one) != HASH_BYTES for one in hashes):
        raise ProofError("a hash is 32 bytes")

"""A log copy read again from its first event: leaf, chain and tree anew, and what the source says of the same place.

What must not break: nothing that was stored is believed here. A difference is named once, the first one; and a source
that does not answer is never taken for one that agrees.
"""

from collections.abc import Iterable, Sequence

from stickprov_contracts.http.audit import LogVerdict
from stickprov_contracts.http.checkpoints import LogVerification
from stickprov_contracts.log import LogHead
from stickprov_contracts.topics import Source
from stickprov_kernel.log.checkpoint_note import TreeHead
from stickprov_kernel.log.hashing import GENESIS, chain_hashes, leaf_hash
from stickprov_kernel.log.tree import Frontier
from stickprov_reporting.domain.audit.heads import TrustedHeads


class Rereading:
    """Recomputes one log's hashes."""

    def __init__(
        self, source: Source, trusted: TrustedHeads | None = None, edges: Iterable[tuple[int, bytes]] = ()
    ) -> None:
        """Begin.

        Args:
            source: whose log.
            trusted: what its signed checkpoints say; None where they could not be asked for.
            edges: sizes at which the tree's edge is kept, each with the roots of its subtrees.
        """
        self._source = source
        self._trusted = trusted
        self._checks: list[tuple[int, TreeHead | bytes]] = sorted(
            [(head.size, head) for head in (trusted.heads if trusted else ())] + list(edges), key=lambda check: check[0]
        )
        self._met = 0
        self._chain = GENESIS
        self._tree = Frontier()
        self._first_difference: str | None = None

    @property
    def position(self) -> int:
        """The last position that was read."""
        return self._tree.size

    def read(self, positions: Sequence[int], stored: Sequence[bytes], events: Sequence[tuple[bytes, bytes]]) -> None:
        """Read the next entries of the copy.

        Args:
            positions: of the entries.
            stored: the chain hashes that are stored with them.
            events: envelope and data of each.
        """
        first = self.position + 1
        if list(positions) != list(range(first, first + len(positions))):
            missing = next(place for place, found in enumerate(positions, first) if place != found)
            self.differ(f"position {missing} is missing from the log copy")
        leaves = [leaf_hash(envelope, data) for envelope, data in events]
        chain = chain_hashes(self._chain, leaves)
        if chain != list(stored):
            wrong = next(place for place, (one, other) in enumerate(zip(chain, stored, strict=True)) if one != other)
            self.differ(f"the bytes at position {positions[wrong]} do not give the chain hash that is stored there")
        if chain:
            self._chain = chain[-1]
        self._grow(leaves)

    def differ(self, what: str) -> None:
        """Keep a difference, if it is the first."""
        if self._first_difference is None:
            self._first_difference = what

    def compare_inbox(self, position: int, chain: str) -> None:
        """Compare with where the inbox says it stands."""
        if position != self.position:
            self.differ(f"the inbox stands at position {position}, its log copy ends at {self.position}")
        elif chain != self._chain.hex():
            self.differ(f"the inbox has another chain hash at position {position} than its log copy gives")
        for size, expected in self._checks:
            if isinstance(expected, bytes):
                self.differ(f"an edge of the tree is kept at size {size}, the log copy ends at {self.position}")

    def compare_trail(self, followed: int, events: int) -> None:
        """Compare how far the trail says it followed with how many events it has."""
        if followed > self.position:
            self.differ(f"the trail follows up to position {followed}, the log copy ends at {self.position}")
        elif events != followed:
            self.differ(f"the trail has {events} events of the first {followed}")

    def compare_source(self, head: LogHead, chain_at_position: str | None) -> None:
        """Compare with the source: its head, which may be ahead, and its chain hash at our last position."""
        if head.position < self.position:
            self.differ(f"the source's log ends at position {head.position}, its copy at {self.position}")
        elif self.position and chain_at_position != self._chain.hex():
            self.differ(f"the source has another chain hash at position {self.position}")
        elif head.position == self.position and head.root != self._tree.root().hex():
            self.differ(f"the source has another tree root over its {self.position} events")

    def compare_own(self, own: LogVerification) -> None:
        """Take in what the source found in its own tables."""
        if own.verdict == "different":
            self.differ(f"the source's own tables: {own.first_difference}")

    def verdict(self, *, answered: bool, own: str | None = None) -> LogVerdict:
        """Return the verdict; ``answered`` is whether the source was compared, ``own`` what it found itself."""
        if self._trusted is not None:
            for refused in self._trusted.refused:
                self.differ(refused)
        agreed = "verified" if answered and own != "unreachable" else "unreachable"
        return LogVerdict.model_validate(
            {
                "source": self._source,
                "events": self.position,
                "chain_hash": self._chain.hex(),
                "root": self._tree.root().hex(),
                "verdict": agreed if self._first_difference is None else "different",
                "first_difference": self._first_difference,
                "checkpoints": self._met,
                "keys": self._trusted.keys if self._trusted else None,
                "own": own,
            }
        )

    def _grow(self, leaves: list[bytes]) -> None:
        """Add leaves to the tree, and stop at every size of which something else says what the tree was."""
        begun = self._tree.size
        done = 0
        for size, expected in self._due(begun + len(leaves)):
            self._tree.extend(leaves[done : size - begun])
            done = size - begun
            self._check(size, expected)
        self._tree.extend(leaves[done:])

    def _due(self, size: int) -> Iterable[tuple[int, TreeHead | bytes]]:
        due = [check for check in self._checks if check[0] <= size]
        self._checks = self._checks[len(due) :]
        return due

    def _check(self, size: int, expected: TreeHead | bytes) -> None:
        if isinstance(expected, bytes):
            if expected != self._tree.to_bytes():
                self.differ(f"the edge of the tree that is kept at size {size} is not that of the copy's leaves")
        elif expected.root == self._tree.root():
            self._met += 1
        else:
            self.differ(f"the copy's first {size} events have another root than the signed checkpoint of them")

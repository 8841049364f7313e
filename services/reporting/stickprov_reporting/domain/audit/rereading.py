"""A log copy read again from its first event: leaf, chain and tree anew, and what the source says of the same place.

What must not break: nothing that was stored is believed here. A difference is named once, the first one; and a source
that does not answer is never taken for one that agrees.
"""

from stickprov_contracts.http.audit import LogVerdict
from stickprov_contracts.log import LogHead
from stickprov_contracts.topics import Source
from stickprov_kernel.log.hashing import GENESIS, chain_hash, leaf_hash
from stickprov_kernel.log.tree import Frontier


class Rereading:
    """Recomputes one log's hashes."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._chain = GENESIS
        self._tree = Frontier()
        self._first_difference: str | None = None

    @property
    def position(self) -> int:
        """The last position that was read."""
        return self._tree.size

    def add(self, position: int, stored_chain: bytes, envelope: bytes, data: bytes) -> None:
        """Read the next entry of the copy."""
        if position != self.position + 1:
            self.differ(f"position {self.position + 1} is missing from the log copy")
        leaf = leaf_hash(envelope, data)
        self._tree.add(leaf)
        self._chain = chain_hash(self._chain, leaf)
        if stored_chain != self._chain:
            self.differ(f"the bytes at position {position} do not give the chain hash that is stored there")

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

    def compare_source(self, head: LogHead, chain_at_position: str | None) -> None:
        """Compare with the source: its head, which may be ahead, and its chain hash at our last position."""
        if head.position < self.position:
            self.differ(f"the source's log ends at position {head.position}, its copy at {self.position}")
        elif self.position and chain_at_position != self._chain.hex():
            self.differ(f"the source has another chain hash at position {self.position}")
        elif head.position == self.position and head.root != self._tree.root().hex():
            self.differ(f"the source has another tree root over its {self.position} events")

    def verdict(self, *, answered: bool) -> LogVerdict:
        """Return the verdict; ``answered`` is whether the source was compared."""
        agreed = "verified" if answered else "unreachable"
        return LogVerdict.model_validate(
            {
                "source": self._source,
                "events": self.position,
                "chain_hash": self._chain.hex(),
                "root": self._tree.root().hex(),
                "verdict": agreed if self._first_difference is None else "different",
                "first_difference": self._first_difference,
            }
        )

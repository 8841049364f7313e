"""Wrapping the keys of what is sealed. The protocol is the seam for a key management service.

What must not break: a key that was wrapped about one thing is never unwrapped for another.
"""

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class WrappedKey:
    """A data key as it may lie beside what it seals.

    Attributes:
        master: id of the master key that wraps it.
        wrapped_key: as the wrapper returned it.
    """

    master: str
    wrapped_key: bytes


class KeyWrapper(Protocol):
    """Holds master keys, which never leave it."""

    @property
    def current(self) -> str:
        """Id of the master key that wraps from now on."""
        ...

    @property
    def ids(self) -> frozenset[str]:
        """Ids of the master keys that can unwrap."""
        ...

    def wrap(self, key: bytes, about: str) -> WrappedKey:
        """Return a data key of 32 bytes, wrapped by the current master key for one thing."""
        ...

    def unwrap(self, wrapped: WrappedKey, about: str) -> bytes:
        """Return the data key.

        Raises:
            MasterKeyMissingError: its master key is not here.
            SealBrokenError: it is not the key of this thing, or was changed.
        """
        ...

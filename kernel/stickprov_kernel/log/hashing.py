"""The hashes that make tampering show.

What must not break, for ever: ``leaf = SHA-256(0x00 || envelope || data)`` and
``chain_n = SHA-256(chain_(n-1) || leaf_n)`` with 32 zero bytes before the first. The envelope is length-prefixed,
so no byte can move between it and the data unseen.
"""

from collections.abc import Iterable
from hashlib import sha256
from typing import Final

GENESIS: Final = bytes(32)
"""The chain hash before the first event."""


def leaf_hash(envelope: bytes, data: bytes) -> bytes:
    """Return the 32-byte leaf of one event, as RFC 9162 hashes a leaf (prefix 0x00)."""
    return sha256(b"\x00" + envelope + data).digest()


def chain_hash(previous: bytes, leaf: bytes) -> bytes:
    """Return the 32-byte chain hash after a leaf."""
    return sha256(previous + leaf).digest()


def chain_hashes(previous: bytes, leaves: Iterable[bytes]) -> list[bytes]:
    """Return the chain hash after each of the leaves, in their order."""
    chain = []
    for leaf in leaves:
        previous = sha256(previous + leaf).digest()
        chain.append(previous)
    return chain

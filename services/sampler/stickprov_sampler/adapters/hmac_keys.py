"""HMAC-SHA-256 inside DuckDB, which has SHA-256 only: the key enters as its two padded halves (RFC 2104)."""

from hashlib import sha256
from typing import NamedTuple

_BLOCK = 64


class PaddedKey(NamedTuple):
    """``HMAC(key, text) = SHA-256(outer || SHA-256(inner || text))``."""

    inner: bytes
    outer: bytes


def padded(key: bytes) -> PaddedKey:
    """Return the two blocks of a key; one longer than a block is hashed first."""
    block = (sha256(key).digest() if len(key) > _BLOCK else key).ljust(_BLOCK, b"\0")
    return PaddedKey(bytes(byte ^ 0x36 for byte in block), bytes(byte ^ 0x5C for byte in block))

"""Pseudonyms: HMAC-SHA-256 of a unit's id, made in DuckDB for a whole register and here for single numbers.

DuckDB has SHA-256 only, so the key enters it as its two padded halves (RFC 2104).
"""

import hmac
from collections.abc import Iterable, Sequence
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


def pseudonyms(unit_ids: Iterable[str], keys: Sequence[bytes]) -> dict[str, str]:
    """Return units' ids by the pseudonyms that they have under some series' keys."""
    return {hmac.digest(key, unit.encode(), "sha256").hex(): unit for unit in set(unit_ids) for key in keys}

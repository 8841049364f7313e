"""A key's fingerprint, as it is read aloud, written down and compared."""

import hashlib
from typing import Final

from stickprov_client.bundle.verifying.notes import NoteError, read_key

_GROUP: Final = 4


def fingerprint_of(verifier_key: str) -> str:
    """Return the SHA-256 of a public key in groups of four digits; empty when it cannot be read."""
    try:
        digits = hashlib.sha256(read_key(verifier_key).public).hexdigest()
    except NoteError:
        return ""
    return " ".join(digits[start : start + _GROUP] for start in range(0, len(digits), _GROUP))

"""The private keys that sign checkpoints, read from files."""

import stat
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from stickprov_kernel.log.notes import SigningKey

_MUST_NOT: Final = stat.S_IRWXO | stat.S_IWGRP


class KeyFileError(ValueError):
    """A file holds no key that can sign; the message says why and what to do."""


def read_signing_key(path: Path, name: str) -> SigningKey:
    """Return the Ed25519 key in a PEM file (PKCS8, without a password) under a name.

    Raises:
        KeyFileError: the file cannot be read, others may read it, or it holds something else.
    """
    try:
        allowed, pem = path.stat().st_mode, path.read_bytes()
    except OSError as error:
        raise KeyFileError(f"This file cannot be read: {error.strerror}.") from None
    if allowed & _MUST_NOT:
        raise KeyFileError("Others may read or change this file; take that from them (chmod 600).")
    try:
        key = load_pem_private_key(pem, password=None)
    except (ValueError, TypeError):
        raise KeyFileError("This file holds no private key in PEM without a password.") from None
    if not isinstance(key, Ed25519PrivateKey):
        raise KeyFileError("This file holds a key of another kind; make one with openssl genpkey -algorithm ed25519.")
    return SigningKey(name, key)

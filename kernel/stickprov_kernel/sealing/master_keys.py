"""Master keys in a file that the service alone may read: one a line, ``<id> <64 hex digits>``, the first is current.

What must not break: a master key stands in no database, no log line and no error; a file that can no longer be read
takes nothing away from a running process.
"""

import os
import re
import secrets
import stat
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import structlog
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from stickprov_kernel.sealing.errors import MasterKeyMissingError, MasterKeysUnreadableError, SealBrokenError
from stickprov_kernel.sealing.wrapping import WrappedKey

NONCE_BYTES: Final = 12
_MUST_NOT: Final = stat.S_IRWXO | stat.S_IWGRP
_LINE: Final = re.compile(r"([A-Za-z0-9][A-Za-z0-9._-]{0,39})[ \t]+([0-9A-Fa-f]{64})", re.ASCII)
_FORM: Final = "<id> <64 hex digits>"

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class _Held:
    current: str
    ciphers: Mapping[str, AESGCM]
    stamp: tuple[int, int, int]


class MasterKeys:
    """The keys of a file; it is read again when it changes."""

    def __init__(self, path: Path, held: _Held) -> None:
        self._path = path
        self._held = held
        self._refused = held.stamp

    @classmethod
    def read(cls, path: Path) -> "MasterKeys":
        """Return the keys of a file.

        Raises:
            MasterKeysUnreadableError: it cannot be read, others may read it, or it holds something else.
        """
        return cls(path, _read(path))

    @property
    def current(self) -> str:
        """Id of the key that wraps from now on: that of the file's first line."""
        return self._now().current

    @property
    def ids(self) -> frozenset[str]:
        """Ids of all keys that can open."""
        return frozenset(self._now().ciphers)

    def wrap(self, key: bytes, about: str) -> WrappedKey:
        """Return a data key, wrapped by the current master key for one thing."""
        held = self._now()
        nonce = secrets.token_bytes(NONCE_BYTES)
        wrapped = held.ciphers[held.current].encrypt(nonce, key, _aad(held.current, about))
        return WrappedKey(held.current, nonce + wrapped)

    def unwrap(self, wrapped: WrappedKey, about: str) -> bytes:
        """Return the data key.

        Raises:
            MasterKeyMissingError: its master key is not in the file.
            SealBrokenError: it is not the key of this thing, or was changed.
        """
        cipher = self._now().ciphers.get(wrapped.master)
        if cipher is None:
            raise MasterKeyMissingError(wrapped.master)
        nonce, rest = wrapped.wrapped_key[:NONCE_BYTES], wrapped.wrapped_key[NONCE_BYTES:]
        try:
            return cipher.decrypt(nonce, rest, _aad(wrapped.master, about))
        except (InvalidTag, ValueError):
            raise SealBrokenError(about) from None

    def _now(self) -> _Held:
        held = self._held
        try:
            stamp = _stamp(self._path.stat())
            if stamp in {held.stamp, self._refused}:
                return held
            self._refused = stamp
            self._held = held = _read(self._path)
        except (OSError, MasterKeysUnreadableError) as error:
            if not isinstance(error, OSError):
                _log.warning("master-keys-not-read-again", reason=str(error))
        return held


def new_line(name: str) -> str:
    """Return a line for the file: an id with a new key."""
    return f"{name} {secrets.token_hex(32)}\n"


def _read(path: Path) -> _Held:
    try:
        with path.open("rb") as file:
            status = os.fstat(file.fileno())
            text = file.read().decode("utf-8", "replace")
    except OSError as error:
        raise MasterKeysUnreadableError(f"This file cannot be read: {error.strerror}.") from None
    if status.st_mode & _MUST_NOT:
        raise MasterKeysUnreadableError("Others may read or change this file; take that from them (chmod 600).")
    keys: dict[str, AESGCM] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        said = line.partition("#")[0].strip()
        if not said:
            continue
        matched = _LINE.fullmatch(said)
        if matched is None:
            raise MasterKeysUnreadableError(f"Line {number} of this file is no master key; write {_FORM}.")
        if matched[1] in keys:
            raise MasterKeysUnreadableError(f"Line {number} of this file has an id that an earlier line has.")
        keys[matched[1]] = AESGCM(bytes.fromhex(matched[2]))
    if not keys:
        raise MasterKeysUnreadableError(f"This file holds no master key; write a line {_FORM}.")
    return _Held(next(iter(keys)), keys, _stamp(status))


def _stamp(status: os.stat_result) -> tuple[int, int, int]:
    return status.st_mtime_ns, status.st_ino, status.st_size


def _aad(master: str, about: str) -> bytes:
    return b"stickprov key\0" + master.encode() + b"\0" + about.encode()

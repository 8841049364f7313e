"""Whose signatures are believed: the issuer's public keys, and where they come from."""

import json
from pathlib import Path
from typing import Protocol

import structlog
from joserfc.jwk import KeySet

from stickprov_contracts.openid.keys import key_set
from stickprov_kernel.errors import UnavailableError

_LOG = structlog.stdlib.get_logger("stickprov.http")


class Keys(Protocol):
    """Whatever knows the issuer's keys."""

    def keys(self) -> KeySet:
        """Return the keys as they are known now.

        Raises:
            UnavailableError: none are known yet.
        """
        ...

    async def look_again(self) -> bool:
        """Find out whether there are new keys; False where that was done a moment ago or is done at every look."""
        ...


class GivenKeys:
    """Keys that never change."""

    def __init__(self, keys: KeySet) -> None:
        self._keys = keys

    def keys(self) -> KeySet:
        return self._keys

    async def look_again(self) -> bool:
        return False


class KeyFile:
    """The issuer's public keys (a JWK set, RFC 7517) in a file that may be replaced while the service runs."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._seen: tuple[int, int] | None = None
        self._keys: KeySet | None = None

    def keys(self) -> KeySet:
        """Return the keys, read again when the file is another; the last good ones while the file is unusable."""
        try:
            status = self._path.stat()
            seen = (status.st_mtime_ns, status.st_ino)
            if seen != self._seen:
                self._keys = key_set(json.loads(self._path.read_bytes()))
                self._seen = seen
        except (OSError, ValueError, RecursionError) as error:
            _LOG.warning("issuer-keys-unusable", error=type(error).__name__)
        if self._keys is None:
            raise UnavailableError("The sign-in's keys are not there yet. Try again shortly.")
        return self._keys

    async def look_again(self) -> bool:
        return False

"""Whose signatures are believed: the issuer's public keys, and the algorithms that count."""

import json
from pathlib import Path
from typing import Any, Final

import structlog
from joserfc.errors import JoseError, UnsupportedAlgorithmError
from joserfc.jwk import KeySet
from joserfc.jws import JWSRegistry

from stickprov_kernel.errors import UnavailableError

_LOG = structlog.stdlib.get_logger("stickprov.http")
_ALGORITHMS: Final = ("Ed25519", "EdDSA")  # RFC 9864's name, and the older one that providers still send


class KeyFile:
    """The issuer's public keys (a JWK set, RFC 7517) in a file that may be replaced while the service runs."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._seen: tuple[int, int] | None = None
        self._keys: KeySet | None = None

    def keys(self) -> KeySet:
        """Return the keys, read again when the file is another; the last good ones while the file is unusable.

        Raises:
            UnavailableError: there was no usable file yet.
        """
        try:
            status = self._path.stat()
            seen = (status.st_mtime_ns, status.st_ino)
            if seen != self._seen:
                self._keys = _key_set(self._path.read_bytes())
                self._seen = seen
        except (OSError, ValueError) as error:
            _LOG.warning("issuer-keys-unusable", error=type(error).__name__)
        if self._keys is None:
            raise UnavailableError("The sign-in's keys are not there yet. Try again shortly.")
        return self._keys


class Signatures(JWSRegistry):
    """Knows two signature algorithms and no other, whatever a token's header asks for.

    The library warns of ``EdDSA`` with every token because the name leaves the curve open; here the keys decide it.
    """

    def get_alg(self, name: str) -> Any:  # noqa: ANN401  # the library does not export the type
        if name not in _ALGORITHMS:
            raise UnsupportedAlgorithmError("not one of ours")
        return self.algorithms[name]


def _key_set(content: bytes) -> KeySet:
    try:
        return KeySet.import_key_set(json.loads(content))
    except (JoseError, TypeError, LookupError) as error:
        raise ValueError("The file of the issuer's keys holds no JWK set with a usable key.") from error

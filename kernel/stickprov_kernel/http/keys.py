"""Whose signatures are believed: the issuer's public keys, and the algorithms that count.

What must not break: a key verifies the algorithms of its own type and no other, whatever a token's header asks for.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final, Protocol

import structlog
from joserfc.errors import JoseError, UnsupportedAlgorithmError
from joserfc.jwk import ECKey, Key, KeySet, OKPKey, RSAKey, import_key
from joserfc.jws import JWSRegistry

from stickprov_kernel.errors import UnavailableError

_LOG = structlog.stdlib.get_logger("stickprov.http")
_EDDSA: Final = frozenset({"Ed25519", "EdDSA"})  # RFC 9864's name, and the older one that providers still send
_RSA: Final = frozenset({"RS256", "PS256"})
_EC: Final = frozenset({"ES256"})
ALGORITHMS: Final = _EDDSA | _RSA | _EC
_SHORTEST_RSA: Final = 2048
_MOST_KEYS: Final = 100


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


class Signatures(JWSRegistry):
    """Knows a few asymmetric signature algorithms and no other, whatever a token's header asks for.

    The library warns of ``EdDSA`` with every token because the name leaves the curve open; here the keys decide it.
    """

    max_header_length = 8192  # some providers send their whole certificate with each token

    def get_alg(self, name: str) -> Any:  # noqa: ANN401  # the library does not export the type
        if name not in ALGORITHMS:
            raise UnsupportedAlgorithmError("not one of ours")
        return self.algorithms[name]


def key_set(content: Any) -> KeySet:  # noqa: ANN401  # whatever JSON holds
    """Return the usable keys of a JWK set; keys of a kind that is not ours are left out, as RFC 7517 wants.

    Raises:
        ValueError: there is none.
    """
    listed = content.get("keys") if isinstance(content, dict) else None
    usable = [key for one in (listed if isinstance(listed, list) else [])[:_MOST_KEYS] if (key := _usable(one))]
    if not usable:
        raise ValueError("There is no JWK set with a usable key.")
    return KeySet(usable)


def fitting(keys: KeySet, header: Mapping[str, Any]) -> tuple[list[Key], bool]:
    """Return the keys that may verify a token with this header, and whether its key is known by name at all."""
    kid = header.get("kid")
    named = [key for key in keys.keys if kid is None or key.get("kid") == kid]
    return [key for key in named if header.get("alg") in _algorithms(key)], bool(named)


def _usable(content: object) -> Key | None:
    if not isinstance(content, dict) or content.get("kty") not in {"RSA", "EC", "OKP"}:
        return None  # a shared secret is nobody's public key
    try:
        key = import_key(content)
        return key if _algorithms(key) else None
    except (JoseError, ValueError, TypeError, LookupError, AttributeError, RecursionError, OverflowError):
        return None  # the library meets a damaged key with whatever its code happens to raise


def _algorithms(key: Key) -> frozenset[str]:
    """Return the algorithms that a key may verify: those of its type, or of these the one that it is made for."""
    if key.get("use") not in {None, "sig"} or "verify" not in (key.get("key_ops") or ["verify"]):
        return frozenset()
    match key:
        case RSAKey() if key.raw_value.key_size >= _SHORTEST_RSA:
            ours = _RSA
        case ECKey() if key.get("crv") == "P-256":
            ours = _EC
        case OKPKey() if key.get("crv") == "Ed25519":
            ours = _EDDSA
        case _:
            return frozenset()
    made_for = key.get("alg")
    if made_for is None:
        return ours
    return _EDDSA if made_for in _EDDSA and ours is _EDDSA else ours & {str(made_for)}

"""The public keys of a provider, and the signatures that count.

What must not break: a key verifies the algorithms of its own type and no other, whatever a token's header asks for.
"""

from collections.abc import Mapping
from typing import Any, Final

from joserfc.errors import JoseError, UnsupportedAlgorithmError
from joserfc.jwk import ECKey, Key, KeySet, OKPKey, RSAKey, import_key
from joserfc.jws import JWSRegistry

_EDDSA: Final = frozenset({"Ed25519", "EdDSA"})  # RFC 9864's name, and the older one that providers still send
_RSA: Final = frozenset({"RS256", "PS256"})
_EC: Final = frozenset({"ES256"})
ALGORITHMS: Final = _EDDSA | _RSA | _EC
_SHORTEST_RSA: Final = 2048
_MOST_KEYS: Final = 100


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

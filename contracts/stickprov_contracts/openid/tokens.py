"""A signed token read strictly: a JWT (RFC 7519) as one of a provider's keys signed it.

What must not break: nothing that a token says of itself (``jku``, ``x5u``, ``jwk``, ``alg``) decides whom to believe,
and one that readers could understand differently is understood by nobody.
"""

import base64
import binascii
import json
from collections.abc import Mapping
from dataclasses import dataclass
from json import JSONDecoder
from typing import Any, Final, NoReturn

from joserfc import jwt
from joserfc.errors import BadSignatureError, JoseError
from joserfc.jwk import KeySet

from stickprov_contracts.openid.keys import Signatures, fitting

_LONGEST: Final = 16_384
_LONGEST_NAME: Final = 255
_PARTS: Final = 3
# Headers that are not known (x5t, jku) decide nothing here, so they are no reason to refuse.
_SIGNATURES: Final = Signatures(strict_check_header=False)


class TokenError(ValueError):
    """It is no token, or none of the keys signed it."""


class UnknownKeyNameError(TokenError):
    """The token names a key that is not known, which may be a new one."""


@dataclass(frozen=True, slots=True)
class SignedToken:
    """What one of the keys signed; nothing is said yet of whom it is for.

    Attributes:
        type: of the header, in small letters, empty when not said.
        claims: the content.
    """

    type: str
    claims: Mapping[str, Any]


def signed_by(keys: KeySet, token: str) -> SignedToken:
    """Return a token's content.

    Raises:
        UnknownKeyNameError: none of the keys has the name that it gives.
        TokenError: anything else is wrong with it.
    """
    if len(token) > _LONGEST:
        raise TokenError("too long")
    try:
        header = _header_of(token)
        candidates, is_named = fitting(keys, header)
        if not is_named:
            raise UnknownKeyNameError("signed with a key that is not known")
        for key in candidates:
            try:
                claims = jwt.decode(token, key, registry=_SIGNATURES, decoder_cls=_Strict).claims
            except BadSignatureError:
                continue
            return SignedToken(header.get("typ", "").lower(), claims)
    except TokenError:
        raise
    except (JoseError, ValueError, TypeError, LookupError, AttributeError, RecursionError, OverflowError):
        # The library meets hostile JSON with whatever its code happens to raise.
        raise TokenError("not readable") from None
    raise TokenError("not signed with a known key")


class _Strict(JSONDecoder):
    """Refuses what readers of JSON understand differently: a name given twice, and what is no number."""

    def __init__(self, **options: Any) -> None:  # noqa: ANN401  # the library's are passed on
        super().__init__(**options | {"object_pairs_hook": _each_once, "parse_constant": _no_number})


def _each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name is given twice")
    return found


def _no_number(_text: str) -> NoReturn:
    raise ValueError("not a number")


def _header_of(token: str) -> Mapping[str, Any]:
    """Return a token's header, read strictly, if nothing in it forbids going on."""
    parts = token.split(".")
    if len(parts) != _PARTS or not all(parts):
        raise ValueError("not a signed token")
    try:
        content = base64.b64decode(parts[0] + "=" * (-len(parts[0]) % 4), altchars=b"-_", validate=True)
    except binascii.Error as error:
        raise ValueError("not base64url") from error
    header = json.loads(content, cls=_Strict)
    if not isinstance(header, dict) or header.keys() & {"crit", "b64", "enc", "zip"}:
        raise ValueError("not a plain signature")
    for name, missing in (("alg", None), ("kid", "unnamed"), ("typ", "jwt")):
        if not isinstance(value := header.get(name, missing), str) or not 0 < len(value) <= _LONGEST_NAME:
            raise ValueError(f"no usable {name}")
    return header

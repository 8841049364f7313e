"""A token taken apart and checked: a JWT (RFC 7519) that one of the issuer's keys signed, for us, that still runs.

What must not break: no token, however malformed, is anything but a refusal; nothing that a token says of itself
(``jku``, ``x5u``, ``jwk``, ``alg``) decides whom to believe.
"""

import base64
import binascii
import json
from collections.abc import Mapping
from json import JSONDecoder
from typing import Any, ClassVar, Final, NoReturn

from joserfc import jwt
from joserfc.errors import BadSignatureError, ClaimError, ExpiredTokenError, JoseError
from joserfc.jwk import Key, KeySet

from stickprov_kernel.errors import UnauthenticatedError
from stickprov_kernel.http.keys import Signatures, fitting

CLOCK_SKEW_SECONDS: Final = 30
_LONGEST_TOKEN: Final = 16_384
_LONGEST_NAME: Final = 255
_PARTS: Final = 3
# Of header `typ` (RFC 9068, RFC 7519) those that an access token may have; and of claim `typ` (Keycloak's) those not.
_TYPES: Final = frozenset({"", "jwt", "at+jwt", "application/at+jwt"})
_OTHER_TYPES: Final = frozenset({"id", "refresh", "offline", "logout"})
_OF_ID_TOKENS: Final = frozenset({"at_hash", "c_hash", "s_hash"})
_OF_ACCESS_TOKENS: Final = frozenset({"scope", "scp", "client_id"})
_UNREADABLE: Final = "The token is not one that this service can verify. Sign in again."


class TokenRefusedError(UnauthenticatedError):
    """There is a token, but it does not prove who calls."""

    challenge: ClassVar[str] = 'Bearer error="invalid_token"'


class UnknownKeyError(TokenRefusedError):
    """The token names a key that is not known, which may be a new one."""


class Verifier:
    """Checks tokens of one issuer for one audience."""

    def __init__(self, issuer: str, audience: str) -> None:
        # Headers that are not known (x5t, jku) decide nothing here, so they are no reason to refuse.
        self._signatures = Signatures(strict_check_header=False)
        self._claims = jwt.JWTClaimsRegistry(
            leeway=CLOCK_SKEW_SECONDS,
            iss={"essential": True, "value": issuer},
            aud={"essential": True, "value": audience},
            exp={"essential": True},
        )

    def claims(self, token: str, keys: KeySet) -> Mapping[str, Any]:
        """Return what a token claims.

        Raises:
            UnknownKeyError: none of the keys has the name that it gives.
            TokenRefusedError: anything else is wrong with it.
        """
        if len(token) > _LONGEST_TOKEN:
            raise TokenRefusedError("The token is too long to be one of ours.")
        try:
            header = _header_of(token)
            candidates, is_named = fitting(keys, header)
            if not is_named:
                raise UnknownKeyError("The token is signed with a key that is not known. Sign in again.")
            claims = self._signed(token, candidates)
            self._claims.validate(dict(claims))
            _is_for_access(header, claims)
        except ExpiredTokenError:
            raise TokenRefusedError("The token has expired. Sign in again.") from None
        except ClaimError as error:
            raise TokenRefusedError(f"The token's claim {error.claim} is missing or not as it should be.") from None
        except (JoseError, ValueError, TypeError, LookupError, AttributeError, RecursionError, OverflowError):
            # The library meets hostile JSON with whatever its code happens to raise.
            raise TokenRefusedError(_UNREADABLE) from None
        return claims

    def _signed(self, token: str, candidates: list[Key]) -> Mapping[str, Any]:
        for key in candidates:
            try:
                return jwt.decode(token, key, registry=self._signatures, decoder_cls=_Strict).claims
            except BadSignatureError:
                continue
        raise TokenRefusedError(_UNREADABLE)


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
    kid, kind = header.get("kid"), header.get("typ", "")
    if not isinstance(header.get("alg"), str) or not isinstance(kind, str) or kind.lower() not in _TYPES:
        raise ValueError("not an access token")
    if kid is not None and not (isinstance(kid, str) and 0 < len(kid) <= _LONGEST_NAME):
        raise ValueError("no key's name")
    return header


def _is_for_access(header: Mapping[str, Any], claims: Mapping[str, Any]) -> None:
    """Refuse tokens that the issuer made for something else, as far as they tell.

    An ID token answers to the nonce of a sign-in; access tokens name their client or scope (RFC 9068) beside it, if at
    all.
    """
    kind = claims.get("typ")
    says_so = header.get("typ", "").lower().endswith("at+jwt")
    is_other = isinstance(kind, str) and kind.lower() in _OTHER_TYPES
    is_id = bool(_OF_ID_TOKENS & claims.keys()) or ("nonce" in claims and not _OF_ACCESS_TOKENS & claims.keys())
    if "events" in claims or is_other or (is_id and not says_so):
        raise TokenRefusedError("The token is not made for calling services. Send an access token.")

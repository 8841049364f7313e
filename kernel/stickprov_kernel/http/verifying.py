"""A token checked: the issuer signed it, for us, to call services with, and it still runs.

What must not break: no token, however malformed, is anything but a refusal.
"""

from collections.abc import Mapping
from typing import Any, ClassVar, Final

from joserfc import jwt
from joserfc.errors import ClaimError, ExpiredTokenError
from joserfc.jwk import KeySet

from stickprov_contracts.openid.tokens import SignedToken, TokenError, UnknownKeyNameError, signed_by
from stickprov_kernel.errors import UnauthenticatedError

CLOCK_SKEW_SECONDS: Final = 30
# Of header `typ` (RFC 9068, RFC 7519) those that an access token may have; and of claim `typ` (Keycloak's) those not.
_TYPES: Final = frozenset({"", "jwt", "at+jwt", "application/at+jwt"})
_OTHER_TYPES: Final = frozenset({"id", "refresh", "offline", "logout"})
_OF_ID_TOKENS: Final = frozenset({"at_hash", "c_hash", "s_hash"})
_OF_ACCESS_TOKENS: Final = frozenset({"scope", "scp", "client_id"})


class TokenRefusedError(UnauthenticatedError):
    """There is a token, but it does not prove who calls."""

    challenge: ClassVar[str] = 'Bearer error="invalid_token"'


class UnknownKeyError(TokenRefusedError):
    """The token names a key that is not known, which may be a new one."""


class Verifier:
    """Checks tokens of one issuer for one audience."""

    def __init__(self, issuer: str, audience: str) -> None:
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
        try:
            signed = signed_by(keys, token)
            self._claims.validate(dict(signed.claims))
        except UnknownKeyNameError:
            raise UnknownKeyError("The token is signed with a key that is not known. Sign in again.") from None
        except TokenError:
            raise TokenRefusedError("The token is not one that this service can verify. Sign in again.") from None
        except ExpiredTokenError:
            raise TokenRefusedError("The token has expired. Sign in again.") from None
        except ClaimError as error:
            raise TokenRefusedError(f"The token's claim {error.claim} is missing or not as it should be.") from None
        if not _is_for_access(signed):
            raise TokenRefusedError("The token is not made for calling services. Send an access token.")
        return signed.claims


def _is_for_access(token: SignedToken) -> bool:
    """Tell whether the issuer made a token for calling services, as far as it tells.

    An ID token answers to the nonce of a sign-in; access tokens name their client or scope (RFC 9068) beside it, if at
    all.
    """
    kind = token.claims.get("typ")
    if token.type not in _TYPES or "events" in token.claims:
        return False
    if isinstance(kind, str) and kind.lower() in _OTHER_TYPES:
        return False
    is_id = bool(_OF_ID_TOKENS & token.claims.keys())
    is_id |= "nonce" in token.claims and not _OF_ACCESS_TOKENS & token.claims.keys()
    return token.type.endswith("at+jwt") or not is_id

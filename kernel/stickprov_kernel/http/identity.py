"""Who calls: a bearer token checked, and a pseudonym in place of the name.

What must not break: the subject of a token (a sign-in name) goes no further than here; events, logs and metrics
know the actor's pseudonym alone. No token, however malformed, is anything but a 401.
"""

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar, Final, Literal, get_args

from fastapi import Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from joserfc import jwt
from joserfc.errors import ClaimError, ExpiredTokenError, JoseError
from joserfc.jwk import KeySet

from stickprov_kernel.errors import ForbiddenError, UnauthenticatedError
from stickprov_kernel.http.keys import KeyFile, Signatures
from stickprov_kernel.settings import ServiceSettings

Role = Literal["coordinator", "reviewer", "protected-reviewer", "board", "auditor", "ops", "service"]

ROLES: Final[frozenset[str]] = frozenset(get_args(Role))
CALLER: Final = "stickprov.caller"
"""Key of the ASGI scope under which the authentication middleware leaves the caller."""

_CLOCK_SKEW_SECONDS: Final = 30
_LONGEST_TOKEN: Final = 8192
_LONGEST_SUBJECT: Final = 255


@dataclass(frozen=True, slots=True)
class Caller:
    """Who calls.

    Attributes:
        actor: pseudonym, the only name that may be stored or logged.
        subject: sign-in name as the provider has it; for comparing, never for storing.
        roles: those of ours that the token carries.
    """

    actor: str
    subject: str
    roles: frozenset[str]


class SignInRequiredError(UnauthenticatedError):
    """There is no bearer token."""

    challenge: ClassVar[str] = "Bearer"


class TokenRefusedError(UnauthenticatedError):
    """There is a token, but it does not prove who calls."""

    challenge: ClassVar[str] = 'Bearer error="invalid_token"'


def actor_pseudonym(staff_key: bytes, subject: str) -> str:
    """Return a sign-in name's pseudonym: ``p`` and 24 hex digits of HMAC-SHA-256 (RFC 2104) under the staff key."""
    return "p" + hmac.new(staff_key, subject.encode(), hashlib.sha256).hexdigest()[:24]


class Authenticator:
    """Checks bearer tokens: JWT (RFC 7519) signed with Ed25519.

    Args:
        keys: the issuer's public keys, or a file of them that is read at the first token.
        issuer: the only ``iss`` that is believed.
        audience: what ``aud`` must be or contain.
        staff_key: key of the actors' pseudonyms.
    """

    def __init__(self, keys: KeySet | KeyFile, issuer: str, audience: str, staff_key: bytes) -> None:
        self._keys = keys
        self._staff_key = staff_key
        # Headers that are not known (x5t, jku) decide nothing here, so they are no reason to refuse.
        self._signatures = Signatures(strict_check_header=False)
        self._claims = jwt.JWTClaimsRegistry(
            leeway=_CLOCK_SKEW_SECONDS,
            iss={"essential": True, "value": issuer},
            aud={"essential": True, "value": audience},
            exp={"essential": True},
            sub={"essential": True},
        )

    @classmethod
    def of(cls, settings: ServiceSettings) -> "Authenticator":
        """Return what a service's settings ask for; the file of keys is read at the first token."""
        return cls(
            KeyFile(settings.token_keys), settings.token_issuer, settings.token_audience, settings.staff_key_bytes
        )

    def caller(self, authorization: str | None) -> Caller:
        """Return who an ``Authorization`` header speaks for.

        Raises:
            SignInRequiredError: there is no bearer token.
            TokenRefusedError: it is malformed, expired, or not by or for whom it should be.
        """
        scheme, _, token = (authorization or "").partition(" ")
        if scheme.lower() != "bearer" or not token.strip():
            raise SignInRequiredError("Send a token as Authorization: Bearer <token>.")
        claims = self._verified(token.strip())
        subject = claims["sub"]
        if not 0 < len(subject) <= _LONGEST_SUBJECT or not subject.isprintable():
            raise TokenRefusedError("The token's subject is not a usable name. Ask who issued it.")
        given = claims.get("roles")
        roles = frozenset(role for role in given if isinstance(role, str)) if isinstance(given, list) else frozenset()
        return Caller(actor_pseudonym(self._staff_key, subject), subject, roles & ROLES)

    def _verified(self, token: str) -> Mapping[str, Any]:
        keys = self._keys.keys() if isinstance(self._keys, KeyFile) else self._keys
        if len(token) > _LONGEST_TOKEN:
            raise TokenRefusedError("The token is too long to be one of ours.")
        try:
            claims = jwt.decode(token, keys, registry=self._signatures).claims
            self._claims.validate(claims)
        except ExpiredTokenError:
            raise TokenRefusedError("The token has expired. Sign in again.") from None
        except ClaimError as error:
            raise TokenRefusedError(f"The token's claim {error.claim} is missing or not as it should be.") from None
        except (JoseError, ValueError, TypeError, LookupError, AttributeError, RecursionError):
            # The library meets hostile JSON with whatever its code happens to raise.
            raise TokenRefusedError("The token is not one that this service can verify. Sign in again.") from None
        return claims


_BEARER = HTTPBearer(auto_error=False, bearerFormat="JWT", description="A token of the organisation's sign-in.")


class Requirement:
    """A dependency that gives the caller if they have one of the roles."""

    def __init__(self, roles: frozenset[str]) -> None:
        self.roles = roles

    async def __call__(
        self,
        request: Request,
        _documented: Annotated[HTTPAuthorizationCredentials | None, Depends(_BEARER)],
    ) -> Caller:
        """Return the caller.

        Raises:
            UnauthenticatedError: nobody is signed in.
            ForbiddenError: the caller has none of the roles.
        """
        caller = request.scope.get(CALLER)
        if not isinstance(caller, Caller):
            raise SignInRequiredError("Send a token as Authorization: Bearer <token>.")
        if not caller.roles & self.roles:
            raise ForbiddenError(f"This needs one of the roles: {', '.join(sorted(self.roles))}.")
        return caller


def require(*roles: Role) -> Requirement:
    """Return a dependency that lets in callers with any one of the roles: ``Annotated[Caller, Depends(require(...))]``.

    Raises:
        ValueError: no role is given, or one that does not exist.
    """
    unknown = sorted(set(roles) - ROLES)
    if not roles or unknown:
        raise ValueError(
            f"require() takes one or more of {', '.join(sorted(ROLES))}; got {', '.join(unknown) or 'none'}."
        )
    return Requirement(frozenset(roles))

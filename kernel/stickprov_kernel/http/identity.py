"""Who calls: a bearer token checked, and a pseudonym in place of the name.

What must not break: the subject of a token (a sign-in name) goes no further than here; events, logs and metrics
know the actor's pseudonym alone. No token, however malformed, is anything but a 401.
"""

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, ClassVar, Final

from fastapi import Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from joserfc.jwk import KeySet

from stickprov_contracts.openid import claims as claimed
from stickprov_contracts.openid.claims import RolesClaimError, claim_at, roles_of
from stickprov_kernel.errors import ForbiddenError, UnauthenticatedError
from stickprov_kernel.http.issuer_keys import IssuerKeys
from stickprov_kernel.http.keys import GivenKeys, KeyFile, Keys
from stickprov_kernel.http.provider import Provider
from stickprov_kernel.http.verifying import TokenRefusedError, UnknownKeyError, Verifier
from stickprov_kernel.settings import ServiceSettings

Role = claimed.Role
ROLES: Final = claimed.ROLES
CALLER: Final = "stickprov.caller"
"""Key of the ASGI scope under which the authentication middleware leaves the caller."""

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


def actor_pseudonym(staff_key: bytes, subject: str) -> str:
    """Return a sign-in name's pseudonym: ``p`` and 24 hex digits of HMAC-SHA-256 (RFC 2104) under the staff key."""
    return "p" + hmac.new(staff_key, subject.encode(), hashlib.sha256).hexdigest()[:24]


@dataclass(frozen=True, slots=True)
class Naming:
    """Where tokens say who somebody is and what they may do.

    Attributes:
        subject: claim with the sign-in name.
        roles: claim with the roles, or the path to it.
        theirs: our role by the provider's name for it; empty where the provider uses our names.
    """

    subject: str = "sub"
    roles: str = "roles"
    theirs: Mapping[str, Role] = field(default_factory=dict)


class Authenticator:
    """Checks bearer tokens and makes callers of them.

    Args:
        keys: the issuer's public keys, or what knows them.
        issuer: the only ``iss`` that is believed.
        audience: what ``aud`` must be or contain.
        staff_key: key of the actors' pseudonyms.
        naming: where tokens say who and what somebody is.
    """

    def __init__(
        self, keys: KeySet | Keys, issuer: str, audience: str, staff_key: bytes, naming: Naming | None = None
    ) -> None:
        self.keys = GivenKeys(keys) if isinstance(keys, KeySet) else keys
        self._staff_key = staff_key
        self._naming = naming or Naming()
        self._verifier = Verifier(issuer, audience)

    @classmethod
    def of(cls, settings: ServiceSettings) -> "Authenticator":
        """Return what a service's settings ask for; nothing is read or asked before the first token."""
        keys: Keys = (
            KeyFile(settings.token_keys)
            if settings.token_keys is not None
            else IssuerKeys(Provider(settings.token_issuer, local=settings.mode == "local"))
        )
        naming = Naming(settings.token_subject_claim, settings.token_roles_claim, settings.token_roles)
        return cls(keys, settings.token_issuer, settings.token_audience, settings.staff_key_bytes, naming)

    @property
    def request_key(self) -> bytes:
        """Key of the requests' hashes, the same in every process that makes the same pseudonyms."""
        return hmac.digest(self._staff_key, b"stickprov request hash", "sha256")

    async def identified(self, authorization: str | None) -> Caller:
        """Return who an ``Authorization`` header speaks for, having looked for a key that is not known.

        Raises:
            SignInRequiredError: there is no bearer token.
            TokenRefusedError: it is malformed, expired, or not by or for whom it should be.
            UnavailableError: no key is known yet.
        """
        try:
            return self.caller(authorization)
        except UnknownKeyError:
            if not await self.keys.look_again():
                raise
        return self.caller(authorization)

    def caller(self, authorization: str | None) -> Caller:
        """Return who an ``Authorization`` header speaks for by the keys that are known. Raises as ``identified``."""
        scheme, _, token = (authorization or "").partition(" ")
        if scheme.lower() != "bearer" or not token.strip():
            raise SignInRequiredError("Send a token as Authorization: Bearer <token>.")
        claims = self._verifier.claims(token.strip(), self.keys.keys())
        try:
            roles = roles_of(claims, self._naming.roles, self._naming.theirs)
        except RolesClaimError:
            raise TokenRefusedError("The token's claim of roles is no list of names. Ask who issued it.") from None
        subject = claim_at(claims, self._naming.subject)
        if subject is None and roles == {"service"}:
            subject = claims.get("sub")
        if not isinstance(subject, str) or not 0 < len(subject) <= _LONGEST_SUBJECT or not subject.isprintable():
            raise TokenRefusedError("The token's subject is not a usable name. Ask who issued it.")
        return Caller(actor_pseudonym(self._staff_key, subject), subject, roles)


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

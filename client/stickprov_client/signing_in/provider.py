"""Sign-in by authorization code with PKCE (OpenID Connect Core, RFC 7636), and what comes after it.

What must not break: an answer counts for the one sign-in that was begun with its state, from the issuer that was asked;
an ID token counts when the issuer signed it, for us, in answer to our nonce. No token is ever part of a message.
"""

import base64
import hashlib
import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import urlencode

from joserfc import jwt
from joserfc.errors import ClaimError, ExpiredTokenError
from joserfc.jwk import KeySet

from stickprov_contracts.openid.asking import Description, ProviderError, asked, connections, described, keys_of
from stickprov_contracts.openid.token_endpoint import Client, request_of, seconds_of, token_answer
from stickprov_contracts.openid.tokens import TokenError, signed_by

_CLOCK_SKEW_SECONDS: Final = 30
_DESCRIPTION_SECONDS: Final = 3600.0
_LONGEST_HINT: Final = 4000
"""Characters of an ID token that still go into an address."""


class SignInRefused(Exception):  # noqa: N818 - what the reader is told
    """The provider said no.

    Attributes:
        code: the provider's own name of the reason (RFC 6749, 4.1.2.1).
    """

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, kw_only=True)
class Registration:
    """What is known here of the provider, and as whom it knows us.

    Attributes:
        issuer: its address. client: read anew each time, so that a secret may be replaced.
        scopes: asked for, separated by spaces. resource: whom the tokens are for (RFC 8707), where it wants to know.
        local: whether it may be on this machine without TLS.
    """

    issuer: str
    client: Callable[[], Client] = field(repr=False)
    scopes: str
    resource: str | None = None
    local: bool = False


@dataclass(frozen=True)
class Begun:
    """A sign-in that was begun; what must come back, and the proof that we began it."""

    redirect_uri: str
    state: str = field(default_factory=lambda: secrets.token_urlsafe(32), repr=False)
    nonce: str = field(default_factory=lambda: secrets.token_urlsafe(32), repr=False)
    verifier: str = field(default_factory=lambda: secrets.token_urlsafe(64), repr=False)

    @property
    def challenge(self) -> str:
        """The verifier's hash, which the provider gets first."""
        return base64.urlsafe_b64encode(hashlib.sha256(self.verifier.encode()).digest()).rstrip(b"=").decode()


@dataclass(frozen=True)
class Tokens:
    """What the provider gave.

    Attributes:
        access: for the services. refresh: for another, where there is one. id_token: who signed in, for signing out.
        obtained, expires: seconds since 1970.
    """

    access: str = field(repr=False)
    refresh: str | None = field(repr=False)
    id_token: str | None = field(repr=False)
    obtained: float
    expires: float


class SignIn:
    """Signs people in at one provider.

    Args:
        registration: whom to ask, and as whom.
        clock: seconds since 1970.
    """

    def __init__(self, registration: Registration, clock: Callable[[], float] = time.time) -> None:
        self.registration = registration
        self._clock = clock
        self._description: tuple[float, Description] | None = None

    async def address(self, begun: Begun) -> str:
        """Return the provider's address where a sign-in goes on.

        Raises:
            ProviderError: the provider is away.
        """
        async with connections() as http:
            endpoint = (await self._describe(http)).address("authorization_endpoint")
        wanted = {
            "response_type": "code",
            "client_id": self.registration.client().client_id,
            "redirect_uri": begun.redirect_uri,
            "scope": self.registration.scopes,
            "state": begun.state,
            "nonce": begun.nonce,
            "code_challenge": begun.challenge,
            "code_challenge_method": "S256",
        }
        if self.registration.resource:
            wanted["resource"] = self.registration.resource
        return f"{endpoint}{'&' if '?' in endpoint else '?'}{urlencode(wanted)}"

    async def finish(self, begun: Begun, answer: Mapping[str, str]) -> tuple[Tokens, Mapping[str, Any]]:
        """Return the tokens and the ID token's claims for what the provider sent back with the browser.

        Raises:
            SignInRefused: it sent an error.
            ProviderError: it is away, or what it sent cannot be believed.
        """
        async with connections() as http:
            description = await self._describe(http)
            self._is_from_here(begun, answer, description)
            if "error" in answer:
                raise SignInRefused(answer["error"])
            form = {
                "grant_type": "authorization_code",
                "code": answer.get("code"),
                "redirect_uri": begun.redirect_uri,
                "code_verifier": begun.verifier,
                "resource": self.registration.resource,
            }
            given = await token_answer(http, description, self.registration.client(), form)
            tokens = self._tokens(given)
            claims = self._claims(tokens.id_token, await keys_of(http, description), begun.nonce)
        return tokens, claims

    async def renew(self, tokens: Tokens) -> Tokens:
        """Return new tokens for a refresh token.

        Raises:
            ProviderError: the provider is away; with the code ``invalid_grant``, that they have ended.
        """
        form = {
            "grant_type": "refresh_token",
            "refresh_token": tokens.refresh,
            "resource": self.registration.resource,
        }
        async with connections() as http:
            given = await token_answer(http, await self._describe(http), self.registration.client(), form)
        renewed = self._tokens(given)
        # What is not given anew goes on counting.
        return Tokens(
            renewed.access,
            renewed.refresh or tokens.refresh,
            renewed.id_token or tokens.id_token,
            renewed.obtained,
            renewed.expires,
        )

    async def revoke(self, tokens: Tokens) -> None:
        """Have the provider end the tokens (RFC 7009), where it can. Raises as ``address``."""
        async with connections() as http:
            description = await self._describe(http)
            if "revocation_endpoint" not in description.said or tokens.refresh is None:
                return
            form = {"token": tokens.refresh, "token_type_hint": "refresh_token"}
            address = description.address("revocation_endpoint")
            await asked(http, request_of(http, address, description, self.registration.client(), form))

    async def ending_address(self, tokens: Tokens, back: str) -> str | None:
        """Return where somebody signs out at the provider, too; None where it has no such place. Raises as ``address``.

        Args:
            tokens: whose.
            back: where to come back to.
        """
        async with connections() as http:
            description = await self._describe(http)
        if "end_session_endpoint" not in description.said:
            return None
        wanted = {"client_id": self.registration.client().client_id, "post_logout_redirect_uri": back}
        if tokens.id_token is not None and len(tokens.id_token) <= _LONGEST_HINT:
            wanted["id_token_hint"] = tokens.id_token
        endpoint = description.address("end_session_endpoint")
        return f"{endpoint}{'&' if '?' in endpoint else '?'}{urlencode(wanted)}"

    async def signed_claims(self, token: str) -> Mapping[str, Any]:
        """Return what a token of the provider claims that is for us, such as a logout token. Raises as ``finish``."""
        async with connections() as http:
            keys = await keys_of(http, await self._describe(http))
        return self._claims(token, keys, None)

    async def _describe(self, http: Any) -> Description:  # noqa: ANN401  # connections of the library
        now = self._clock()
        if self._description is None or not 0 <= now - self._description[0] < _DESCRIPTION_SECONDS:
            registration = self.registration
            self._description = (now, await described(http, registration.issuer, local=registration.local))
        return self._description[1]

    def _is_from_here(self, begun: Begun, answer: Mapping[str, str], description: Description) -> None:
        if not secrets.compare_digest(answer.get("state", "").encode(), begun.state.encode()):
            raise ProviderError("the answer is to another sign-in")
        # RFC 9207: an answer of another provider that we never asked.
        says = description.said.get("authorization_response_iss_parameter_supported") is True
        if answer.get("iss", None if says else self.registration.issuer) != self.registration.issuer:
            raise ProviderError("the answer is another issuer's")

    def _tokens(self, given: Mapping[str, Any]) -> Tokens:
        now = self._clock()
        refresh, id_token = given.get("refresh_token"), given.get("id_token")
        return Tokens(
            str(given["access_token"]),
            refresh if isinstance(refresh, str) else None,
            id_token if isinstance(id_token, str) else None,
            now,
            now + seconds_of(given),
        )

    def _claims(self, token: str | None, keys: KeySet, nonce: str | None) -> Mapping[str, Any]:
        client_id = self.registration.client().client_id
        registry = jwt.JWTClaimsRegistry(
            now=lambda: int(self._clock()),
            leeway=_CLOCK_SKEW_SECONDS,
            iss={"essential": True, "value": self.registration.issuer},
            aud={"essential": True, "value": client_id},
            exp={"essential": nonce is not None},
            iat={"essential": True},
        )
        try:
            claims = signed_by(keys, token or "").claims
            registry.validate(dict(claims))
        except (TokenError, ClaimError, ExpiredTokenError):
            raise ProviderError("the issuer's ID token cannot be believed") from None
        others = isinstance(claims["aud"], list) and len(claims["aud"]) > 1
        if claims.get("azp", None if others else client_id) != client_id or claims.get("nonce") != nonce:
            raise ProviderError("the issuer's ID token is not for this sign-in")
        return claims

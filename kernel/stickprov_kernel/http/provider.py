"""The organisation's OpenID provider as services ask it: what it is, its keys, and a token of one's own.

What must not break: nothing is asked but over TLS (on this machine in local mode, over HTTP), no redirect is followed,
and nothing is believed of a document that is another issuer's; an answer is read no further than a bound.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import quote

import httpx
from joserfc.jwk import KeySet

from stickprov_kernel.http.keys import key_set
from stickprov_kernel.token_settings import is_safe_address

_TIMEOUT: Final = httpx.Timeout(5.0)
_MOST_BYTES: Final = 512 * 1024
_DISCOVERY: Final = "/.well-known/openid-configuration"


class ProviderError(Exception):
    """The provider is away, or says something that cannot be used. The message holds nothing secret."""


@dataclass(frozen=True, slots=True)
class Grant:
    """A token that was given.

    Attributes:
        token: the bearer token.
        seconds: how long it lasts from now.
    """

    token: str
    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceClient:
    """Whom a service asks for its token as."""

    client_id: str
    secret: str
    scope: str | None = None
    resource: str | None = None


class Provider:
    """One issuer. Opens connections only while it asks.

    Args:
        issuer: its address, which its own description must name.
        local: whether it may be on this machine without TLS.
    """

    def __init__(self, issuer: str, *, local: bool = False) -> None:
        self.issuer = issuer
        self._local = local

    async def keys(self) -> KeySet:
        """Fetch the public keys.

        Raises:
            ProviderError: why that did not work.
        """
        async with _connections() as http:
            description = await self._describe(http)
            content = await _asked(http, http.build_request("GET", self._address(description, "jwks_uri")))
        try:
            return key_set(content)
        except ValueError:
            raise ProviderError("the issuer's JWK set has no usable key") from None

    async def grant(self, client: ServiceClient) -> Grant:
        """Fetch a token by client credentials (RFC 6749, 4.4).

        Raises:
            ProviderError: why that did not work.
        """
        wanted = {"grant_type": "client_credentials", "scope": client.scope, "resource": client.resource}
        form = {name: value for name, value in wanted.items() if value}
        async with _connections() as http:
            description = await self._describe(http)
            address = self._address(description, "token_endpoint")
            methods = description.get("token_endpoint_auth_methods_supported")
            if isinstance(methods, list) and "client_secret_basic" not in methods and "client_secret_post" in methods:
                form |= {"client_id": client.client_id, "client_secret": client.secret}
                request = http.build_request("POST", address, data=form)
            else:
                request = http.build_request("POST", address, data=form)
                # RFC 6749, 2.3.1: both are form-encoded first.
                basic = httpx.BasicAuth(quote(client.client_id, safe=""), quote(client.secret, safe=""))
                request = next(basic.auth_flow(request))
            return _granted(await _asked(http, request))

    async def _describe(self, http: httpx.AsyncClient) -> Mapping[str, Any]:
        if not is_safe_address(self.issuer, local=self._local):
            raise ProviderError("the issuer has no https address")
        description = await _asked(http, http.build_request("GET", self.issuer.rstrip("/") + _DISCOVERY))
        if description.get("issuer") != self.issuer:
            raise ProviderError("the description found at the issuer's address is another issuer's")
        return description

    def _address(self, description: Mapping[str, Any], name: str) -> str:
        address = description.get(name)
        if not isinstance(address, str) or not is_safe_address(address, local=self._local):
            raise ProviderError(f"the issuer's description has no usable {name}")
        return address


def _connections() -> httpx.AsyncClient:
    return httpx.AsyncClient(timeout=_TIMEOUT, follow_redirects=False, headers={"Accept": "application/json"})


async def _asked(http: httpx.AsyncClient, request: httpx.Request) -> Mapping[str, Any]:
    try:
        answer = await http.send(request, stream=True)
        try:
            content = bytearray()
            async for piece in answer.aiter_bytes():
                content += piece
                if len(content) > _MOST_BYTES:
                    raise ProviderError("the issuer's answer is too long")
        finally:
            await answer.aclose()
    except (httpx.HTTPError, httpx.InvalidURL, OSError) as error:
        raise ProviderError(f"the issuer does not answer ({type(error).__name__})") from None
    if answer.status_code != httpx.codes.OK:
        raise ProviderError(f"the issuer answers with status {answer.status_code}{_named_error(content)}")
    try:
        said = json.loads(content)
    except (ValueError, RecursionError):
        said = None
    if not isinstance(said, dict):
        raise ProviderError("the issuer answers with something else than JSON")
    return said


def _named_error(content: bytes | bytearray) -> str:
    """Return the error's code (RFC 6749, 5.2), if one is named; its free text may say anything and is left out."""
    try:
        named = json.loads(content)["error"]
    except (ValueError, LookupError, TypeError, RecursionError):
        return ""
    return f" and {named}" if isinstance(named, str) and named.isascii() and named.isidentifier() else ""


def _granted(answer: Mapping[str, Any]) -> Grant:
    token, seconds = answer.get("access_token"), answer.get("expires_in")
    if not isinstance(token, str) or not token or str(answer.get("token_type")).lower() != "bearer":
        raise ProviderError("the issuer's answer holds no bearer token")
    known = isinstance(seconds, int | float) and not isinstance(seconds, bool) and 0 < seconds <= _LONGEST
    return Grant(token, float(seconds) if known and seconds is not None else _UNSAID)


_UNSAID: Final = 300.0
"""Seconds that a token is taken to last whose issuer does not say."""
_LONGEST: Final = 30 * 24 * 3600

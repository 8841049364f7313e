"""Asking a provider: its description (OpenID Connect Discovery), and what is at the addresses in it.

What must not break: nothing is asked but over TLS (on this machine in local mode, over HTTP), no redirect is followed,
and nothing is believed of a description that is another issuer's; an answer is read no further than a bound.
"""

import json
from collections.abc import Mapping
from typing import Any, Final

import httpx
from joserfc.jwk import KeySet

from stickprov_contracts.openid.addresses import is_safe_address
from stickprov_contracts.openid.keys import key_set

_TIMEOUT: Final = httpx.Timeout(5.0)
_MOST_BYTES: Final = 512 * 1024
_DISCOVERY: Final = "/.well-known/openid-configuration"


class ProviderError(Exception):
    """The provider is away, or says something that cannot be used. The message holds nothing secret.

    Attributes:
        code: the provider's own name of the error (RFC 6749, 5.2), where it refused.
    """

    def __init__(self, message: str, code: str | None = None) -> None:
        super().__init__(message)
        self.code = code


class Description:
    """What a provider says of itself."""

    def __init__(self, said: Mapping[str, Any], *, local: bool) -> None:
        self.said = said
        self._local = local

    def address(self, name: str) -> str:
        """Return one of its addresses.

        Raises:
            ProviderError: it is not there, or nobody should be asked there.
        """
        address = self.said.get(name)
        if not isinstance(address, str) or not is_safe_address(address, local=self._local):
            raise ProviderError(f"the issuer's description has no usable {name}")
        return address

    def names(self, name: str) -> list[str]:
        """Return one of its lists; empty where it says nothing."""
        listed = self.said.get(name)
        return [one for one in listed if isinstance(one, str)] if isinstance(listed, list) else []


def connections() -> httpx.AsyncClient:
    """Return connections to ask through, to be closed by the caller."""
    return httpx.AsyncClient(timeout=_TIMEOUT, follow_redirects=False, headers={"Accept": "application/json"})


async def described(http: httpx.AsyncClient, issuer: str, *, local: bool) -> Description:
    """Fetch an issuer's description.

    Raises:
        ProviderError: why that did not work.
    """
    if not is_safe_address(issuer, local=local):
        raise ProviderError("the issuer has no https address")
    said = await asked(http, http.build_request("GET", issuer.rstrip("/") + _DISCOVERY))
    if said.get("issuer") != issuer:
        raise ProviderError("the description found at the issuer's address is another issuer's")
    return Description(said, local=local)


async def keys_of(http: httpx.AsyncClient, description: Description) -> KeySet:
    """Fetch a provider's public keys. Raises as ``described``."""
    content = await asked(http, http.build_request("GET", description.address("jwks_uri")))
    try:
        return key_set(content)
    except ValueError:
        raise ProviderError("the issuer's JWK set has no usable key") from None


async def asked(http: httpx.AsyncClient, request: httpx.Request) -> Mapping[str, Any]:
    """Return what a provider answers. Raises as ``described``."""
    content = bytearray()
    try:
        answer = await http.send(request, stream=True)
        try:
            async for piece in answer.aiter_bytes():
                content += piece
                if len(content) > _MOST_BYTES:
                    raise ProviderError("the issuer's answer is too long")
        finally:
            await answer.aclose()
    except (httpx.HTTPError, httpx.InvalidURL, OSError) as error:
        raise ProviderError(f"the issuer does not answer ({type(error).__name__})") from None
    try:
        said = json.loads(content) if content else {}
    except (ValueError, RecursionError):
        said = None
    if answer.status_code != httpx.codes.OK:
        code = _code_in(said)
        raise ProviderError(
            f"the issuer answers with status {answer.status_code}{f' and {code}' if code else ''}", code
        )
    if not isinstance(said, dict):
        raise ProviderError("the issuer answers with something else than JSON")
    return said


def _code_in(said: object) -> str | None:
    """Return the error's code, if one is named; its free text may say anything and is left out."""
    named = said.get("error") if isinstance(said, dict) else None
    return named if isinstance(named, str) and named.isascii() and named.isidentifier() else None

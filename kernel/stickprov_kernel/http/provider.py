"""The organisation's OpenID provider as services ask it: its keys, and a token of one's own."""

from dataclasses import dataclass

from joserfc.jwk import KeySet

from stickprov_contracts.openid.asking import connections, described, keys_of
from stickprov_contracts.openid.token_endpoint import Client, seconds_of, token_answer


@dataclass(frozen=True, slots=True)
class Grant:
    """A token that was given.

    Attributes:
        token: the bearer token.
        seconds: how long it lasts from now.
    """

    token: str
    seconds: float


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
        async with connections() as http:
            return await keys_of(http, await described(http, self.issuer, local=self._local))

    async def grant(self, client: Client, scope: str | None, resource: str | None) -> Grant:
        """Fetch a token by client credentials (RFC 6749, 4.4). Raises as ``keys``."""
        form = {"grant_type": "client_credentials", "scope": scope, "resource": resource}
        async with connections() as http:
            description = await described(http, self.issuer, local=self._local)
            answer = await token_answer(http, description, client, form)
        return Grant(str(answer["access_token"]), seconds_of(answer))

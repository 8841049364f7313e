"""Requests to a provider's token endpoint (RFC 6749), as a client with a secret or without one."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

import httpx

from stickprov_contracts.openid.asking import Description, ProviderError, asked


@dataclass(frozen=True, slots=True)
class Client:
    """Who asks; without a secret it is a public client."""

    client_id: str
    secret: str | None = field(default=None, repr=False)


async def token_answer(
    http: httpx.AsyncClient, description: Description, client: Client, form: Mapping[str, str | None]
) -> Mapping[str, Any]:
    """Return the answer to a request for tokens, which holds a bearer token.

    Args:
        http: connections.
        description: the provider's.
        client: who asks.
        form: what is asked; names without a value are left out.

    Raises:
        ProviderError: why there is none; its code ``invalid_grant`` says that what was shown counts no more.
    """
    answer = await asked(http, request_of(http, description.address("token_endpoint"), description, client, form))
    token = answer.get("access_token")
    if not isinstance(token, str) or not token or str(answer.get("token_type")).lower() != "bearer":
        raise ProviderError("the issuer's answer holds no bearer token")
    return answer


def request_of(
    http: httpx.AsyncClient,
    address: str,
    description: Description,
    client: Client,
    form: Mapping[str, str | None],
) -> httpx.Request:
    """Return a form as a client sends it, with its secret where the provider wants it."""
    filled = {name: value for name, value in form.items() if value}
    if client.secret is None:
        return http.build_request("POST", address, data=filled | {"client_id": client.client_id})
    methods = description.names("token_endpoint_auth_methods_supported")
    if "client_secret_post" in methods and "client_secret_basic" not in methods:
        secret = {"client_id": client.client_id, "client_secret": client.secret}
        return http.build_request("POST", address, data=filled | secret)
    # RFC 6749, 2.3.1: both are form-encoded first.
    basic = httpx.BasicAuth(quote(client.client_id, safe=""), quote(client.secret, safe=""))
    return next(basic.auth_flow(http.build_request("POST", address, data=filled)))


def seconds_of(answer: Mapping[str, Any]) -> float:
    """Return how long an answer's token lasts; five minutes where the provider does not say."""
    said = answer.get("expires_in")
    known = isinstance(said, int | float) and not isinstance(said, bool) and 0 < said <= _LONGEST
    return float(said) if known and said is not None else _UNSAID


_UNSAID = 300.0
_LONGEST = 30 * 24 * 3600

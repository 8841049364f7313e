"""Where the services are: the web client's address tells."""

import httpx

from stickprov_client.api.connections import new_connections
from stickprov_client.api.retrying import NO_RETRY, Retry
from stickprov_client.api.transport import Call, Transport
from stickprov_contracts.http.base import Answer

_TIMEOUT = httpx.Timeout(10.0, connect=3.0)

WELL_KNOWN = "/.well-known/stickprov"


class CommandSignIn(Answer):
    """Where the command signs in, and as whom the provider knows it."""

    issuer: str
    client_id: str
    scopes: str
    resource: str | None = None


class Addresses(Answer):
    """``GET /.well-known/stickprov``: addresses of the three services, the version of what answers, and the sign-in."""

    sampler: str
    findings: str
    reporting: str
    version: str
    sign_in: CommandSignIn | None = None

    def by_service(self) -> dict[str, str]:
        """Return the addresses by short service name, in the order in which events travel."""
        return {"sampler": self.sampler, "findings": self.findings, "reporting": self.reporting}


async def discover(url: str, retry: Retry = NO_RETRY) -> Addresses:
    """Ask a stack's one address where its services are.

    Raises:
        Unreachable: nobody answers there.
        MalformedAnswer: something else than Stickprov answers there.
    """
    async with new_connections(url, timeout=_TIMEOUT) as http:
        return await Transport("stickprov", http, lambda: None, retry).fetch(Addresses, Call(path=WELL_KNOWN))

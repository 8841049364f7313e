"""All three services, open for calls."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

import httpx

from stickprov_client.api.checkpoints import OwnLogClient
from stickprov_client.api.connections import new_connections
from stickprov_client.api.discovery import Addresses
from stickprov_client.api.erasing import ErasureClient
from stickprov_client.api.findings import FindingsClient
from stickprov_client.api.follow_ups import FollowUpsClient
from stickprov_client.api.plans import PlansClient
from stickprov_client.api.reporting import ReportingClient
from stickprov_client.api.retrying import Retry
from stickprov_client.api.sampler import SamplerClient
from stickprov_client.api.transport import Token, Transport
from stickprov_contracts.topics import Source

_TIMEOUT = httpx.Timeout(120.0, connect=5.0)
"""Freezing and replaying take as long as the data is large; connecting does not."""


@dataclass(frozen=True)
class Services:
    """The three services."""

    sampler: SamplerClient
    findings: FindingsClient
    reporting: ReportingClient

    def own_log(self, source: Source) -> OwnLogClient:
        """The calls about a service's own log."""
        return OwnLogClient(self.sampler.transport if source == "sampler" else self.findings.transport)

    @property
    def plans(self) -> PlansClient:
        """The sampler's calls about plans."""
        return PlansClient(self.sampler.transport)

    @property
    def follow_ups(self) -> FollowUpsClient:
        """The findings service's calls about conclusions, actions and plan statuses."""
        return FollowUpsClient(self.findings.transport)

    @property
    def erasing(self) -> ErasureClient:
        """The calls of erasure, which concern two services."""
        return ErasureClient(self.sampler.transport, self.findings.transport)

    def signed_in_with(self, token: Token) -> "Services":
        """Return the same connections used by somebody else."""
        return Services(
            sampler=SamplerClient(self.sampler.transport.signed_in_with(token)),
            findings=FindingsClient(self.findings.transport.signed_in_with(token)),
            reporting=ReportingClient(self.reporting.transport.signed_in_with(token)),
        )


@asynccontextmanager
async def open_services(
    addresses: Addresses, token: Token, *, retry: Retry | None = None, connections: int = 10
) -> AsyncIterator[Services]:
    """Open a connection pool to each service; all are closed at the end.

    Args:
        addresses: from ``discover``.
        token: gives the bearer token at each call.
        retry: how patient to be; a handful of attempts when left out.
        connections: at most this many at once to each service.
    """
    async with AsyncExitStack() as stack:

        async def transport(service: str, url: str) -> Transport:
            http = new_connections(url, timeout=_TIMEOUT, most=connections)
            return Transport(service, await stack.enter_async_context(http), token, retry or Retry())

        yield Services(
            sampler=SamplerClient(await transport("sampler", addresses.sampler)),
            findings=FindingsClient(await transport("findings", addresses.findings)),
            reporting=ReportingClient(await transport("reporting", addresses.reporting)),
        )

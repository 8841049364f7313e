"""How a service says it is: alive, and ready with every condition named.

Asking never retries and never raises: a service that is away is an answer too.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final

import httpx
from pydantic import Field, TypeAdapter, ValidationError

from stickprov_client.api.connections import new_connections
from stickprov_contracts.http.base import Answer

_PATIENCE: Final = httpx.Timeout(4.0, connect=1.5)

_MOMENT_SECONDS: Final = 2.0
"""As long as a service gives each of its conditions to answer."""


class Condition(Answer):
    """One thing that must hold for a service to be ready."""

    name: str
    ok: bool
    detail: str = ""


class _Readiness(Answer):
    conditions: list[Condition] = Field(default_factory=list)


class _Document(Answer):
    """The part of an OpenAPI document that says what is answering."""

    class Info(Answer):
        """Its title and version."""

        version: str

    info: Info


@dataclass(frozen=True)
class ServiceHealth:
    """What a service said.

    Attributes:
        alive: it answers. ready: it says that every condition holds.
        conditions: as far as it told.
        version: of its API, None when it does not tell.
        reason: why it does not answer, "" when it does.
    """

    service: str
    url: str
    alive: bool
    ready: bool
    conditions: Sequence[Condition]
    version: str | None
    reason: str = ""


async def health_of(addresses: Mapping[str, str]) -> list[ServiceHealth]:
    """Ask every service at once; answers in the order of the addresses."""
    return list(await asyncio.gather(*(_ask(service, url) for service, url in addresses.items())))


async def settled_health_of(addresses: Mapping[str, str]) -> list[ServiceHealth]:
    """Ask, and once more after a moment where a service that answers is not ready: busy for a second is not ill."""
    first = await health_of(addresses)
    unready = {health.service: health.url for health in first if health.alive and not health.ready}
    if not unready:
        return first
    await asyncio.sleep(_MOMENT_SECONDS)
    later = {health.service: health for health in await health_of(unready)}
    return [later.get(health.service, health) for health in first]


async def _ask(service: str, url: str) -> ServiceHealth:
    async with new_connections(url, timeout=_PATIENCE) as http:
        try:
            live = await http.get("/health/live")
            ready = await http.get("/health/ready")
            # Not beside the question before it: the first document is made when it is asked for, which takes a service
            # long enough to make its own conditions late.
            document = await http.get("/openapi.json")
        except httpx.TransportError as error:
            reason = str(error) or type(error).__name__
            return ServiceHealth(service, url, alive=False, ready=False, conditions=(), version=None, reason=reason)
    return ServiceHealth(
        service=service,
        url=url,
        alive=live.status_code == HTTPStatus.OK,
        ready=ready.status_code == HTTPStatus.OK,
        conditions=_conditions(ready),
        version=_version(document),
        reason="" if live.status_code == HTTPStatus.OK else f"HTTP {live.status_code}",
    )


def _conditions(ready: httpx.Response) -> Sequence[Condition]:
    try:
        return TypeAdapter(_Readiness).validate_json(ready.content).conditions
    except ValidationError:
        return ()


def _version(document: httpx.Response) -> str | None:
    try:
        return _Document.model_validate_json(document.content).info.version
    except ValidationError:
        return None

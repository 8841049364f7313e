"""A small application over the real edge, called without a network."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx
from fastapi import APIRouter, FastAPI
from prometheus_client import CollectorRegistry

from stickprov_kernel.http.application import create_api
from stickprov_kernel.http.health import Health
from support.tokens import Issuer, issuer


@asynccontextmanager
async def nothing_to_open(_app: FastAPI) -> AsyncIterator[None]:
    yield


@dataclass
class Api:
    """An application under test: give it routes, then call it; ``also`` are routers beside its own."""

    router: APIRouter = field(default_factory=APIRouter)
    also: list[APIRouter] = field(default_factory=list)
    issuer: Issuer = field(default_factory=issuer)
    health: Health = field(default_factory=Health)
    registry: CollectorRegistry = field(default_factory=CollectorRegistry)
    options: dict[str, Any] = field(default_factory=dict)
    _app: FastAPI | None = None

    def route(self, method: str, path: str, **options: Any) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
        """Add a route, as a decorator."""
        return self.router.api_route(path, methods=[method], **options)

    def build(self) -> FastAPI:
        """Return the application with the routes so far; the same one every time."""
        self._app = self._app or create_api(
            service="trial",
            title="Trial",
            routers=[self.router, *self.also],
            lifespan=nothing_to_open,
            authenticator=self.issuer.authenticator(),
            health=self.health,
            registry=self.registry,
            **self.options,
        )
        return self._app

    async def call(self, method: str, path: str, *roles: str, **request: Any) -> httpx.Response:
        """Call the application as ``anna`` with these roles, or as nobody without any."""
        headers = (self.issuer.bearer("anna", *roles) if roles else {}) | request.pop("headers", {})
        transport = httpx.ASGITransport(self.build())
        async with httpx.AsyncClient(transport=transport, base_url="http://api.test") as client:
            return await client.request(method, path, headers=headers, **request)

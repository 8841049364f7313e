"""No visitor asks more than their share: a bucket for each account, and one for each address nobody is signed in at.

What must not break: whoever is limited limits nobody else, and it is told before anything is asked of a service.
"""

from typing import Final

from prometheus_client import CollectorRegistry, Counter
from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from stickprov_client.web.problems import too_many
from stickprov_client.web.visitor import signed_in
from stickprov_contracts.serving.allowance import Allowance, Buckets, address_of

_ALIVE: Final = "/health/live"
"""A supervisor that gets no answer here ends the application, which is what whoever floods it would want."""


class Limiting:
    """ASGI middleware that answers 429 to one request too many."""

    def __init__(self, app: ASGIApp, allowance: Allowance, registry: CollectorRegistry) -> None:
        self._app = app
        self._buckets = Buckets(allowance)
        self._refused = Counter(
            "stickprov_web_requests_limited", "Requests refused with 429.", ("caller",), registry=registry
        )
        for caller in ("account", "stranger"):
            # At 0, so that the first refusal is seen as a step.
            self._refused.labels(caller)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] == _ALIVE:
            await self._app(scope, receive, send)
            return
        request = Request(scope)
        session = signed_in(request)
        kind, caller = ("stranger", address_of(scope)) if session is None else ("account", session.account)
        seconds = self._buckets.take(f"{kind} {caller}")
        if not seconds:
            await self._app(scope, receive, send)
            return
        self._refused.labels(kind).inc()
        await too_many(request, seconds)(scope, receive, send)

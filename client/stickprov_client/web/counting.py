"""The web application's metrics: requests by route and how long they took."""

import time
from functools import partial
from pathlib import Path

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from prometheus_client.gc_collector import GCCollector
from prometheus_client.platform_collector import PlatformCollector
from prometheus_client.process_collector import ProcessCollector
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from stickprov_contracts.serving.certificates import expiry


def new_registry() -> CollectorRegistry:
    """Return a registry with what is known of the process, the platform and the garbage collector."""
    registry = CollectorRegistry()
    ProcessCollector(registry=registry)
    PlatformCollector(registry=registry)
    GCCollector(registry=registry)
    return registry


def watch_certificate(registry: CollectorRegistry, certificate: Path | None) -> None:
    """Tell when the certificate of the pages' address expires, where its file is known."""
    expires = Gauge(
        "stickprov_web_certificate_expires_timestamp_seconds",
        "When a certificate expires, 0 if its file is unreadable.",
        ("certificate",),
        registry=registry,
    )
    if certificate is not None:
        expires.labels("address").set_function(partial(expiry, certificate))


class RequestCounts:
    """Counters on a registry of their own."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self.requests = Counter(
            "stickprov_web_requests",
            "Requests answered, by route template and status.",
            ("method", "route", "status"),
            registry=registry,
        )
        self.seconds = Histogram(
            "stickprov_web_request_seconds",
            "Time until a request was answered, by route template.",
            ("method", "route"),
            registry=registry,
        )


class Counting:
    """ASGI middleware that counts requests. A path that is no route counts as ``other``: labels must be few."""

    def __init__(self, app: ASGIApp, counts: RequestCounts) -> None:
        self._app = app
        self._counts = counts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = time.perf_counter()
        status = "500"

        async def note(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = str(message["status"])
            await send(message)

        try:
            await self._app(scope, receive, note)
        finally:
            route = getattr(scope.get("route"), "path", "other")
            method = scope["method"] if scope["method"] in {"GET", "HEAD"} else "other"
            self._counts.requests.labels(method, route, status).inc()
            self._counts.seconds.labels(method, route).observe(time.perf_counter() - started)

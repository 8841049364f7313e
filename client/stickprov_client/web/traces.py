"""Which requests for pages are traced, where a collector is named.

What must not break: a browser joins no trace and decides nothing: each page begins its own, of which the settings say
how many are recorded. Behind it, the calls of the services go on with it.
"""

import socket
from importlib.metadata import version
from typing import Final

import structlog
from prometheus_client import CollectorRegistry, Counter

from stickprov_client.web.settings import WebSettings
from stickprov_contracts.tracing.requests import Scope
from stickprov_contracts.tracing.spans import Span
from stickprov_contracts.tracing.tracing import REASONS, Origin, Tracing, Why

FLUSH_SECONDS: Final = 1.0
"""How long the end of the application may wait for a collector."""

_NOT_TRACED: Final = ("/static/", "/health/", "/metrics", "/live")
"""What supervisors and browsers ask for by themselves, and the stream that lasts as long as its page."""

_log = structlog.get_logger(__name__)


class TraceCounts:
    """What became of spans, on the application's registry."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._taken = Counter(
            "stickprov_web_trace_spans_exported", "Trace spans that the collector took", registry=registry
        )
        self._lost = Counter(
            "stickprov_web_trace_spans_dropped", "Trace spans that are lost, by why", ("reason",), registry=registry
        )
        for reason in REASONS:
            self._lost.labels(reason)

    def exported(self, spans: int) -> None:
        """Count spans that the collector took."""
        self._taken.inc(spans)

    def dropped(self, why: Why, spans: int) -> None:
        """Count spans that are lost."""
        self._lost.labels(why).inc(spans)

    def turned(self, *, taken: bool) -> None:
        """Say in the log that the collector stopped taking spans, or takes them again."""
        if taken:
            _log.info("traces-taken-again")
        else:
            _log.warning("traces-not-taken", hint="Spans are dropped until the collector takes them; nothing waits")


def tracing_of(settings: WebSettings, registry: CollectorRegistry) -> Tracing | None:
    """Return what pages are traced with, not opened yet; None where they are not. The metrics are there anyway."""
    told = TraceCounts(registry)
    if settings.traces_endpoint is None:
        return None
    origin = Origin("stickprov-web", version("stickprov"), f"{socket.gethostname()}-{settings.http_port}")
    return Tracing(origin, settings.traces_endpoint, settings.traces_sample, told)


class PageTraces:
    """Begins the spans of requests for pages."""

    def __init__(self, tracing: Tracing) -> None:
        self._tracing = tracing

    def begin(self, scope: Scope, method: str) -> Span | None:
        """Begin the trace of a request; None for one that nobody made."""
        if scope["path"].startswith(_NOT_TRACED):
            return None
        span = self._tracing.begin(method, "server")
        if span is not None:
            structlog.contextvars.bind_contextvars(trace_id=f"{span.context.trace_id:032x}")
        return span

    @staticmethod
    def route_of(scope: Scope) -> str | None:
        """Return the template of the route that answered."""
        return getattr(scope.get("route"), "path", None)

"""A service's tracing from its settings, and what it tells Prometheus."""

import socket
from importlib.metadata import version
from typing import Final

import structlog
from prometheus_client import CollectorRegistry

from stickprov_contracts.tracing.tracing import REASONS, Origin, Tracing, Why
from stickprov_kernel.metrics import Metrics
from stickprov_kernel.settings import ServiceSettings

FLUSH_SECONDS: Final = 1.0
"""How long the end of the process may wait for a collector; supervisors kill after ten seconds."""

_log = structlog.stdlib.get_logger("stickprov.traces")


class TraceMetrics:
    """What became of spans.

    Attributes:
        taken: spans that the collector took.
        lost: spans that are lost, by why.
    """

    def __init__(self, service: str, registry: CollectorRegistry) -> None:
        make = Metrics(service, registry)
        self.taken = make.counter("trace_spans_exported", "Trace spans that the collector took")
        self.lost = make.counter("trace_spans_dropped", "Trace spans that are lost, by why", ("reason",))
        for reason in REASONS:
            self.lost.labels(reason)

    def exported(self, spans: int) -> None:
        """Count spans that the collector took."""
        self.taken.inc(spans)

    def dropped(self, why: Why, spans: int) -> None:
        """Count spans that are lost."""
        self.lost.labels(why).inc(spans)

    def turned(self, *, taken: bool) -> None:
        """Say in the log that the collector stopped taking spans, or takes them again."""
        if taken:
            _log.info("traces-taken-again")
        else:
            _log.warning("traces-not-taken", hint="Spans are dropped until the collector takes them; nothing waits")


def tracing_of(settings: ServiceSettings, registry: CollectorRegistry) -> Tracing | None:
    """Return what a service traces with, not opened yet; None where it is not told to. The metrics are there anyway."""
    told = TraceMetrics(settings.service(), registry)
    if settings.traces_endpoint is None:
        return None
    origin = Origin(
        service=f"stickprov-{settings.service()}",
        version=version("stickprov"),
        instance=f"{socket.gethostname()}-{settings.http_port}",
    )
    return Tracing(origin, settings.traces_endpoint, settings.traces_sample, told)

"""Spans by OpenTelemetry's library, on their way to a collector. Only a process that traces imports this.

What must not break: ending a span never waits. What waits for the collector is bounded, what does not fit is dropped
and counted, and the end of the process waits for a collector no longer than it was told.
"""

import logging
import threading
from collections.abc import Sequence
from typing import Final

from opentelemetry import trace
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter, SpanExportResult
from opentelemetry.sdk.trace.sampling import ParentBased, TraceIdRatioBased

from stickprov_contracts.tracing.context import TraceContext
from stickprov_contracts.tracing.spans import Attributes, Kind, Span
from stickprov_contracts.tracing.tracing import Origin, Told

MOST_WAITING: Final = 4096
"""Spans in memory before more are dropped, some 10 MB."""

_AT_ONCE: Final = 512
_EVERY_MS: Final = 1000
_TIMEOUT_SECONDS: Final = 5
_KINDS: Final = {
    "server": trace.SpanKind.SERVER,
    "client": trace.SpanKind.CLIENT,
    "producer": trace.SpanKind.PRODUCER,
    "consumer": trace.SpanKind.CONSUMER,
    "internal": trace.SpanKind.INTERNAL,
}


class Exporting:
    """A tracer and its way to the collector.

    Args:
        origin: whose spans they are.
        url: where the collector takes traces.
        sample: share of the traces beginning here that are recorded.
        told: who hears what became of them.
    """

    def __init__(self, origin: Origin, url: str, sample: float, told: Told) -> None:
        # The library says of every attempt that it failed; once, when it begins, is enough.
        logging.getLogger("opentelemetry").setLevel(logging.CRITICAL)
        about = {
            "service.namespace": "stickprov",
            "service.name": origin.service,
            "service.version": origin.version,
            "service.instance.id": origin.instance,
        }
        self._exporter = _ToldExporter(OTLPSpanExporter(url, timeout=_TIMEOUT_SECONDS), told)
        self._provider = TracerProvider(
            ParentBased(TraceIdRatioBased(sample)), Resource.create(about), shutdown_on_exit=False
        )
        self._provider.add_span_processor(_BoundedProcessor(self._exporter, told))
        self._tracer = self._provider.get_tracer("stickprov", origin.version)

    def begin(
        self, name: str, kind: Kind, parent: TraceContext | None, attributes: Attributes, started: int | None
    ) -> Span:
        """Begin a span; see ``Tracing.begin``."""
        context = trace.set_span_in_context(trace.INVALID_SPAN if parent is None else _placed(parent))
        span = self._tracer.start_span(
            name,
            context,
            _KINDS[kind],
            {name: value for name, value in attributes.items()},  # noqa: C416 - or its keys would be too narrow
            start_time=started,
            # An error's message may quote what somebody typed.
            record_exception=False,
            set_status_on_exception=False,
        )
        found = span.get_span_context()
        place = TraceContext(found.trace_id, found.span_id, found.trace_flags.sampled, is_remote=False)
        return Span(self, place, _Failing(span) if span.is_recording() else None)

    def close(self, within: float) -> None:
        """Send what waits, at most for some seconds."""
        # The library would wait for half a minute.
        closing = threading.Thread(target=self._provider.shutdown, name="traces-closing", daemon=True)
        closing.start()
        closing.join(within)
        self._exporter.shutdown()


class _Failing:
    """A span of the library that is marked as failed when it says so."""

    def __init__(self, span: trace.Span) -> None:
        self._span = span
        self.update_name = span.update_name
        self.end = span.end

    def set_attribute(self, key: str, value: str | int) -> None:
        self._span.set_attribute(key, value)
        if key == "error.type":
            self._span.set_status(trace.StatusCode.ERROR)


class _ToldExporter(SpanExporter):
    """Counts what the collector takes and what it does not, and tells when that changes."""

    def __init__(self, exporter: OTLPSpanExporter, told: Told) -> None:
        self._exporter = exporter
        self._told = told
        self._lock = threading.Lock()
        self._failing = False
        self._over = False
        self.waiting = 0

    def admit(self) -> bool:
        """Count one more span that waits; False when there are too many."""
        with self._lock:
            if self.waiting >= MOST_WAITING:
                return False
            self.waiting += 1
            return True

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        with self._lock:
            self.waiting -= len(spans)
        result = SpanExportResult.FAILURE if self._over else self._exporter.export(spans)
        if result is SpanExportResult.SUCCESS:
            self._told.exported(len(spans))
        else:
            self._told.dropped("not-taken", len(spans))
        failing = result is not SpanExportResult.SUCCESS
        if failing != self._failing:
            self._failing = failing
            self._told.turned(taken=not failing)
        return result

    def shutdown(self) -> None:
        if not self._over:
            self._over = True
            self._exporter.shutdown()  # type: ignore[no-untyped-call]


class _BoundedProcessor(BatchSpanProcessor):
    """The library's processor with a bound that is counted; its own drops what is oldest and tells nobody."""

    def __init__(self, exporter: _ToldExporter, told: Told) -> None:
        super().__init__(
            exporter,
            max_queue_size=MOST_WAITING + _AT_ONCE,
            schedule_delay_millis=_EVERY_MS,
            max_export_batch_size=_AT_ONCE,
        )
        self._admitting = exporter
        self._told = told

    def on_end(self, span: ReadableSpan) -> None:
        if self._admitting.admit():
            super().on_end(span)
        else:
            self._told.dropped("queue-full", 1)


def _placed(place: TraceContext) -> trace.Span:
    flags = trace.TraceFlags(trace.TraceFlags.SAMPLED if place.sampled else trace.TraceFlags.DEFAULT)
    return trace.NonRecordingSpan(trace.SpanContext(place.trace_id, place.span_id, place.is_remote, flags))

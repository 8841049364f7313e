"""A collector of OpenTelemetry traces by OTLP/HTTP, in a thread of the test, that keeps what it was sent."""

import gzip
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from fastapi import FastAPI, Request, Response
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import (
    ExportTraceServiceRequest,
    ExportTraceServiceResponse,
)
from opentelemetry.proto.trace.v1 import trace_pb2

from support.serving import serving

_KINDS = {
    trace_pb2.Span.SPAN_KIND_INTERNAL: "internal",
    trace_pb2.Span.SPAN_KIND_SERVER: "server",
    trace_pb2.Span.SPAN_KIND_CLIENT: "client",
    trace_pb2.Span.SPAN_KIND_PRODUCER: "producer",
    trace_pb2.Span.SPAN_KIND_CONSUMER: "consumer",
}


@dataclass(frozen=True)
class Seen:
    """A span as it arrived; ids in hex, ``parent`` empty for a trace's first, times in nanoseconds."""

    service: str
    name: str
    kind: str
    trace: str
    id: str
    parent: str
    started: int
    ended: int
    attributes: dict[str, Any]
    failed: bool

    @property
    def milliseconds(self) -> float:
        return (self.ended - self.started) / 1e6


@dataclass
class Collector:
    """What was sent, as bytes and as spans; ``status`` is what is answered."""

    url: str = ""
    status: int = 200
    bodies: list[bytes] = field(default_factory=list)
    spans: list[Seen] = field(default_factory=list)

    def take(self, body: bytes) -> None:
        self.bodies.append(body)
        for resource in ExportTraceServiceRequest.FromString(body).resource_spans:
            about = _attributes(resource.resource.attributes)
            for scope in resource.scope_spans:
                self.spans += [_seen(str(about["service.name"]), span) for span in scope.spans]

    def trace(self, trace: str) -> list[Seen]:
        """Return the spans of one trace, in the order of their beginning."""
        return sorted((span for span in self.spans if span.trace == trace), key=lambda span: span.started)

    def named(self, name: str, service: str | None = None) -> list[Seen]:
        return [span for span in self.spans if span.name == name and service in {None, span.service}]


@contextmanager
def collecting() -> Iterator[Collector]:
    """Run a collector on a free port."""
    collector = Collector()
    app = FastAPI()

    @app.post("/v1/traces")
    async def take(request: Request) -> Response:
        body = await request.body()
        if request.headers.get("content-encoding") == "gzip":
            body = gzip.decompress(body)
        if collector.status == 200:
            collector.take(body)
        answer = ExportTraceServiceResponse().SerializeToString()
        return Response(answer, collector.status, media_type="application/x-protobuf")

    with serving(app) as url:
        collector.url = url
        yield collector


def tree(spans: Sequence[Seen]) -> str:
    """Return a trace as people read it: who did what as part of what, when it began and how long it took."""
    first = min(span.started for span in spans)
    known = {span.id for span in spans}
    lines: list[str] = []

    def tell(span: Seen, depth: int) -> None:
        begun = (span.started - first) / 1e6
        told = " ".join(f"{name}={value}" for name, value in sorted(span.attributes.items()))
        what = f"{'  ' * depth}{span.name}"
        lines.append(
            f"{what:<58} {span.service.removeprefix('stickprov-'):<10} {span.kind:<8} "
            f"+{begun:8.1f} ms {span.milliseconds:8.1f} ms  {told}"
        )
        for below in sorted(spans, key=lambda one: one.started):
            if below.parent == span.id:
                tell(below, depth + 1)

    for span in sorted(spans, key=lambda one: one.started):
        if span.parent not in known:
            tell(span, 0)
    return "\n".join(lines)


def _seen(service: str, span: Any) -> Seen:
    return Seen(
        service=service,
        name=span.name,
        kind=_KINDS[span.kind],
        trace=span.trace_id.hex(),
        id=span.span_id.hex(),
        parent=span.parent_span_id.hex(),
        started=span.start_time_unix_nano,
        ended=span.end_time_unix_nano,
        attributes=_attributes(span.attributes),
        failed=span.status.code == trace_pb2.Status.STATUS_CODE_ERROR,
    )


def _attributes(given: Any) -> dict[str, Any]:
    return {one.key: getattr(one.value, one.value.WhichOneof("value")) for one in given}

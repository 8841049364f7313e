"""Spans: what they may be called, what they may say, and which one the work at hand belongs to.

What must not break: a span says only what the names below stand for, with values of ours: methods, templates of routes,
status codes, topics, numbers. Never an address that was asked for, a query, a body, an error's message, or who asked.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Final, Literal, Protocol, TypeAlias

from stickprov_contracts.tracing.context import TraceContext

Kind: TypeAlias = Literal["server", "client", "producer", "consumer", "internal"]

AttributeName: TypeAlias = Literal[
    "error.type",
    "http.request.method",
    "http.response.status_code",
    "http.route",
    "messaging.batch.message_count",
    "messaging.consumer.group.name",
    "messaging.destination.name",
    "messaging.operation.name",
    "messaging.operation.type",
    "messaging.system",
    "server.address",
    "server.port",
    "stickprov.events",
    "stickprov.log",
]
"""OpenTelemetry's semantic conventions where they have a name, else ours."""

Attributes: TypeAlias = Mapping[AttributeName, str | int]
NONE: Final[Attributes] = {}


class Recorder(Protocol):
    """Makes spans; how is the business of whoever collects them."""

    def begin(
        self, name: str, kind: Kind, parent: TraceContext | None, attributes: Attributes, started: int | None
    ) -> "Span":
        """Begin a span; one without a parent begins a trace, which is recorded or not as this decides."""
        ...


class Recording(Protocol):
    """One span as the library has it. It is typed here, so that reading this module loads no library."""

    def set_attribute(self, key: str, value: str | int) -> None: ...
    def update_name(self, name: str) -> None: ...
    def end(self, end_time: int | None = None) -> None: ...


class Span:
    """A piece of work in a trace, from its beginning to its end.

    Attributes:
        context: its place. It is passed on also where the trace is not recorded, so that everybody decides alike.
        is_over: whether it has ended; work that outlives it belongs to no trace.
    """

    def __init__(self, recorder: Recorder, context: TraceContext, recording: Recording | None) -> None:
        self.context = context
        self.is_over = False
        self._recorder = recorder
        self._recording = recording

    @property
    def is_recorded(self) -> bool:
        """Whether anybody will see it."""
        return self._recording is not None

    @property
    def traceparent(self) -> str:
        """Its place as a header's value."""
        return self.context.traceparent

    def child(self, name: str, kind: Kind, attributes: Attributes = NONE, started: int | None = None) -> "Span":
        """Begin a span below this one; ``started`` in nanoseconds since the epoch, now when left out."""
        if self._recording is None:
            return Span(self._recorder, self.context, None)
        return self._recorder.begin(name, kind, self.context, attributes, started)

    def rename(self, name: str) -> None:
        """Call it otherwise, once it is known what it is."""
        if self._recording is not None:
            self._recording.update_name(name)

    def tell(self, attribute: AttributeName, value: str | int) -> None:
        """Say something of it."""
        if self._recording is not None:
            self._recording.set_attribute(attribute, value)

    def fail(self, kind: str) -> None:
        """Say what kind of fault ended it: a class's name or a status code, never a message."""
        self.tell("error.type", kind)

    def end(self, at: int | None = None) -> None:
        """End it, now or when it was; ending it again changes nothing."""
        if not self.is_over:
            self.is_over = True
            if self._recording is not None:
                self._recording.end(at)


_CURRENT: Final[ContextVar[Span | None]] = ContextVar("stickprov_span", default=None)


def current_span() -> Span | None:
    """Return the span that the work at hand belongs to. Work that outlives its span belongs to none."""
    span = _CURRENT.get()
    return None if span is None or span.is_over else span


@contextmanager
def working_in(span: Span) -> Iterator[Span]:
    """Do some work in a span: it ends with the block, and what the block calls knows it."""
    token = _CURRENT.set(span)
    try:
        yield span
    except BaseException as error:
        span.fail(type(error).__name__)
        raise
    finally:
        _CURRENT.reset(token)
        span.end()

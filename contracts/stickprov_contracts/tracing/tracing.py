"""A process's tracing: where spans go, how many traces begin here, and its beginning and end."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Final, Literal, Protocol, TypeAlias
from urllib.parse import urlsplit

from pydantic import AfterValidator

from stickprov_contracts.tracing.context import TraceContext
from stickprov_contracts.tracing.spans import NONE, Attributes, Kind, Span

if TYPE_CHECKING:
    from stickprov_contracts.tracing.exporting import Exporting

Why: TypeAlias = Literal["queue-full", "not-taken", "batch-full"]
"""Why a span was dropped: too many wait for the collector, it did not take them, or a batch had too many traces."""

REASONS: Final[Sequence[Why]] = ("queue-full", "not-taken", "batch-full")
_PATH: Final = "/v1/traces"


class Told(Protocol):
    """Who hears what became of spans; called from any thread."""

    def exported(self, spans: int) -> None:
        """The collector took some."""
        ...

    def dropped(self, why: Why, spans: int) -> None:
        """Some are lost."""
        ...

    def turned(self, *, taken: bool) -> None:
        """The collector stopped taking spans, or takes them again."""
        ...


@dataclass(frozen=True, slots=True)
class Origin:
    """Whose spans they are.

    Attributes:
        service: name of the process, such as ``stickprov-findings``. version: of the release.
        instance: tells replicas apart.
    """

    service: str
    version: str
    instance: str


class Tracing:
    """Makes spans while it is open. Before and after, work goes on and belongs to no trace."""

    def __init__(self, origin: Origin, collector: str, sample: float, told: Told) -> None:
        """Make it; nothing is opened yet.

        Args:
            origin: whose spans they are.
            collector: address of an OTLP/HTTP collector, as ``collector_url`` gives it.
            sample: share of the traces beginning here that are recorded.
            told: who hears what became of them.
        """
        self._origin = origin
        self._collector = collector
        self._sample = sample
        self._told = told
        self._exporting: Exporting | None = None

    def open(self) -> None:
        """Load the library and start sending."""
        from stickprov_contracts.tracing.exporting import Exporting  # noqa: PLC0415  # who traces nothing needs none

        self._exporting = Exporting(self._origin, self._collector + _PATH, self._sample, self._told)

    def close(self, within: float) -> None:
        """Send what waits, at most for some seconds. It blocks: call it in a thread."""
        exporting, self._exporting = self._exporting, None
        if exporting is not None:
            exporting.close(within)

    def begin(
        self,
        name: str,
        kind: Kind,
        parent: TraceContext | None = None,
        attributes: Attributes = NONE,
        started: int | None = None,
    ) -> Span | None:
        """Begin a span; None while this is not open.

        Args:
            name: of few, and never what somebody typed.
            kind: its side of the conversation.
            parent: what it is a part of; without one it begins a trace, of which ``sample`` are recorded.
            attributes: what is known of it.
            started: nanoseconds since the epoch; now when left out.
        """
        if self._exporting is None:
            return None
        return self._exporting.begin(name, kind, parent, attributes, started)

    def left_out(self, spans: int) -> None:
        """Count spans that a batch had too many of."""
        self._told.dropped("batch-full", spans)


def collector_url(text: str) -> str:
    """Return an address of a collector without the path that OTLP has there.

    Raises:
        ValueError: it is no http or https address, or says more than where.
    """
    given = text.rstrip("/").removesuffix(_PATH)
    parts = urlsplit(given)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ValueError("This should be the address of an OTLP/HTTP collector, such as http://127.0.0.1:4318.")
    if parts.username or parts.password or parts.query or parts.fragment:
        raise ValueError("This should be an address alone; what signs in goes into OTEL_EXPORTER_OTLP_HEADERS.")
    return given


CollectorUrl: TypeAlias = Annotated[str, AfterValidator(collector_url)]
"""As a setting."""

ENDPOINT: Final = (
    "OTLP/HTTP collector of OpenTelemetry traces, such as `http://127.0.0.1:4318`; without one nothing is traced."
)
SAMPLE: Final = (
    "Share of the traces beginning here that are recorded, from 0 to 1; one that came with a request counts."
)
"""Descriptions of the settings."""

"""Spans of work on many events at once: one for each trace among them, none for those that are not recorded.

What must not break: a batch of events that nobody records makes no span, and one in which every event is recorded
makes a bounded number (``MOST``). The bound never changes what is done with the events.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Final

from stickprov_contracts.tracing.context import read_context
from stickprov_contracts.tracing.spans import NONE, AttributeName, Attributes, Kind, Span
from stickprov_contracts.tracing.tracing import Tracing

MOST: Final = 100
"""Spans of one batch; further traces in it lose this one stage."""

_COUNT: Final[Mapping[Kind, AttributeName]] = {
    "producer": "messaging.batch.message_count",
    "consumer": "messaging.batch.message_count",
    "internal": "stickprov.events",
}


class BatchSpans:
    """The spans of one batch."""

    def __init__(
        self,
        tracing: Tracing,
        name: str,
        kind: Kind,
        parents: Iterable[str | None],
        attributes: Attributes = NONE,
        started: int | None = None,
    ) -> None:
        """Begin them.

        Args:
            tracing: the process's.
            name: of each.
            kind: of each.
            parents: each event's ``traceparent``, None where there is none.
            attributes: of each, beside how many events of its trace there are.
            started: nanoseconds since the epoch; now when left out.
        """
        self._spans: dict[str, Span] = {}
        for parent, events in Counter(filter(None, parents)).items():
            place = read_context(parent)
            if place is None or not place.sampled:
                continue
            if len(self._spans) == MOST:
                tracing.left_out(1)
                continue
            counted: Attributes = {**attributes, _COUNT[kind]: events}
            span = tracing.begin(name, kind, place, counted, started)
            if span is not None:
                self._spans[parent] = span

    def traceparent(self, parent: str | None) -> str | None:
        """Return what an event's next stage is a part of: the batch's span of its trace, else what was before."""
        span = None if parent is None else self._spans.get(parent)
        return parent if span is None else span.traceparent

    def part(self, name: str, started: int, ended: int) -> None:
        """Tell of a part of the work, in nanoseconds since the epoch."""
        for span in self._spans.values():
            span.child(name, "internal", started=started).end(ended)

    def fail(self, kind: str) -> None:
        """Say what kind of fault ended the work."""
        for span in self._spans.values():
            span.fail(kind)

    def end(self, at: int | None = None) -> None:
        """End them."""
        for span in self._spans.values():
            span.end(at)

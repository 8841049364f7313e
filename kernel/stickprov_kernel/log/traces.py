"""A log's stages as spans: appended, sequenced, sent. Only where traces are recorded.

What must not break: what is stored, sequenced and published is the same with traces and without, except for the trace
context beside it.
"""

import time
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from stickprov_contracts.topics import TOPIC_OF, Source
from stickprov_contracts.tracing.batches import BatchSpans
from stickprov_contracts.tracing.context import read_context
from stickprov_contracts.tracing.spans import Attributes, Span
from stickprov_contracts.tracing.tracing import Tracing
from stickprov_kernel.log.records import CommandContext, Sequenced, StreamAppend


class LogTraces:
    """Makes the spans of one log."""

    def __init__(self, tracing: Tracing, source: Source) -> None:
        self._tracing = tracing
        self._log: Attributes = {"stickprov.log": source}
        self._append = f"append {source}"
        self._sequence = f"sequence {source}"
        self._send = f"send {TOPIC_OF[source]}"
        self._sent: Attributes = {**_SENT, "messaging.destination.name": TOPIC_OF[source]}

    def appending(self, context: CommandContext, appends: Sequence[StreamAppend]) -> Span | None:
        """Begin the span of storing a command's events; None where its request is not recorded."""
        parent = read_context(context.traceparent)
        if parent is None or not parent.sampled:
            return None
        events = sum(len(append.events) for append in appends)
        return self._tracing.begin(self._append, "internal", parent, {**self._log, "stickprov.events": events})

    def sequenced(self, parents: Sequence[str | None], started: int) -> None:
        """Tell that a batch has got its positions.

        Args:
            parents: the events' trace contexts.
            started: when writing them began, in nanoseconds since the epoch.
        """
        BatchSpans(self._tracing, self._sequence, "internal", parents, self._log, started).end(time.time_ns())

    def sending(self, entries: Sequence[Sequenced]) -> tuple[BatchSpans, Sequence[Sequenced]]:
        """Begin the spans of publishing entries; return them too, as part of what they are to be heard as."""
        spans = BatchSpans(self._tracing, self._send, "producer", [entry.traceparent for entry in entries], self._sent)
        return spans, [
            entry if entry.traceparent is None else replace(entry, traceparent=spans.traceparent(entry.traceparent))
            for entry in entries
        ]


_SENT: Final[Attributes] = {
    "messaging.system": "kafka",
    "messaging.operation.name": "send",
    "messaging.operation.type": "send",
}

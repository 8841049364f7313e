"""What an inbox did with events, as spans of their traces. Only where traces are recorded.

What must not break: nothing here is asked before the transaction is over, so that it can change nothing of it.
"""

import time
from collections.abc import Sequence

from stickprov_contracts.topics import TOPIC_OF, Source
from stickprov_contracts.tracing.batches import BatchSpans
from stickprov_contracts.tracing.spans import Attributes
from stickprov_contracts.tracing.tracing import Tracing
from stickprov_kernel.messaging.delivery import Delivery, TracedDelivery


class HeardTraces:
    """Makes the spans of what one service hears of another's log."""

    def __init__(self, tracing: Tracing, source: Source, service: str) -> None:
        topic = TOPIC_OF[source]
        self._tracing = tracing
        self._process = f"process {topic}"
        self._apply = f"apply {source}"
        self._commit = f"commit {source}"
        self._about: Attributes = {
            "messaging.system": "kafka",
            "messaging.operation.name": "process",
            "messaging.operation.type": "process",
            "messaging.destination.name": topic,
            "messaging.consumer.group.name": f"stickprov-{service}.{source}",
        }

    def applied(self, run: Sequence[Delivery], started: int, applied: tuple[int, int]) -> None:
        """Tell that events were applied and committed, so that readers see what follows from them from now on.

        Args:
            run: the events, in order.
            started: when their transaction began, in nanoseconds since the epoch.
            applied: when the projection began with them, and when it was done.
        """
        parents = [delivery.traceparent for delivery in run if isinstance(delivery, TracedDelivery)]
        if not parents:
            return
        ended = time.time_ns()
        spans = BatchSpans(self._tracing, self._process, "consumer", parents, self._about, started)
        spans.part(self._apply, *applied)
        spans.part(self._commit, applied[1], ended)
        spans.end(ended)

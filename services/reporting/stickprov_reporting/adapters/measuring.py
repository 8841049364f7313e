"""How long the service's own work takes, for Prometheus."""

from collections.abc import Sequence
from typing import Final

import asyncpg
from prometheus_client import CollectorRegistry

from stickprov_kernel.inbox.protocols import Projection
from stickprov_kernel.log.records import Incoming
from stickprov_kernel.metrics import Metrics

_REPLAY_SECONDS: Final = (0.1, 0.5, 1.0, 5.0, 10.0, 30.0, 60.0, 300.0)


class Durations:
    """The instruments.

    Attributes:
        statistic: reading one statistic. report: making one report and its file. replay: replaying both logs.
        projection: applying one batch of events.
    """

    def __init__(self, service: str, registry: CollectorRegistry) -> None:
        metrics = Metrics(service, registry)
        self.statistic = metrics.histogram("statistic_seconds", "How long reading one statistic takes")
        self.report = metrics.histogram("report_seconds", "How long making one report and its file takes")
        self.replay = metrics.histogram("replay_seconds", "How long a replay takes", buckets=_REPLAY_SECONDS)
        self.projection = metrics.histogram("projection_seconds", "How long applying one batch of events takes")


class Progress:
    """How far a rebuild is."""

    def __init__(self, service: str, registry: CollectorRegistry | None) -> None:
        metrics = Metrics(service, registry or CollectorRegistry())
        self._left = metrics.gauge("rebuild_left_events", "How many events the next generation has not folded yet")

    def left(self, events: int) -> None:
        """Tell how many events are not folded yet; 0 when nothing is being built."""
        self._left.set(events)


class TimedProjection:
    """Applies events by another projection and tells how long that takes."""

    def __init__(self, projection: Projection, durations: Durations) -> None:
        self._projection = projection
        self._durations = durations

    async def apply(self, connection: asyncpg.Connection, events: Sequence[Incoming]) -> None:
        """Apply events."""
        with self._durations.projection.time():
            await self._projection.apply(connection, events)

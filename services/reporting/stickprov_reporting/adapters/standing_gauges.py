"""How the newest year's controls and the open actions stand, for a dashboard that follows them over time.

What must not break: labels have a bound and name no person; asking often costs nothing.
"""

import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Final

from prometheus_client import CollectorRegistry

from stickprov_contracts.events.follow_ups import ActionFollowedUp, ActionProposed, ActionUpdated
from stickprov_kernel.metrics import Metrics
from stickprov_reporting.adapters.readings import Readings
from stickprov_reporting.adapters.summaries import read_summaries
from stickprov_reporting.domain.projection.cell import PROGRESS
from stickprov_reporting.domain.reports.material import FINISHED, Chronicle

MOST_CONTROL_POINTS: Final = 200
"""Each is a handful of time series; a plan has some tens."""
_KEPT_SECONDS: Final = 60.0
_ACTIONS: Final = (ActionProposed, ActionUpdated, ActionFollowedUp)


class StandingGauges:
    """The gauges, and when they were last set."""

    def __init__(self, service: str, registry: CollectorRegistry, clock: Callable[[], float] = time.monotonic) -> None:
        make = Metrics(service, registry)
        self._cases = make.gauge(
            "control_cases",
            "Cases of the newest year's controls, by how far they have come",
            ("control_point", "progress"),
        )
        self._actions = make.gauge(
            "actions", "Actions neither done nor dropped, by whether their day has passed", ("standing",)
        )
        self._clock = clock
        self._looked: float | None = None

    async def look(self, readings: Readings) -> None:
        """Set the gauges to what is stored now, unless that was done within the last minute."""
        if self._looked is not None and self._clock() - self._looked < _KEPT_SECONDS:
            return
        async with readings.now() as reading:
            controls = (await read_summaries(reading, None))[:MOST_CONTROL_POINTS]
            told = Chronicle({}, [entry.event for entry in await reading.entries(_ACTIONS)])
        today = datetime.now(UTC).date()
        late = [action.is_late(today) for action in told.actions() if action.status not in FINISHED]
        # A control point of last year goes; nobody scrapes in between, as nothing is waited for.
        self._cases.clear()
        for control in controls:
            for progress in PROGRESS:
                value = getattr(control, progress.replace("-", "_"))
                self._cases.labels(control.control_point, progress).set(value)
        self._actions.labels("overdue").set(late.count(True))
        self._actions.labels("in-time").set(late.count(False))
        self._looked = self._clock()

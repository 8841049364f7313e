"""What is looked up when somebody asks for the metrics: conditions of readiness, and figures that nobody else keeps.

What must not break: the answer comes in time, whatever is away. A look that fails or takes too long leaves its figures
as they were and says so in ``figures_stale``; who asks more often than every few seconds gets what was seen before.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Final

import structlog

from stickprov_kernel.http.health import CHECK_SECONDS, Health
from stickprov_kernel.metrics import Metrics

FRESH_SECONDS: Final = 2.0
"""How long a look counts: /metrics needs no sign-in, and must not be a way to keep a database busy."""

Look = Callable[[], Awaitable[None]]

_log = structlog.get_logger(__name__)


class Observations:
    """Looks by name, each setting gauges of its own, and the service's conditions."""

    def __init__(
        self,
        metrics: Metrics,
        health: Health,
        *,
        fresh_seconds: float = FRESH_SECONDS,
        look_seconds: float = CHECK_SECONDS,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Make it with the conditions alone.

        Args:
            metrics: where its own gauges go.
            health: the conditions of readiness.
            fresh_seconds: how long what was seen counts.
            look_seconds: how long one look may take.
            clock: seconds that never go backwards.
        """
        self._health = health
        self._met = metrics.gauge("condition_met", "1 while a condition of readiness is met", ("condition",))
        self._stale = metrics.gauge("figures_stale", "1 while figures could not be looked up again", ("figures",))
        self._looks: dict[str, Look] = {}
        self._fresh_seconds = fresh_seconds
        self._look_seconds = look_seconds
        self._clock = clock
        self._looked: float | None = None
        self._turn = asyncio.Lock()

    def add(self, name: str, look: Look) -> None:
        """Have something looked up; a name is given once."""
        if name in self._looks:
            raise ValueError(f"There is a look named {name} already.")
        self._looks[name] = look
        self._stale.labels(name).set(0)

    async def make(self) -> None:
        """Look at everything at once, unless that was done a moment ago."""
        async with self._turn:
            if self._looked is not None and self._clock() - self._looked < self._fresh_seconds:
                return
            await asyncio.gather(self._conditions(), *(self._look(name) for name in self._looks))
            self._looked = self._clock()

    async def _conditions(self) -> None:
        for name, condition in (await self._health.conditions()).items():
            self._met.labels(name).set(condition.ok)

    async def _look(self, name: str) -> None:
        try:
            async with asyncio.timeout(self._look_seconds):
                await self._looks[name]()
        except Exception as error:  # noqa: BLE001 - whatever is away, the other figures are told
            _log.warning("figures-stale", figures=name, reason=type(error).__name__)
            self._stale.labels(name).set(1)
        else:
            self._stale.labels(name).set(0)

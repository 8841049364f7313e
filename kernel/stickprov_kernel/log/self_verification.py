"""A service reads its own log's tables again by itself, now and then, and alarms when something is not what it was.

What must not break: it takes turns with whoever asks for the same by HTTP, and a damaged log goes on being served: what
to do about it is people's decision (docs/runbook/alerts/stickprov-log-damaged.md).
"""

import asyncio
import random
import time
from collections.abc import Awaitable, Callable
from typing import Final

import structlog
from prometheus_client import CollectorRegistry

from stickprov_contracts.http.checkpoints import LogVerification
from stickprov_contracts.topics import Source
from stickprov_kernel.messaging.faults import DATABASE_INTERRUPTIONS, describe
from stickprov_kernel.metrics import Metrics

_FIRST_SECONDS: Final = 60.0
"""After the start, so that a service that is started again and again does not read its log again and again."""
_AFTER_INTERRUPTION_SECONDS: Final = 60.0

_log = structlog.get_logger(__name__)


class VerificationMetrics:
    """What reading the log again tells Prometheus."""

    def __init__(self, source: Source, registry: CollectorRegistry) -> None:
        make = Metrics(source, registry)
        self.damaged = make.gauge("log_damaged", "1 while the log's tables are not what was hashed, as last read")
        self.events = make.gauge("log_verified_events", "Events that were found whole when the tables were last read")
        self.time = make.gauge("log_verified_timestamp_seconds", "When the log's tables were last read, 0 for never")
        self.seconds = make.gauge("log_verification_seconds", "How long that took")

    def tell(self, found: LogVerification, seconds: float) -> None:
        """Tell what was found."""
        self.damaged.set(found.verdict != "verified")
        self.events.set(found.events)
        self.seconds.set(seconds)
        self.time.set(time.time())


class SelfVerification:
    """Verifies one log again and again.

    Args:
        verify: reads the tables once.
        metrics: its instruments.
        hours: between two readings.
        first_seconds: how long after the start the first one is.
    """

    def __init__(
        self,
        verify: Callable[[], Awaitable[LogVerification]],
        metrics: VerificationMetrics,
        hours: float,
        first_seconds: float = _FIRST_SECONDS,
    ) -> None:
        self._verify = verify
        self._metrics = metrics
        self._hours = hours
        self._first_seconds = first_seconds

    async def run(self) -> None:
        """Verify until cancelled. A database that is away is waited for."""
        wait = self._first_seconds
        while True:
            await asyncio.sleep(wait)
            try:
                await self.once()
            except DATABASE_INTERRUPTIONS as error:
                _log.warning("log-not-verified", reason=describe(error))
                wait = _AFTER_INTERRUPTION_SECONDS
            else:
                # So that the processes of a service do not read the same in step.
                wait = self._hours * 3600 * random.uniform(0.9, 1.0)  # noqa: S311

    async def once(self) -> LogVerification:
        """Verify now, and tell."""
        begun = time.monotonic()
        found = await self._verify()
        self._metrics.tell(found, time.monotonic() - begun)
        if found.verdict == "verified":
            _log.info("log-verified", events=found.events)
        else:
            _log.critical("log-damaged", events=found.events, reason=found.first_difference)
        return found

"""Makes checkpoints in the background: every few minutes while the log grows, and when a period was closed.

What must not break: nothing waits for it. A service whose key was replaced, or that has none, goes on without signing
and says so; a database that is away is waited for, and what was asked for meanwhile is made afterwards.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID

import structlog
from prometheus_client import CollectorRegistry

from stickprov_contracts.http.checkpoints import CheckpointReason
from stickprov_kernel.log.checkpoints import Checkpoints, KeptCheckpoint, LogEmptyError, NotSigningError
from stickprov_kernel.log.notes import SigningKey
from stickprov_kernel.log.signal import Bell, LogSignal
from stickprov_kernel.log.store import LogReader
from stickprov_kernel.messaging.backoff import Backoff
from stickprov_kernel.messaging.faults import DATABASE_INTERRUPTIONS, describe
from stickprov_kernel.metrics import Metrics

_POLL_SECONDS: Final = 1.0
_PLACED_SECONDS: Final = 60.0
"""How long a closing may wait for its place; the log is then signed as far as it goes."""

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Signing:
    """Who signs, and how often.

    Attributes:
        key: None where nothing is signed.
        former: the key before it, if that is known.
        every: between two checkpoints of a log that grows.
    """

    key: SigningKey | None
    former: SigningKey | None
    every: timedelta


class CheckpointMetrics:
    """What the making of checkpoints tells Prometheus."""

    def __init__(self, service: str, registry: CollectorRegistry) -> None:
        make = Metrics(service, registry)
        self.size = make.gauge("checkpoint_events", "Events that the newest signed checkpoint is of")
        self.time = make.gauge(
            "checkpoint_timestamp_seconds", "When the newest signed checkpoint was made, 0 for never"
        )
        self.failures = make.counter("checkpoint_failures", "Times a checkpoint could not be made")

    def newest(self, checkpoint: KeptCheckpoint) -> None:
        """Tell of the newest one."""
        self.size.set(checkpoint.size)
        self.time.set(checkpoint.time.timestamp())


class Checkpointing:
    """Makes the checkpoints of one log."""

    def __init__(
        self,
        checkpoints: Checkpoints,
        reader: LogReader,
        signal: LogSignal,
        signing: Signing,
        metrics: CheckpointMetrics,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        """Make it; nothing is signed before ``run`` or ``make``.

        Args:
            checkpoints: where they are kept.
            reader: the log, to see that an event has its place.
            signal: rings when something was sequenced.
            signing: who signs, and how often.
            metrics: its instruments.
            now: the time, aware, UTC.
        """
        self._checkpoints = checkpoints
        self._reader = reader
        self._signal = signal
        self._signing = signing
        self._metrics = metrics
        self._now = now
        self._adopted = False
        self._closings: list[UUID | None] = []
        self._asked = Bell()
        self.made = Bell()

    def period_closed(self, event: UUID | None = None) -> None:
        """Ask for a checkpoint because a period was closed; returns at once.

        Args:
            event: of this very log, to be waited for until it has its place.
        """
        self._closings.append(event)
        self._asked.ring()

    async def make(self, reason: CheckpointReason) -> tuple[KeptCheckpoint, bool]:
        """Return the checkpoint of the log as it is now, and whether it is new.

        Raises:
            LogEmptyError: there is nothing to sign.
            NotSigningError: this process has no key that may sign.
        """
        key = self._signing.key
        if key is None:
            raise NotSigningError("No key is configured that signs checkpoints. Ask who runs the service for one.")
        if not self._adopted:
            await self._checkpoints.adopt(key, self._signing.former, self._now())
            self._adopted = True
        made, new = await self._checkpoints.make(key, reason, self._now())
        self._metrics.newest(made)
        if new:
            self.made.ring()
            _log.info("checkpoint-made", size=made.size, root=made.root.hex(), reason=reason)
        return made, new

    async def run(self) -> None:
        """Make checkpoints until cancelled."""
        if self._signing.key is None:
            _log.warning("checkpoints-not-signed", hint="Configure a checkpoint key, and the log's history is signed")
        backoff = Backoff()
        while True:
            try:
                wait = await self._turn()
                backoff.reset()
            except NotSigningError as error:
                self._closings.clear()
                wait = self._signing.every.total_seconds()
                if self._signing.key is not None:
                    self._metrics.failures.inc()
                    _log.error("checkpoint-not-signed", reason=error.detail)
            except DATABASE_INTERRUPTIONS as error:
                self._metrics.failures.inc()
                wait = backoff.next()
                _log.warning("checkpoint-interrupted", reason=describe(error), retry_seconds=wait)
            if not self._closings:
                await self._asked.wait(wait)

    async def _turn(self) -> float:
        """Make what is due, and return how many seconds nothing is."""
        while self._closings:
            await self._make_for_closing(self._closings[0])
            del self._closings[0]
        newest = await self._checkpoints.newest()
        if newest is not None:
            self._metrics.newest(newest)
            left = self._signing.every - (self._now() - newest.time)
            if left > timedelta():
                return left.total_seconds()
        if (await self._reader.head()).position > (newest.size if newest else 0):
            await self.make("interval")
        return self._signing.every.total_seconds()

    async def _make_for_closing(self, event: UUID | None) -> None:
        patience = time.monotonic() + _PLACED_SECONDS
        while event is not None and await self._reader.position_of(event) is None and time.monotonic() < patience:
            await self._signal.wait_sequenced(_POLL_SECONDS)
        try:
            await self.make("period-closed")
        except LogEmptyError:
            _log.info("checkpoint-of-empty-log", hint="A log without events has nothing to sign")

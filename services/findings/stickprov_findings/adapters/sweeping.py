"""Lets drafts go that nobody has touched for long: they may name people, and nobody else knows that they are there.

What must not break: nothing but drafts goes, and none that was saved again since.
"""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Final

import asyncpg
import structlog

from stickprov_findings.adapters.sql.drafts import Drafts

_PAUSE_SECONDS: Final = 3600.0
_FAULTS: Final = (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError)

_log = structlog.get_logger(__name__)


class DraftSweep:
    """Sweeps once an hour for as long as the service runs; several replicas do no harm."""

    def __init__(self, drafts: Drafts, days: int, swept: Callable[[int], None]) -> None:
        """Take what it works with.

        Args:
            drafts: to sweep.
            days: after its last change, a draft goes.
            swept: told how many went, for the metrics.
        """
        self._drafts = drafts
        self._age = timedelta(days=days)
        self._swept = swept

    async def run(self) -> None:
        """Sweep until cancelled. A database that is away is tried again at the next turn."""
        while True:
            try:
                await self.sweep(datetime.now(UTC))
            except _FAULTS as error:
                _log.warning("drafts-not-swept", reason=f"{type(error).__name__}: {error}")
            await asyncio.sleep(_PAUSE_SECONDS)

    async def sweep(self, now: datetime) -> int:
        """Let the old ones go, and return how many there were."""
        count = await self._drafts.drop_older(now - self._age)
        if count:
            self._swept(count)
            _log.info("drafts-swept", count=count)
        return count

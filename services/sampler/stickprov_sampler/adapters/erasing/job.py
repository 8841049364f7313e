"""Erases what is due, every so often, for as long as the service runs: one process of all at a time.

What must not break: it erases what the rules say is due and nothing else; where nothing was decided, nothing goes.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

import structlog

from stickprov_contracts.http.erasure import CarriedOut, DueErasure
from stickprov_kernel.log.ids import new_id
from stickprov_kernel.log.leadership import Leadership
from stickprov_kernel.log.records import CommandContext
from stickprov_kernel.messaging.faults import describe
from stickprov_sampler.adapters.erasing.erasing import Erasing
from stickprov_sampler.adapters.erasing.reading import day_of
from stickprov_sampler.adapters.erasing.telling import Telling

ERASURE_LOCK: Final = 0x5374_4572_6173  # "StEras"
SYSTEM: Final = "system"
_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class ErasureJob:
    """The job.

    Attributes:
        dsn: of the database, for the lock.
        minutes: between two looks.
        told: hears how everything stands after each, for the metrics.
    """

    dsn: str
    minutes: int
    erasing: Erasing
    telling: Telling
    told: Callable[[DueErasure], None]

    async def run(self) -> None:
        """Look until cancelled. Whatever fails is tried again at the next turn."""
        while True:
            try:
                async with Leadership(self.dsn, ERASURE_LOCK).held():
                    while True:
                        await self.look(datetime.now(UTC))
                        await asyncio.sleep(self.minutes * 60)
            except Exception as error:  # noqa: BLE001 - also a log that cannot be read: the service goes on without us
                _log.warning("erasure-not-run", reason=describe(error))
                await asyncio.sleep(self.minutes * 60)

    async def look(self, now: datetime) -> CarriedOut:
        """Erase what is due now."""
        command = new_id()
        context = CommandContext(command, SYSTEM, b"", now, command)
        receipt = await self.erasing.due(context)
        done = CarriedOut.model_validate_json(receipt.answer)
        self.told(await self.telling.due(day_of(now)))
        return done

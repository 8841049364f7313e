"""Verifications of draws, kept for a while: drawing again takes a second, and a page is looked at often.

What must not break: a draw that has changed is verified anew, and a reader is told when the verification was made.
"""

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID

from stickprov_client.api import Services
from stickprov_contracts.http.sampler import Draw, DrawVerification

KEPT: Final = timedelta(hours=1)
_MOST: Final = 200


@dataclass(frozen=True)
class Verified:
    """A verification, and when it was made."""

    found: DrawVerification
    time: datetime


@dataclass
class Verifications:
    """The newest verification of each draw that was looked at.

    Attributes:
        now: the time, for tests another one.
    """

    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    _kept: OrderedDict[UUID, tuple[Draw, Verified]] = field(default_factory=OrderedDict)

    async def of(self, services: Services, draw: Draw, *, anew: bool = False) -> Verified:
        """Return a draw's verification: the kept one while the draw is as it was and the hour has not passed."""
        kept = self._kept.get(draw.draw)
        if kept is not None and not anew and kept[0] == draw and self.now() - kept[1].time < KEPT:
            return kept[1]
        verified = Verified(await services.sampler.verify(draw.draw), self.now())
        self._kept[draw.draw] = (draw, verified)
        self._kept.move_to_end(draw.draw)
        while len(self._kept) > _MOST:
            self._kept.popitem(last=False)
        return verified

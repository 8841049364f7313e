"""Replays that were made from the pages, kept for a while: reading both logs again takes long, showing it does not.

What must not break: pressing the button reads the logs again, whatever is kept; a page tells when a replay was made.
"""

from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final

from stickprov_client.language.periods import DateRange
from stickprov_contracts.http.audit import PeriodReplay

_MOST: Final = 20


@dataclass(frozen=True)
class MadeReplay:
    """A replay, of what, and when it was finished."""

    days: DateRange
    control_points: Sequence[str]
    outcome: PeriodReplay
    time: datetime


@dataclass
class Replays:
    """The newest replays by their run: the id that a form has when it is shown.

    Attributes:
        now: the time, for tests another one.
    """

    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    _made: OrderedDict[str, MadeReplay] = field(default_factory=OrderedDict)

    def find(self, run: str, days: DateRange, control_points: Sequence[str]) -> MadeReplay | None:
        """Return what came of a run, if it is kept and was of the same."""
        made = self._made.get(run)
        if made is None or (made.days, list(made.control_points)) != (days, list(control_points)):
            return None
        return made

    def keep(self, run: str, days: DateRange, control_points: Sequence[str], outcome: PeriodReplay) -> MadeReplay:
        """Remember what came of a run; the oldest are forgotten."""
        made = MadeReplay(days, tuple(control_points), outcome, self.now())
        self._made[run] = made
        self._made.move_to_end(run)
        while len(self._made) > _MOST:
            self._made.popitem(last=False)
        return made

    def newest(self) -> tuple[str, MadeReplay] | None:
        """Return the newest replay with its run; None when none was made since the application started."""
        return next(reversed(self._made.items()), None)

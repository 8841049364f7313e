"""What can be read of one moment, wherever it comes from: the stored projection, or logs folded up to there.

What must not break: everything that one reading tells is of one moment, and so are its log positions.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Protocol, TypeAlias
from uuid import UUID

from stickprov_contracts.events import Event
from stickprov_contracts.events.measures import RegisterMeasured
from stickprov_contracts.events.sampler import ControlPointDefined
from stickprov_contracts.http.statistics import AsOf
from stickprov_kernel.errors import NotFoundError
from stickprov_reporting.domain.behind import After, Behind
from stickprov_reporting.domain.projection.chronicle import Entry
from stickprov_reporting.domain.projection.row import CaseRow, RowKey
from stickprov_reporting.domain.reading import PointFacts
from stickprov_reporting.domain.statistics.statistic import DateRange

_NAMED: Final = 20


@dataclass(frozen=True, slots=True)
class Moment:
    """A position of each log."""

    sampler: int
    findings: int


When: TypeAlias = Moment | datetime | None
"""As of when: positions of both logs, everything that had happened at a point in time, or None for now."""


class Reading(Protocol):
    """One moment of what reporting knows.

    Attributes:
        as_of: by source, how far the logs were read. projection: version of what is read.
    """

    as_of: Mapping[str, AsOf]
    projection: int

    async def facts(
        self, control_points: Sequence[str], dates: DateRange, indicators: Sequence[str] | None = None
    ) -> dict[str, PointFacts]:
        """Return what is known of control points and their draws whose period lies within a range.

        Those that are not defined are left out. A basis can be made of any range within ``dates``.

        Args:
            control_points: their ids.
            dates: widest range that will be asked for.
            indicators: the cells that are needed; with None all of them, questionnaires and conclusions too.
        """
        ...

    async def points(self, year: int | None) -> list[ControlPointDefined]:
        """Return the control points of a year in the order of their ids; of the newest for None, all for 0."""
        ...

    async def known(self, limit: int) -> list[str]:
        """Return the ids of control points, the first few."""
        ...

    async def years(self) -> list[int]:
        """Return every year that has a control point, newest first."""
        ...

    async def entries(
        self,
        kinds: Sequence[type[Event]],
        *,
        control_points: Sequence[str] | None = None,
        plans: Sequence[str] | None = None,
    ) -> list[Entry]:
        """Return what the chronicle has of some kinds, in the order of each log; of some points or plans only."""
        ...

    async def newest(self, streams: Sequence[str]) -> dict[str, Entry]:
        """Return the newest entry of each of some streams, where the chronicle has one."""
        ...

    async def measures(self, control_points: Sequence[str], dates: DateRange) -> list[tuple[str, RegisterMeasured]]:
        """Return register measures with the control point they serve, whose frame's period lies within a range."""
        ...

    async def cases(
        self, control_point: str, draws: Sequence[UUID], behind: Behind, after: After | None, limit: int
    ) -> tuple[int, list[tuple[RowKey, CaseRow]]]:
        """Return how many cases of some draws are behind a number, and a page of them in the order of draw and case."""
        ...


async def facts_of(reading: Reading, control_point: str, dates: DateRange) -> PointFacts:
    """Return what is known of one control point.

    Raises:
        NotFoundError: it is not defined; names those that are.
    """
    found = await reading.facts([control_point], dates)
    if control_point not in found:
        raise await unknown(reading, control_point)
    return found[control_point]


async def unknown(reading: Reading, control_point: str) -> NotFoundError:
    """Return the error that names the control points there are."""
    known = await reading.known(_NAMED + 1)
    if not known:
        return NotFoundError(f"There is no control point {control_point}; none was defined yet.")
    names = ", ".join(known[:_NAMED])
    more = " and others" if len(known) > _NAMED else ""
    return NotFoundError(f"There is no control point {control_point}. There are: {names}{more}.")

"""Reads a projection in memory, as a replay or a question about an earlier moment has it."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from stickprov_contracts.events import Event
from stickprov_contracts.events.measures import RegisterMeasured
from stickprov_contracts.events.sampler import ControlPointDefined
from stickprov_contracts.http.statistics import AsOf
from stickprov_reporting.domain.behind import After, Behind
from stickprov_reporting.domain.projection import PROJECTION
from stickprov_reporting.domain.projection.chronicle import Entry, newest_by_stream
from stickprov_reporting.domain.projection.fold import Folded
from stickprov_reporting.domain.projection.row import CaseRow, RowKey
from stickprov_reporting.domain.reading import PointFacts, facts_in
from stickprov_reporting.domain.statistics.statistic import DateRange


class FoldedReading:
    """Implements ``Reading`` over what was folded."""

    def __init__(self, folded: Folded, as_of: Mapping[str, AsOf]) -> None:
        self.projection = PROJECTION
        self.as_of = as_of
        self._folded = folded

    async def facts(
        self,
        control_points: Sequence[str],
        dates: DateRange,  # noqa: ARG002 - of all draws: a basis chooses
        indicators: Sequence[str] | None = None,  # noqa: ARG002 - of all cells likewise
    ) -> dict[str, PointFacts]:
        """Return what is known of control points and all their draws."""
        found = {point: facts_in(self._folded, point) for point in control_points}
        return {point: facts for point, facts in found.items() if facts is not None}

    async def drawn_within(self, dates: DateRange) -> set[str]:
        """Return the control points with a draw whose period lies within a range."""
        strata = self._folded.strata.items()
        return {key.control_point for key, found in strata if dates.start <= found.start and found.end <= dates.end}

    async def points(self, year: int | None) -> list[ControlPointDefined]:
        """Return the control points of a year, of the newest for None, all for 0."""
        if year is None:
            year = max((found.point.year for found in self._folded.definitions.values()), default=0)
        defined = (found.point for _, found in sorted(self._folded.definitions.items()))
        return [point for point in defined if year in (0, point.year)]

    async def known(self, limit: int) -> list[str]:
        """Return the ids of control points, the first few."""
        return sorted(self._folded.definitions)[:limit]

    async def years(self) -> list[int]:
        """Return every year that has a control point, newest first."""
        return sorted({found.point.year for found in self._folded.definitions.values()}, reverse=True)

    async def entries(
        self,
        kinds: Sequence[type[Event]],
        *,
        control_points: Sequence[str] | None = None,
        plans: Sequence[str] | None = None,
    ) -> list[Entry]:
        """Return what the chronicle has of some kinds."""
        return [
            entry
            for _, entry in sorted(self._folded.chronicle.items(), key=lambda item: item[0])
            if isinstance(entry.event, tuple(kinds))
            and (control_points is None or entry.control_point in control_points)
            and (plans is None or entry.plan in plans)
        ]

    async def newest(self, streams: Sequence[str]) -> dict[str, Entry]:
        """Return the newest entry of each of some streams."""
        wanted = set(streams)
        return dict(newest_by_stream(entry for entry in self._folded.chronicle.values() if entry.stream in wanted))

    async def measures(self, control_points: Sequence[str], dates: DateRange) -> list[tuple[str, RegisterMeasured]]:
        """Return register measures with the control point they serve."""
        return [
            (key.control_point, measured)
            for key, measured in sorted(
                self._folded.register.items(), key=lambda item: (item[0].control_point, item[1].period.start, item[0])
            )
            if key.control_point in control_points
            and dates.start <= measured.period.start
            and measured.period.end <= dates.end
        ]

    async def cases(
        self, control_point: str, draws: Sequence[UUID], behind: Behind, after: After | None, limit: int
    ) -> tuple[int, list[tuple[RowKey, CaseRow]]]:
        """Return how many cases of some draws are behind a number, and a page of them."""
        wanted = set(draws)
        found = sorted(
            (
                (key, row)
                for key, row in self._folded.rows.items()
                if key.control_point == control_point and key.draw in wanted and behind.fits(row)
            ),
            key=lambda it: it[0],
        )
        start = (after.draw, after.case) if after else None
        return len(found), [it for it in found if start is None or (it[0].draw, it[0].case) > start][:limit]

"""The reporting service's calls."""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Final, Literal, TypeAlias
from uuid import UUID

import httpx

from stickprov_client.api.following import Stages
from stickprov_client.api.heard import HeardLogsClient
from stickprov_client.api.transport import Call, Parameters
from stickprov_contracts.http.audit import Moment, PeriodReplay, Replay, Trail
from stickprov_contracts.http.cases_behind import CasesBehind, CaseStatus
from stickprov_contracts.http.dashboard import Changed, ControlPointSummary, Dashboard
from stickprov_contracts.http.progress import AuditStage
from stickprov_contracts.http.projection import ProjectionState
from stickprov_contracts.http.register import RegisterMeasure
from stickprov_contracts.http.reports import ReportFormat, ReportKind, ReportLanguage
from stickprov_contracts.http.statistics import Statistics
from stickprov_contracts.http.trends import PeriodDifference, Trend, TrendStep

LONGEST_WAIT: Final = 25
"""Seconds that ``changes`` may ask the service to wait: less than anything between us and it waits for an answer."""

EVERY_YEAR: Final = 0
"""Asks for the control points of all years."""


@dataclass(frozen=True)
class Positions:
    """Up to where in each log a figure knows; the newest of both when they are left out."""

    sampler: int
    findings: int


Known: TypeAlias = Positions | datetime
"""As what was known when: at positions of both logs, or of everything that had happened at a moment."""


@dataclass(frozen=True, kw_only=True)
class CaseFilter:
    """Which cases are behind a number; a field that is None leaves them all.

    Attributes:
        question, answer: cases in which this option was chosen.
    """

    status: CaseStatus | None = None
    remark: bool | None = None
    category: str | None = None
    question: str | None = None
    answer: str | None = None
    month: str | None = None
    unit: str | None = None
    stratum: str | None = None

    def parameters(self) -> dict[str, str]:
        """Return what an address says of it."""
        told = {one.name: getattr(self, one.name) for one in fields(self)}
        return {
            name: str(value).lower() if value is True or value is False else value
            for name, value in told.items()
            if value is not None
        }


@dataclass(frozen=True, kw_only=True)
class TrailFilter:
    """Which events: all that is given must hold.

    Attributes:
        case: its pseudonym, or eight digits of it or more. types: such as ``finding-recorded``, any of them.
        start, end: days on which it happened, the end excluded. period: what it is about lies within.
    """

    control_point: str | None = None
    draw: UUID | None = None
    case: str | None = None
    plan: str | None = None
    actor: str | None = None
    types: Sequence[str] = ()
    source: str | None = None
    start: date | None = None
    end: date | None = None
    period: str | None = None

    def parameters(self) -> Parameters:
        """Return what an address says of it."""
        return {
            "control_point": self.control_point,
            "draw": str(self.draw) if self.draw else None,
            "case": self.case,
            "plan": self.plan,
            "actor": self.actor,
            "type": list(self.types) or None,
            "source": self.source,
            "from": self.start.isoformat() if self.start else None,
            "to": self.end.isoformat() if self.end else None,
            "period": self.period,
        }


@dataclass(frozen=True, kw_only=True)
class ReportRequest:
    """Which report, and of what; the service refuses what a kind needs and was not given, or does not take."""

    kind: ReportKind
    control_points: Sequence[str] = ()
    plan: str | None = None
    year: int | None = None
    start: date | None = None
    end: date | None = None
    language: ReportLanguage = "sv"
    format: ReportFormat = "pdf"
    suppress_below: int | None = None
    positions: Known | None = None

    def parameters(self) -> Parameters:
        """Return what an address says of it."""
        return {
            "control_point": list(self.control_points) or None,
            "plan": self.plan,
            "year": self.year,
            "from": self.start.isoformat() if self.start else None,
            "to": self.end.isoformat() if self.end else None,
            "suppress_below": self.suppress_below,
            "language": self.language,
            "format": self.format,
            **_as_of(self.positions),
        }


class ReportingClient(HeardLogsClient):
    """Statistics, what is behind them, how they move, what a board sees, reports, and their audit."""

    async def control_points(self, year: int | None = None) -> list[ControlPointSummary]:
        """Read the control points of a year with their progress; of the newest when left out, of ``EVERY_YEAR``."""
        call = Call(path="/v1/control-points", parameters={"year": year})
        return await self.transport.fetch(list[ControlPointSummary], call)

    async def statistics(
        self, control_point: str, start: date, end: date, *, positions: Known | None = None
    ) -> Statistics:
        """Read the statistics of every draw whose period lies in ``[start, end)``, as they were known at positions."""
        parameters = {**_range(start, end), **_as_of(positions)}
        return await self.transport.fetch(
            Statistics, Call(path=f"/v1/statistics/{control_point}", parameters=parameters)
        )

    async def trend(
        self, control_point: str, by: TrendStep, start: date, end: date, *, positions: Known | None = None
    ) -> Trend:
        """Read a control point's share period by period, each with its difference from the one before."""
        parameters = {"by": by, **_range(start, end), **_as_of(positions)}
        return await self.transport.fetch(Trend, Call(path=f"/v1/trends/{control_point}", parameters=parameters))

    async def difference(
        self,
        control_point: str,
        period: tuple[date, date],
        against: tuple[date, date],
        *,
        positions: Known | None = None,
    ) -> PeriodDifference:
        """Read how the share of one date range differs from another's."""
        earlier = {"against_from": against[0].isoformat(), "against_to": against[1].isoformat()}
        call = Call(path=f"/v1/differences/{control_point}", parameters=_range(*period) | earlier | _as_of(positions))
        return await self.transport.fetch(PeriodDifference, call)

    async def dashboard(self, year: int | None = None, *, positions: Known | None = None) -> Dashboard:
        """Read what a board sees of a year; of the newest when it is left out."""
        parameters = {"year": year, **_as_of(positions)}
        return await self.transport.fetch(Dashboard, Call(path="/v1/dashboard", parameters=parameters))

    async def cases(
        self,
        control_point: str,
        start: date,
        end: date,
        wanted: CaseFilter,
        *,
        after: str | None = None,
        limit: int | None = None,
        positions: Known | None = None,
    ) -> CasesBehind:
        """Read a page of the pseudonymous cases behind a number; ``after`` is the page before's ``next_after``."""
        parameters = {
            **_range(start, end),
            **wanted.parameters(),
            "after": after,
            "limit": limit,
            **_as_of(positions),
        }
        return await self.transport.fetch(CasesBehind, Call(path=f"/v1/cases/{control_point}", parameters=parameters))

    async def changes(self, after: str | None = None, *, wait: int = LONGEST_WAIT) -> Changed:
        """Wait until a log has moved since the mark ``after``, at most ``wait`` seconds; answer at once without one."""
        return await self.transport.fetch(
            Changed, Call(path="/v1/changes", parameters={"after": after, "wait": wait if after else 0})
        )

    @asynccontextmanager
    async def report(self, wanted: ReportRequest) -> AsyncIterator[httpx.Response]:
        """Ask for a report; the file comes piece by piece, its name stands in ``Content-Disposition``."""
        async with self.transport.passing_on(
            Call(path=f"/v1/reports/{wanted.kind}", parameters=wanted.parameters())
        ) as response:
            yield response

    async def register_measures(
        self, control_point: str, start: date | None = None, end: date | None = None
    ) -> list[RegisterMeasure]:
        """Read what rules have counted over a control point's frames whose period lies in ``[start, end)``."""
        parameters = {"from": start.isoformat() if start else None, "to": end.isoformat() if end else None}
        call = Call(path=f"/v1/register-measures/{control_point}", parameters=parameters)
        return await self.transport.fetch(list[RegisterMeasure], call)

    async def projection(self) -> ProjectionState:
        """Read which generation of the projection is read, and how far the next one is."""
        return await self.transport.fetch(ProjectionState, Call(path="/v1/projection"))

    async def rebuild(self) -> ProjectionState:
        """Have both logs folded anew, unless that is under way."""
        return await self.transport.fetch(ProjectionState, Call(method="POST", path="/v1/projection/rebuild"))

    async def replay(self, control_point: str, start: date, end: date) -> Replay:
        """Have both logs read again from their first event, and the statistics of a control point folded again."""
        parameters = {**_range(start, end), "control_point": control_point}
        return await self.transport.fetch(Replay, Call(path="/v1/audit/replay", parameters=parameters))

    async def replays(
        self,
        start: date,
        end: date,
        control_points: Sequence[str] = (),
        *,
        told: Callable[[AuditStage], object] | None = None,
    ) -> PeriodReplay:
        """Have both logs read again, and every statistic of a range folded anew; ``told`` hears how far that is."""
        call = Call(
            path="/v1/audit/replays",
            parameters={**_range(start, end), "control_point": list(control_points) or None},
            stages=Stages(AuditStage, told) if told else None,
        )
        return await self.transport.fetch(PeriodReplay, call)

    async def trail(
        self, wanted: TrailFilter, *, after: str | None = None, limit: int | None = None, newest: bool = False
    ) -> Trail:
        """Read a page of the events that fit; ``after`` is the page before's ``next``."""
        order = "newest" if newest else None
        parameters = {**wanted.parameters(), "after": after, "limit": limit, "order": order}
        return await self.transport.fetch(Trail, Call(path="/v1/audit/trail", parameters=parameters))

    @asynccontextmanager
    async def trail_file(self, wanted: TrailFilter, ending: Literal["csv", "jsonl"]) -> AsyncIterator[httpx.Response]:
        """Ask for all events that fit, as a file; it comes piece by piece."""
        parameters = {**wanted.parameters(), "format": ending}
        async with self.transport.passing_on(Call(path="/v1/audit/trail", parameters=parameters)) as response:
            yield response

    async def moment(self, at: datetime) -> Moment:
        """Read which positions of the logs had been given at a moment."""
        return await self.transport.fetch(Moment, Call(path="/v1/audit/moment", parameters={"at": at.isoformat()}))


def _range(start: date, end: date) -> dict[str, str]:
    return {"from": start.isoformat(), "to": end.isoformat()}


def _as_of(positions: Known | None) -> dict[str, str]:
    if positions is None:
        return {}
    if isinstance(positions, datetime):
        return {"at": positions.isoformat()}
    return {"sampler_position": str(positions.sampler), "findings_position": str(positions.findings)}

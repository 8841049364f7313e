"""How everything stands, read for an erasure: what was decided, what holds, what was drawn, and what the vault has.

What must not break: versions are read with what they are versions of, in one snapshot, so that whoever commits against
them knows that nothing was decided or held meanwhile.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final, cast
from uuid import UUID
from zoneinfo import ZoneInfo

import asyncpg

from stickprov_contracts.events import Event, type_name
from stickprov_contracts.events.draws import CaseReplaced, SampleExtended
from stickprov_contracts.events.erasure import (
    CasesErased,
    CasesForgotten,
    FrameIdentitiesErased,
    LegalHoldLifted,
    LegalHoldPlaced,
    RetentionSet,
    SeriesKeyErased,
)
from stickprov_contracts.events.plans import StaffListed
from stickprov_contracts.events.sampler import FrameFrozen, SampleDrawn
from stickprov_contracts.streams import HOLDS_STREAM, STAFF_STREAM, draw_stream, frame_stream, retention_stream
from stickprov_kernel.log.understanding import understand
from stickprov_sampler.adapters.erasing.statements import SQL
from stickprov_sampler.domain.erasure.holding import Holds, holds_of
from stickprov_sampler.domain.erasure.retention import Rule, rule_of
from stickprov_sampler.domain.erasure.standing import (
    Drawn,
    Frozen,
    StandingOfDraw,
    StandingOfFrame,
    standing_of_draw,
    standing_of_frame,
)

_HERE: Final = ZoneInfo("Europe/Stockholm")
_READ: Final[tuple[type[Event], ...]] = (
    FrameFrozen,
    SampleDrawn,
    SampleExtended,
    CaseReplaced,
    RetentionSet,
    LegalHoldPlaced,
    LegalHoldLifted,
    CasesErased,
    FrameIdentitiesErased,
    StaffListed,
)


@dataclass(frozen=True, slots=True)
class Fact:
    """An event with what its envelope says, and its place in the log once it has one."""

    event: Event
    time: datetime
    actor: str
    position: int | None


@dataclass(frozen=True, slots=True)
class DrawToErase:
    """A draw as erasing sees it.

    Attributes:
        drawn: it, with what is left of it. frame_name, series: of its frame.
        cases: how many it ever had. notes: of replacements, by the case that is out.
    """

    drawn: Drawn
    frame_name: str
    series: UUID
    cases: int
    notes: Mapping[str, Sequence[UUID]]


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Everything there is, at one moment.

    Attributes:
        series: whose key is in the vault, with how many identities there are of each.
        staff_left: people whose names are there though they are not on the list. listed: who is on it.
        versions: of the streams that all this was read from.
    """

    rules: Mapping[str, Rule]
    holds: Holds
    draws: Mapping[UUID, DrawToErase]
    frames: Mapping[UUID, Frozen]
    frame_names: Mapping[UUID, str]
    series: Mapping[UUID, int]
    staff_left: frozenset[str]
    listed: frozenset[str]
    versions: Mapping[str, int] = field(repr=False)

    def standing_of_draw(self, draw: UUID, on: date) -> StandingOfDraw:
        """Return how a draw stands."""
        return standing_of_draw(self.draws[draw].drawn, self.rules, self.holds, on)

    def standing_of_frame(self, frame: UUID, on: date) -> StandingOfFrame:
        """Return how a frame stands."""
        draws = [self.standing_of_draw(draw, on) for draw, of in self.draws.items() if of.drawn.frame == frame]
        return standing_of_frame(self.frames[frame], draws, self.rules, self.holds, on)


@dataclass(frozen=True, slots=True)
class Taken:
    """What the log says that an erasure took."""

    cases: Sequence[CasesErased]
    forgotten: Sequence[CasesForgotten]
    frames: Sequence[UUID]
    series: Sequence[UUID]


def day_of(moment: datetime) -> date:
    """Return the day that it is here at a moment."""
    return moment.astimezone(_HERE).date()


class ErasureReader:
    """Reads the log and the vault for erasing."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool

    async def facts(self, *kinds: type[Event]) -> list[Fact]:
        """Return all events of some types, oldest first."""
        return _facts(await self._pool.fetch(SQL["happened"], [type_name(kind) for kind in kinds]))

    async def taken_by(self, erasure: UUID) -> Taken:
        """Return what the log says that an erasure took of cases, frames and series."""
        cases, forgotten, frames, series = [], [], [], []
        for fact in await self.facts(CasesErased, CasesForgotten, FrameIdentitiesErased, SeriesKeyErased):
            match fact.event:
                case CasesErased(erasure=of) as event if of == erasure:
                    cases.append(event)
                case CasesForgotten(erasure=of) as event if of == erasure:
                    forgotten.append(event)
                case FrameIdentitiesErased(erasure=of) as event if of == erasure:
                    frames.append(event.frame)
                case SeriesKeyErased(erasure=of) as event if of == erasure:
                    series.append(event.series)
                case _:
                    continue
        return Taken(cases, forgotten, frames, series)

    async def snapshot(self, draws: Sequence[UUID] | None = None) -> Snapshot:
        """Return how everything stands now; with ``draws``, what is left is read of these alone."""
        async with self._pool.acquire() as proxy, proxy.transaction(isolation="repeatable_read", readonly=True):
            # The pool's proxy has a connection's methods but not its type.
            connection = cast("asyncpg.Connection", proxy)
            facts = _facts(await connection.fetch(SQL["happened"], [type_name(kind) for kind in _READ]))
            left: dict[UUID, dict[str, bool]] = {}
            for row in await connection.fetch(SQL["cases_left"], draws):
                left.setdefault(row["draw"], {})[row["case_id"]] = row["research_day"]
            series = {row["series"]: row["cases"] for row in await connection.fetch(SQL["series_kept"])}
            kept = {row["pseudonym"] for row in await connection.fetch(SQL["staff_kept"])}
            streams = [HOLDS_STREAM, STAFF_STREAM, *_streams(fact.event for fact in facts)]
            rows = await connection.fetch(SQL["versions"], list(dict.fromkeys(streams)))
        versions = {row["name"]: row["version"] for row in rows}
        return _snapshot(facts, left, series, kept, versions)

    async def draws_of(self, cases: Iterable[str]) -> dict[UUID, set[str]]:
        """Return in which draws some cases still are."""
        found: dict[UUID, set[str]] = {}
        for row in await self._pool.fetch(SQL["draws_of_cases"], list(cases)):
            found.setdefault(row["draw"], set()).add(row["case_id"])
        return found


def _facts(rows: Iterable[asyncpg.Record]) -> list[Fact]:
    return [Fact(understand(row["type"], row["data"]), row["time"], row["actor"], row["position"]) for row in rows]


def _streams(events: Iterable[Event]) -> Iterable[str]:
    for event in events:
        match event:
            case FrameFrozen():
                yield frame_stream(event.frame)
                yield retention_stream(event.control_point)
            case SampleDrawn():
                yield draw_stream(event.draw)
                yield from (retention_stream(point) for point in event.control_points)
            case _:
                continue


def _snapshot(
    facts: Sequence[Fact],
    left: Mapping[UUID, Mapping[str, bool]],
    series: Mapping[UUID, int],
    staff: set[str],
    versions: Mapping[str, int],
) -> Snapshot:
    of_type = _by_type(facts)
    retained = {fact.event.control_point: fact.event for fact in of_type(RetentionSet)}
    rules = {point: rule for point, event in retained.items() if (rule := rule_of(event)) is not None}
    gone = {fact.event.frame for fact in of_type(FrameIdentitiesErased)}
    frames = {fact.event.frame: _frozen(fact, erased=fact.event.frame in gone) for fact in of_type(FrameFrozen)}
    names = {fact.event.frame: fact.event.frame_name for fact in of_type(FrameFrozen)}
    lists = [fact.event for fact in of_type(StaffListed)]
    listed = frozenset(member.pseudonym for member in lists[-1].staff) if lists else frozenset()
    hold_events = [fact.event for fact in facts if isinstance(fact.event, LegalHoldPlaced | LegalHoldLifted)]
    return Snapshot(
        rules=rules,
        holds=holds_of(hold_events),
        draws=_draws(of_type, left, names),
        frames=frames,
        frame_names=names,
        series=series,
        staff_left=frozenset(staff) - listed,
        listed=listed,
        versions=versions,
    )


def _by_type(facts: Sequence[Fact]) -> Any:  # noqa: ANN401 - a fact's event has the type that was asked for
    def of_type(kind: type[Event]) -> list[Any]:
        return [fact for fact in facts if isinstance(fact.event, kind)]

    return of_type


def _frozen(fact: Fact, *, erased: bool) -> Frozen:
    event = cast("FrameFrozen", fact.event)
    return Frozen(event.frame, event.series, event.control_point, event.period, day_of(fact.time), erased)


def _draws(
    of_type: Any,  # noqa: ANN401 - as above
    left: Mapping[UUID, Mapping[str, bool]],
    names: Mapping[UUID, str],
) -> dict[UUID, DrawToErase]:
    drawn = {fact.event.draw: fact.event.drawn for fact in (*of_type(SampleDrawn), *of_type(SampleExtended))}
    notes: dict[UUID, dict[str, list[UUID]]] = {}
    replaced: dict[UUID, int] = {}
    for fact in of_type(CaseReplaced):
        replaced[fact.event.draw] = replaced.get(fact.event.draw, 0) + 1
        if fact.event.note is not None:
            notes.setdefault(fact.event.draw, {}).setdefault(fact.event.case, []).append(fact.event.note.note)
    return {
        one.event.draw: DrawToErase(
            Drawn(
                one.event.draw,
                one.event.frame,
                tuple(one.event.control_points),
                one.event.period,
                day_of(one.time),
                left.get(one.event.draw, {}),
            ),
            names.get(one.event.frame, ""),
            one.event.series,
            drawn[one.event.draw] + replaced.get(one.event.draw, 0),
            notes.get(one.event.draw, {}),
        )
        for one in of_type(SampleDrawn)
    }

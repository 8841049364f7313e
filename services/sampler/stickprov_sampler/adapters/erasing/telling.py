"""How everything stands, and what every erasure took: read from the log, with names of frames and counts."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from stickprov_contracts.events.erasure import (
    CasesErased,
    CasesForgotten,
    ErasureCompleted,
    FrameIdentitiesErased,
    SeriesKeyErased,
    StaffErased,
)
from stickprov_contracts.http.erasure import (
    DueErasure,
    ErasedDraw,
    ErasedFrame,
    Erasure,
    StandingDraw,
    StandingFrame,
)
from stickprov_kernel.errors import NotFoundError
from stickprov_sampler.adapters.erasing.reading import ErasureReader, Fact, Snapshot
from stickprov_sampler.domain.erasure.retention import Rule
from stickprov_sampler.domain.erasure.standing import series_without_use

_OF_ERASURES = (CasesErased, CasesForgotten, FrameIdentitiesErased, SeriesKeyErased, StaffErased, ErasureCompleted)


@dataclass(frozen=True, slots=True)
class Telling:
    """Tells of erasures."""

    reader: ErasureReader

    async def due(self, on: date, supposed: Mapping[str, Rule] | None = None) -> DueErasure:
        """Return how everything stands on a day; ``supposed``: as if these retentions were decided."""
        snapshot = await self.reader.snapshot()
        snapshot = replace(snapshot, rules={**snapshot.rules, **(supposed or {})})
        draws = [_draw(snapshot, draw, on) for draw in snapshot.draws]
        frames = [_frame(snapshot, frame, on) for frame in snapshot.frames]
        points = {frame.control_point for frame in frames if frame.standing == "no-retention"}
        for draw in draws:
            if draw.standing == "no-retention":
                points.update(point for point in draw.control_points if point not in snapshot.rules)
        return DueErasure(
            on=on,
            draws=draws,
            frames=frames,
            series=len(series_without_use(snapshot.frames.values(), snapshot.series) & set(snapshot.series)),
            staff=len(snapshot.staff_left),
            without_retention=sorted(points),
        )

    async def erasures(self) -> list[Erasure]:
        """Return every erasure, the newest first."""
        facts = await self.reader.facts(*_OF_ERASURES)
        snapshot = await self.reader.snapshot([])
        by_erasure: dict[UUID, list[Fact]] = {}
        for fact in facts:
            by_erasure.setdefault(_erasure_of(fact), []).append(fact)
        return [_erasure(id_, told, snapshot) for id_, told in reversed(list(by_erasure.items()))]

    async def erasure(self, erasure: UUID) -> Erasure:
        """Return one erasure.

        Raises:
            NotFoundError: there is none.
        """
        found = next((one for one in await self.erasures() if one.erasure == erasure), None)
        if found is None:
            raise NotFoundError(f"There is no erasure {erasure}. List the erasures.")
        return found


def _draw(snapshot: Snapshot, draw: UUID, on: date) -> StandingDraw:
    of, one = snapshot.draws[draw], snapshot.standing_of_draw(draw, on)
    return StandingDraw(
        draw=draw,
        frame=of.drawn.frame,
        frame_name=of.frame_name,
        control_points=list(of.drawn.control_points),
        period=of.drawn.period,
        standing=one.standing,
        months=one.months,
        due=one.due,
        cases=of.cases,
        erased=of.cases - len(of.drawn.left),
        erasable=len(one.erasable),
        held=len(one.held),
        kept_for_research=len(one.research),
        holds=sorted(one.holds),
    )


def _frame(snapshot: Snapshot, frame: UUID, on: date) -> StandingFrame:
    frozen, one = snapshot.frames[frame], snapshot.standing_of_frame(frame, on)
    return StandingFrame(
        frame=frame,
        frame_name=snapshot.frame_names[frame],
        control_point=frozen.control_point,
        period=frozen.period,
        standing=one.standing,
        due=one.due,
    )


def _erasure_of(fact: Fact) -> UUID:
    if isinstance(fact.event, _OF_ERASURES):
        return fact.event.erasure
    raise TypeError("an event of no erasure")


def _erasure(erasure: UUID, told: Sequence[Fact], snapshot: Snapshot) -> Erasure:
    events = [fact.event for fact in told]
    cases = [event for event in events if isinstance(event, CasesErased)]
    completed = [fact for fact in told if isinstance(fact.event, ErasureCompleted)]
    counts = completed[-1].event if completed else None
    whole = counts if isinstance(counts, ErasureCompleted) else ErasureCompleted(erasure=erasure, why="request")
    return Erasure(
        erasure=erasure,
        why=whole.why if completed or not cases else cases[0].why,
        actor=told[0].actor,
        began=told[0].time,
        completed=completed[-1].time if completed else None,
        draws=_draws(cases, snapshot),
        frames=_frames((event.frame for event in events if isinstance(event, FrameIdentitiesErased)), snapshot),
        series=sum(isinstance(event, SeriesKeyErased) for event in events),
        staff=sum(len(event.staff) for event in events if isinstance(event, StaffErased)),
        identities=whole.identities,
        notes=whole.notes,
        frames_rewritten=len(
            {frame for event in events if isinstance(event, CasesForgotten) for frame in event.frames}
        ),
        kept_for_research=whole.kept_for_research,
        position=completed[-1].position if completed else None,
    )


def _draws(cases: Iterable[CasesErased], snapshot: Snapshot) -> list[ErasedDraw]:
    pseudonyms: dict[UUID, list[str]] = {}
    for event in cases:
        pseudonyms.setdefault(event.draw, []).extend(event.cases)
    return [_erased_draw(snapshot, draw, gone) for draw, gone in _known(pseudonyms, snapshot)]


def _known(pseudonyms: Mapping[UUID, list[str]], snapshot: Snapshot) -> list[tuple[UUID, list[str]]]:
    return [(draw, gone) for draw, gone in pseudonyms.items() if draw in snapshot.draws]


def _erased_draw(snapshot: Snapshot, draw: UUID, gone: list[str]) -> ErasedDraw:
    of = snapshot.draws[draw]
    return ErasedDraw(
        draw=draw,
        frame_name=of.frame_name,
        control_points=list(of.drawn.control_points),
        period=of.drawn.period,
        cases=len(gone),
        pseudonyms=gone,
    )


def _frames(frames: Iterable[UUID], snapshot: Snapshot) -> list[ErasedFrame]:
    return [
        ErasedFrame(
            frame=frame,
            frame_name=snapshot.frame_names[frame],
            control_point=snapshot.frames[frame].control_point,
            period=snapshot.frames[frame].period,
        )
        for frame in frames
    ]

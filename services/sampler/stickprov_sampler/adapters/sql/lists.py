"""Lists of what there is, read from the sampler's own log by event type."""

from dataclasses import dataclass
from typing import Generic, TypeVar
from uuid import UUID

import asyncpg

from stickprov_contracts.events import type_name
from stickprov_contracts.events.base import Event
from stickprov_contracts.events.draws import CaseReplaced, SampleExtended, SeedCommitted, SeedRevealed
from stickprov_contracts.events.measures import RegisterMeasured, ScheduleSet
from stickprov_contracts.events.sampler import ControlPointDefined, FrameFrozen, SampleDrawn, SeedDrawn
from stickprov_contracts.http.measures import Measure
from stickprov_contracts.http.sampler import ControlPoint, Draw, Frame
from stickprov_sampler.adapters.sql import SQL
from stickprov_sampler.domain.control_point import definition
from stickprov_sampler.domain.draw import drawing
from stickprov_sampler.domain.draw.state import State, Step
from stickprov_sampler.domain.frame import freezing
from stickprov_sampler.domain.measure import measuring
from stickprov_sampler.domain.schedule.schedule import Kept

E = TypeVar("E", bound=Event)


@dataclass(frozen=True, slots=True)
class _Placed(Generic[E]):
    event: E
    position: int | None


class Lists:
    """Everything of a kind, oldest first."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool

    async def control_points(self) -> list[ControlPoint]:
        """Return every control point as it stands, by id."""
        rows = await self._pool.fetch(SQL["newest_of_type"], type_name(ControlPointDefined))
        return [
            definition.as_answer(ControlPointDefined.model_validate_json(row["data"]), row["version"]) for row in rows
        ]

    async def frames(self) -> list[Frame]:
        """Return every frozen frame."""
        return [freezing.as_answer(placed.event, placed.position) for placed in await self._placed(FrameFrozen)]

    async def draws(self) -> list[Draw]:
        """Return every draw that has a sample."""
        frames = {placed.event.frame: placed for placed in await self._placed(FrameFrozen)}
        seeds = {placed.event.draw: placed.position for placed in await self._placed(SeedDrawn)}
        committed = {placed.event.seed_hash: placed.position for placed in await self._placed(SeedCommitted)}
        revealed = {placed.event.seed_hash: placed for placed in await self._placed(SeedRevealed)}
        steps = await self._steps()
        answers = []
        for sample in await self._placed(SampleDrawn):
            event = sample.event
            shown = revealed.get(event.seed_hash or "")
            positions = drawing.Positions(
                frames[event.frame].position,
                committed.get(event.seed_hash) if event.seed_hash else seeds.get(event.draw),
                sample.position,
                shown.position if shown else None,
            )
            state = State(sample=event, steps=steps.get(event.draw, ()))
            name = frames[event.frame].event.frame_name
            answers.append(drawing.as_answer(state, name, positions, shown.event.seed if shown else None))
        return answers

    async def frozen(self) -> list[FrameFrozen]:
        """Return every frame as it was frozen."""
        return [placed.event for placed in await self._placed(FrameFrozen)]

    async def samples(self) -> list[SampleDrawn]:
        """Return every sample as it was drawn."""
        return [placed.event for placed in await self._placed(SampleDrawn)]

    async def measures(self) -> list[Measure]:
        """Return every register measure."""
        names = {frame.frame: frame.frame_name for frame in await self.frozen()}
        placed = await self._placed(RegisterMeasured)
        return [measuring.as_answer(one.event, names[one.event.frame], one.position) for one in placed]

    async def schedules(self) -> list[Kept]:
        """Return every schedule as it stands, by control point."""
        rows = await self._pool.fetch(SQL["newest_of_type"], type_name(ScheduleSet))
        return [Kept(ScheduleSet.model_validate_json(row["data"]), row["version"]) for row in rows]

    async def samples_of(self, series: UUID) -> list[SampleDrawn]:
        """Return the samples of a series, oldest first."""
        return [placed.event for placed in await self._placed(SampleDrawn) if placed.event.series == series]

    async def _steps(self) -> dict[UUID, tuple[Step, ...]]:
        """Return replacements and extensions by draw; how many cases were there before is not counted."""
        steps: dict[UUID, tuple[Step, ...]] = {}
        replaced = [placed.event for placed in await self._placed(CaseReplaced)]
        extended = [placed.event for placed in await self._placed(SampleExtended)]
        events: list[CaseReplaced | SampleExtended] = [*replaced, *extended]
        for event in events:
            steps[event.draw] = (*steps.get(event.draw, ()), Step(event, 0))
        return steps

    async def _placed(self, kind: type[E]) -> list[_Placed[E]]:
        rows = await self._pool.fetch(SQL["events_of_type"], type_name(kind))
        return [_Placed(kind.model_validate_json(row["data"]), row["position"]) for row in rows]

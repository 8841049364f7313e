"""Lists of what there is, read from the sampler's own log by event type."""

from dataclasses import dataclass
from typing import Generic, TypeVar

import asyncpg

from stickprov_contracts.events import type_name
from stickprov_contracts.events.base import Event
from stickprov_contracts.events.sampler import ControlPointDefined, FrameFrozen, SampleDrawn, SeedDrawn
from stickprov_contracts.http.sampler import ControlPoint, Draw, Frame
from stickprov_sampler.adapters.sql import SQL
from stickprov_sampler.domain.control_point import definition
from stickprov_sampler.domain.draw import drawing
from stickprov_sampler.domain.frame import freezing

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
        seeds = {placed.event.draw: placed for placed in await self._placed(SeedDrawn)}
        answers = []
        for sample in await self._placed(SampleDrawn):
            frame, seed = frames[sample.event.frame], seeds[sample.event.draw]
            answers.append(
                drawing.as_answer(
                    sample.event,
                    frame.event.frame_name,
                    drawing.Positions(frame.position, seed.position, sample.position),
                )
            )
        return answers

    async def _placed(self, kind: type[E]) -> list[_Placed[E]]:
        rows = await self._pool.fetch(SQL["events_of_type"], type_name(kind))
        return [_Placed(kind.model_validate_json(row["data"]), row["position"]) for row in rows]

"""Reading plans and what is around them from the sampler's own log and its notes."""

from collections.abc import Iterable, Mapping
from typing import Final

import asyncpg

from stickprov_contracts.events import Event, type_name
from stickprov_contracts.events.plans import ControlPlanAdopted, ControlPointCarriedOver, QuestionnairePublished
from stickprov_contracts.questionnaires import Questionnaire
from stickprov_contracts.streams import control_point_stream, plan_stream
from stickprov_kernel.log.records import History, Recorded
from stickprov_kernel.log.understanding import understand
from stickprov_kernel.notes.keeping import texts_of
from stickprov_kernel.sealing.sealing import Sealing
from stickprov_sampler.adapters.plans.statements import SQL, opened_names
from stickprov_sampler.domain.plan.state import PointState, point_state
from stickprov_sampler.domain.questionnaire.publishing import categories_of
from stickprov_sampler.domain.staff.listing import Identified

_NOTHING: Final = PointState()


class PlanLog:
    """The part of the log that plans are read from: many streams at once, and rare events by type."""

    def __init__(self, pool: asyncpg.Pool, sealing: Sealing) -> None:
        self._pool = pool
        self._sealing = sealing

    async def streams(self, names: Iterable[str]) -> dict[str, History]:
        """Return whole streams by name; an unknown one is empty."""
        wanted = list(dict.fromkeys(names))
        found: dict[str, list[Recorded]] = {name: [] for name in wanted}
        for row in await self._pool.fetch(SQL["streams"], wanted):
            found[row["stream"]].append(_recorded(row))
        return {name: History(name, tuple(events)) for name, events in found.items()}

    async def happened(self, *kinds: type[Event]) -> list[Recorded]:
        """Return all events of some types, oldest first."""
        rows = await self._pool.fetch(SQL["happened"], [type_name(kind) for kind in kinds])
        return [_recorded(row) for row in rows]

    async def points(self, control_points: Iterable[str]) -> dict[str, PointState]:
        """Return control points as they stand, by id; what is not defined is there too, empty."""
        by_stream = {control_point_stream(point): point for point in control_points}
        histories = await self.streams(by_stream)
        return {
            by_stream[stream]: point_state(recorded.event for recorded in history.events)
            if history.events
            else _NOTHING
            for stream, history in histories.items()
        }

    async def texts(self, control_points: Iterable[str]) -> Mapping[str, str]:
        """Return the readable notes of some control points, by key as text."""
        streams = [control_point_stream(point) for point in control_points]
        return {str(note): text for note, text in (await texts_of(self._pool, self._sealing, streams)).items()}

    async def steps(self) -> list[Recorded]:
        """Return every carrying over there ever was, oldest first."""
        return await self.happened(ControlPointCarriedOver)

    async def plans(self) -> dict[str, Recorded]:
        """Return the newest adoption of every plan, by id."""
        return {recorded.stream: recorded for recorded in await self.happened(ControlPlanAdopted)}

    async def published(self) -> dict[str, frozenset[str]]:
        """Return the categories that the remarks of each questionnaire's newest version are of, by its id."""
        return {
            one.event.questionnaire: categories_of(Questionnaire.model_validate(one.event.content))
            for one in await self.happened(QuestionnairePublished)
            if isinstance(one.event, QuestionnairePublished)
        }

    async def names(self) -> dict[str, Identified]:
        """Return everybody the vault knows, by pseudonym."""
        rows = await self._pool.fetch(SQL["names"])
        return {row["pseudonym"]: opened_names(self._sealing, row) for row in rows}

    async def plan(self, plan: str) -> History:
        """Return a plan's stream."""
        stream = plan_stream(plan)
        return (await self.streams([stream]))[stream]


def _recorded(row: asyncpg.Record) -> Recorded:
    return Recorded(
        id=row["id"],
        stream=row["stream"],
        version=row["version"],
        time=row["time"],
        actor=row["actor"],
        correlation_id=row["correlation_id"],
        causation_id=row["causation_id"],
        event=understand(row["type"], row["data"]),
    )

"""Setting a control point's schedule, and telling what is missing on a day."""

from dataclasses import dataclass
from datetime import date

from stickprov_contracts.events.measures import ScheduleSet
from stickprov_contracts.http.schedules import DueSchedule
from stickprov_contracts.streams import schedule_stream
from stickprov_kernel.errors import PreconditionFailedError
from stickprov_kernel.log.attempts import carry_out
from stickprov_kernel.log.records import CommandContext, Receipt
from stickprov_kernel.log.store import EventStore
from stickprov_sampler.adapters.sql.lists import Lists
from stickprov_sampler.adapters.streams import appended, require_control_points
from stickprov_sampler.domain.schedule import schedule


@dataclass(frozen=True, slots=True)
class Scheduling:
    """Sets and reads schedules."""

    store: EventStore
    lists: Lists

    async def set(self, context: CommandContext, command: schedule.Set, seen: int | None) -> Receipt:
        """Set a schedule; the receipt's answer is a ``Schedule``.

        Raises:
            PreconditionFailedError: the schedule is at another version than ``seen``.
            BadInputError: the control point is not defined, or the options make no schedule.
        """
        return await carry_out(self.store, context, lambda: self._attempt(context, command, seen))

    async def due(self, on: date, control_point: str | None) -> DueSchedule:
        """Return what is missing on a day, of one control point or of all."""
        kept = [one for one in await self.lists.schedules() if control_point in {None, one.schedule.control_point}]
        return schedule.due_on(on, kept, await self.lists.frozen(), await self.lists.samples())

    async def _attempt(self, context: CommandContext, command: schedule.Set, seen: int | None) -> Receipt:
        await require_control_points(self.store, "control_point", [command.control_point])
        history = await self.store.load(schedule_stream(command.control_point))
        if seen is not None and seen != history.version:
            raise PreconditionFailedError(
                f"The schedule of {command.control_point} is at version {history.version}, not {seen}. Read it again.",
                current_version=history.version,
            )
        newest = history.events[-1].event if history.events else None
        holds = newest if isinstance(newest, ScheduleSet) else None
        decided = schedule.decide(command, holds)
        events = [] if decided is holds else [decided]
        answer = schedule.as_answer(schedule.Kept(decided, history.version + len(events)))
        return await self.store.commit(context, appended(history, events), answer.model_dump_json().encode())

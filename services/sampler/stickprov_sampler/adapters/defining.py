"""Defining a control point: read, decide, commit; again when somebody else was first and no version was named."""

from dataclasses import dataclass

from stickprov_contracts.events.sampler import ControlPointDefined
from stickprov_kernel.errors import PreconditionFailedError
from stickprov_kernel.log.attempts import carry_out
from stickprov_kernel.log.records import CommandContext, Receipt
from stickprov_kernel.log.store import EventStore
from stickprov_sampler.adapters.streams import appended, control_point_of, plan_of
from stickprov_sampler.domain.control_point.definition import Define, as_answer, decide, evolve


@dataclass(frozen=True, slots=True)
class Defining:
    """Defines control points."""

    store: EventStore

    async def define(self, context: CommandContext, command: Define, seen: int | None) -> Receipt:
        """Define a control point; the receipt's answer is a ``ControlPoint``.

        Args:
            context: who, when and under which command id.
            command: the definition.
            seen: the version that the caller saw, if they say so.

        Raises:
            PreconditionFailedError: the control point is at another version than ``seen``.
            BadInputError: the definition is wrong; a subclass says how.
        """
        return await carry_out(self.store, context, lambda: self._attempt(context, command, seen))

    async def _attempt(self, context: CommandContext, command: Define, seen: int | None) -> Receipt:
        history, holds = await control_point_of(self.store, command.control_point)
        if seen is not None and seen != history.version:
            raise PreconditionFailedError(
                f"Control point {command.control_point} is at version {history.version}, not {seen}. Read it again.",
                current_version=history.version,
            )
        plan = None
        if holds is not None and holds.plan is not None:
            plan = (await plan_of(self.store, holds.plan))[1].adopted
        events = decide(command, holds, plan)
        for event in events:
            holds = evolve(holds, event)
        if not isinstance(holds, ControlPointDefined):
            raise TypeError("a control point that was decided upon has a definition")
        answer = as_answer(holds, history.version + len(events))
        return await self.store.commit(context, appended(history, events), answer.model_dump_json().encode())

"""Adopting a plan: read, decide, commit everything at once; again when somebody else was first.

What must not break: nothing of a plan is stored unless all of it is. The stored answer holds no reason, because
reasons can be erased and answers cannot.
"""

from dataclasses import dataclass

from stickprov_contracts.events import Event
from stickprov_contracts.http.plans import AdoptedPlan, AdoptPlan, CarryOver
from stickprov_contracts.streams import control_point_stream, plan_stream
from stickprov_kernel.errors import PreconditionFailedError
from stickprov_kernel.log.attempts import carry_out
from stickprov_kernel.log.ids import new_id
from stickprov_kernel.log.records import CommandContext, PendingEvent, Receipt, StreamAppend
from stickprov_kernel.log.store import EventStore
from stickprov_kernel.notes.keeping import keep_notes, typed
from stickprov_kernel.sealing.sealing import Sealing
from stickprov_sampler.adapters.plans.reading import PlanLog
from stickprov_sampler.domain.plan.adopting import Adopt, Adoption, Known, decide
from stickprov_sampler.domain.plan.closing import PlanUnknownError
from stickprov_sampler.domain.plan.moving import with_carried_over
from stickprov_sampler.domain.plan.state import plan_state


@dataclass(frozen=True, slots=True)
class _Decided:
    adoption: Adoption
    known: Known
    answer: AdoptedPlan


@dataclass(frozen=True, slots=True)
class Adopting:
    """Adopts plans, and carries points over into them."""

    store: EventStore
    log: PlanLog
    sealing: Sealing

    async def adopt(self, context: CommandContext, plan: str, content: AdoptPlan, seen: int | None) -> Receipt:
        """Adopt a plan; the receipt's answer is an ``AdoptedPlan``.

        Raises:
            PreconditionFailedError: the plan is at another version than ``seen``.
            PlanUnfitError: names every fault by its path into the plan.
        """

        async def attempt() -> Receipt:
            return await self._commit(context, plan, await self._decide(plan, content, seen))

        return await carry_out(self.store, context, attempt)

    async def preview(self, plan: str, content: AdoptPlan) -> AdoptedPlan:
        """Return what adopting would answer; nothing is stored. Raises as ``adopt`` does."""
        return (await self._decide(plan, content, None)).answer

    async def carry_over(self, context: CommandContext, control_point: str, request: CarryOver) -> Receipt:
        """Carry a point over into a plan that there is; the receipt's answer is an ``AdoptedPlan``.

        Raises:
            PlanUnknownError: the later plan has not been adopted.
            PlanUnfitError: the step contradicts itself or what has happened before.
        """
        return await carry_out(self.store, context, lambda: self._carry(context, control_point, request))

    async def _carry(self, context: CommandContext, control_point: str, request: CarryOver) -> Receipt:
        history = await self.log.plan(request.plan)
        adopted = plan_state(recorded.event for recorded in history.events).adopted
        if adopted is None:
            raise PlanUnknownError(f"There is no plan {request.plan}. Import it first.")
        points = await self.log.points([*adopted.control_points, control_point])
        content = with_carried_over(adopted, points, control_point, request)
        return await self._commit(context, request.plan, await self._decide(request.plan, content, None))

    async def _decide(self, plan: str, content: AdoptPlan, seen: int | None) -> _Decided:
        history = await self.log.plan(plan)
        if seen is not None and seen != history.version:
            raise PreconditionFailedError(
                f"Plan {plan} is at version {history.version}, not {seen}. Read it again.",
                current_version=history.version,
            )
        state = plan_state(recorded.event for recorded in history.events)
        earlier = [point.carried_over.earlier for point in content.control_points if point.carried_over]
        named = [
            *(point.control_point for point in content.control_points),
            *(state.adopted.control_points if state.adopted else ()),
            *(point.control_point for point in content.retired),
            *earlier,
        ]
        known = Known(
            plan=state,
            points=await self.log.points(named),
            texts=await self.log.texts(named),
            published=await self.log.published(),
        )
        adoption = decide(Adopt(plan, content, typed), known)
        version = state.version + (adoption.plan is not None)
        answer = AdoptedPlan(plan=plan, version=version, changes=adoption.changes, warnings=adoption.warnings)
        return _Decided(adoption, known, answer)

    async def _commit(self, context: CommandContext, plan: str, decided: _Decided) -> Receipt:
        adoption, known = decided.adoption, decided.known
        appends = [_append(plan_stream(plan), known.plan.version, [adoption.plan])] if adoption.plan else []
        appends += [
            _append(control_point_stream(point), known.points[point].version, events)
            for point, events in adoption.points.items()
        ]
        notes = {control_point_stream(point): kept for point, kept in adoption.notes.items()}
        return await self.store.commit(
            context,
            appends,
            decided.answer.model_dump_json().encode(),
            also=keep_notes(self.sealing, notes, context.time),
        )


def _append(stream: str, version: int, events: list[Event]) -> StreamAppend:
    return StreamAppend(stream, version, [PendingEvent(new_id(), event) for event in events])

"""Plans, histories and lineages as the API shows them. A reason that has been erased is null."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pydantic import BaseModel

from stickprov_contracts.events import Event
from stickprov_contracts.events.plans import ControlPlanAdopted, ControlPointCarriedOver, PeriodClosed
from stickprov_contracts.events.sampler import ControlPointDefined
from stickprov_contracts.http import plans as api
from stickprov_contracts.streams import control_point_stream
from stickprov_kernel.log.records import History, Recorded
from stickprov_sampler.adapters.plans.reading import PlanLog
from stickprov_sampler.domain.control_point.reference import ControlPointMissingError
from stickprov_sampler.domain.plan.closing import PlanUnknownError
from stickprov_sampler.domain.plan.differences import changes_between
from stickprov_sampler.domain.plan.lineage import Told, earlier_steps, later_steps, newest_of_each
from stickprov_sampler.domain.plan.moving import as_content
from stickprov_sampler.domain.plan.state import PlanState, PointState, plan_state
from stickprov_sampler.domain.plan.warnings import warnings_about

_PLAN_EVENTS = (ControlPlanAdopted, ControlPointDefined, ControlPointCarriedOver, PeriodClosed)


@dataclass(frozen=True, slots=True)
class Showing:
    """Reads what the plan's pages and commands show."""

    log: PlanLog

    async def plans(self) -> list[api.PlanSummary]:
        """Return all plans, the newest year first, then by id."""
        found = [_summary(recorded) for recorded in (await self.log.plans()).values()]
        return sorted(found, key=lambda plan: (-plan.year, plan.plan))

    async def plan(self, plan: str) -> api.Plan:
        """Return a plan as it stands.

        Raises:
            PlanUnknownError: there is none with this id.
        """
        state, adopted = await self._adopted(plan)
        steps = [told.step for told in await self._steps() if told.step.plan == plan]
        points = await self.log.points([*adopted.control_points, *(step.control_point for step in steps)])
        texts = await self.log.texts(step.control_point for step in steps)
        return plan_answer(state, adopted, Around(points, steps, texts, await self.log.published()))

    async def plan_history(self, plan: str) -> list[api.PlanHistoryEntry]:
        """Return what happened to a plan and to its points while they belonged to it, oldest first."""
        history = await self.log.plan(plan)
        adoptions = [one.event for one in history.events if isinstance(one.event, ControlPlanAdopted)]
        if not adoptions:
            raise PlanUnknownError(f"There is no plan {plan}.")
        ever = list(dict.fromkeys(point for adopted in adoptions for point in adopted.control_points))
        histories = await self.log.streams(control_point_stream(point) for point in ever)
        texts = await self.log.texts(ever)
        entries = [*_entries(history, plan, texts)]
        for point, theirs in zip(ever, histories.values(), strict=True):
            entries += _entries(theirs, point, texts)
        return sorted(entries, key=lambda entry: entry.time)

    async def point_history(self, control_point: str) -> list[api.PlanHistoryEntry]:
        """Return what happened to a control point, oldest first.

        Raises:
            ControlPointMissingError: there is none with this id.
        """
        stream = control_point_stream(control_point)
        history = (await self.log.streams([stream]))[stream]
        if not history.events:
            raise ControlPointMissingError(f"There is no control point {control_point}.")
        return _entries(history, control_point, await self.log.texts([control_point]))

    async def lineage(self, control_point: str) -> api.Lineage:
        """Return whence a control point comes and what became of it.

        Raises:
            ControlPointMissingError: there is none with this id.
        """
        told = await self._steps()
        earlier, later = earlier_steps(control_point, told), later_steps(control_point, told)
        named = [control_point, *(one.step.control_point for one in (*earlier, *later))]
        points, texts = await self.log.points(named), await self.log.texts(named)
        if points[control_point].definition is None:
            raise ControlPointMissingError(f"There is no control point {control_point}.")
        return api.Lineage(
            control_point=control_point,
            earlier=[_step(one, points, texts) for one in earlier],
            later=[_step(one, points, texts) for one in later],
        )

    async def _adopted(self, plan: str) -> tuple[PlanState, ControlPlanAdopted]:
        history = await self.log.plan(plan)
        state = plan_state(recorded.event for recorded in history.events)
        if state.adopted is None:
            raise PlanUnknownError(f"There is no plan {plan}.")
        return state, state.adopted

    async def _steps(self) -> list[Told]:
        return newest_of_each(
            Told(one.event, one.time, one.actor)
            for one in await self.log.steps()
            if isinstance(one.event, ControlPointCarriedOver)
        )


@dataclass(frozen=True, slots=True)
class Around:
    """What a plan is shown with: its points and the earlier ones, the steps into it, reasons, questionnaires."""

    points: Mapping[str, PointState]
    steps: Sequence[ControlPointCarriedOver]
    texts: Mapping[str, str]
    published: Mapping[str, frozenset[str]]


def plan_answer(state: PlanState, adopted: ControlPlanAdopted, around: Around) -> api.Plan:
    """Return a plan as the API shows it."""
    points, texts = around.points, around.texts
    origins = {step.to: step for step in around.steps if step.to is not None}
    return api.Plan(
        **adopted.model_dump(exclude={"control_points"}),
        version=state.version,
        control_points=[_point(points[one], origins.get(one), texts) for one in adopted.control_points],
        retired=[
            api.RetiredPointAnswer(
                control_point=step.control_point,
                measure=_measure(points[step.control_point]),
                why=_text(step, texts),
            )
            for step in around.steps
            if step.to is None
        ],
        closed_periods=[api.ClosedPeriod(**closed.model_dump()) for closed in state.closed],
        warnings=warnings_about(as_content(adopted, points), around.published),
    )


def _summary(recorded: Recorded) -> api.PlanSummary:
    adopted = recorded.event
    if not isinstance(adopted, ControlPlanAdopted):
        raise TypeError("only adoptions are asked for")
    return api.PlanSummary(
        plan=adopted.plan,
        board=adopted.board,
        year=adopted.year,
        dnr=adopted.dnr,
        title=adopted.title,
        risks=len(adopted.risks),
        control_points=len(adopted.control_points),
        version=recorded.version,
    )


def _point(point: PointState, step: ControlPointCarriedOver | None, texts: Mapping[str, str]) -> api.PlanPoint:
    if point.definition is None:
        raise TypeError("a plan's point has a definition")
    origin = None
    if step is not None:
        origin = api.CarriedOverAnswer.model_validate(
            {"earlier": step.control_point, "how": step.how, "why": _text(step, texts)}
        )
    return api.PlanPoint(**dict(point.definition), version=point.version, carried_over=origin)


def _text(step: ControlPointCarriedOver, texts: Mapping[str, str]) -> str | None:
    return texts.get(str(step.why.note)) if step.why else None


def _measure(point: PointState) -> str:
    return point.definition.measure if point.definition else ""


def _step(one: Told, points: Mapping[str, PointState], texts: Mapping[str, str]) -> api.LineageStep:
    step = one.step
    defined = points[step.control_point].definition
    return api.LineageStep.model_validate(
        {
            "earlier": step.control_point,
            "earlier_year": defined.year if defined else step.year - 1,
            "earlier_measure": defined.measure if defined else "",
            "later": step.to,
            "year": step.year,
            "measure": step.wording,
            "how": step.how,
            "plan": step.plan,
            "why": _text(step, texts),
            "time": one.time,
            "actor": one.actor,
        }
    )


def _entries(history: History, subject: str, texts: Mapping[str, str]) -> list[api.PlanHistoryEntry]:
    entries = []
    newest: dict[type[Event], BaseModel] = {}
    for recorded in history.events:
        event = recorded.event
        if not isinstance(event, _PLAN_EVENTS):
            continue
        before = newest.get(type(event))
        newest[type(event)] = event
        entries.append(
            api.PlanHistoryEntry.model_validate(
                {
                    "subject": subject,
                    "version": recorded.version,
                    "time": recorded.time,
                    "actor": recorded.actor,
                    "what": _what(event, before),
                    "changes": _changes(event, before),
                    "why": _text(event, texts) if isinstance(event, ControlPointCarriedOver) else None,
                }
            )
        )
    return entries


def _what(event: Event, before: BaseModel | None) -> str:
    match event:
        case ControlPointCarriedOver():
            return "retired" if event.to is None else "carried_over"
        case PeriodClosed():
            return "period_closed"
        case _ if before is not None:
            return "changed"
        case ControlPlanAdopted():
            return "adopted"
        case _:
            return "defined"


def _changes(event: Event, before: BaseModel | None) -> Sequence[api.FieldChange]:
    match event:
        case ControlPointCarriedOver():
            goal = event.to or event.plan
            return [api.FieldChange(field="to", before=None, after=goal)]
        case PeriodClosed():
            return [api.FieldChange(field="period", before=None, after=event.period.label)]
        case _:
            return changes_between(before, event)

"""Adopting a plan: all of it at once, and nothing where nothing is different.

What must not break: adopting the same plan again is no event; a plan read back and adopted is the same plan.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from stickprov_contracts.events import Event
from stickprov_contracts.events.plans import ControlPlanAdopted, Risk
from stickprov_contracts.events.sampler import ControlPointDefined
from stickprov_contracts.http.plans import AdoptPlan, PlanChange
from stickprov_contracts.problems import FieldProblem
from stickprov_kernel.notes.note import Note
from stickprov_sampler.domain.control_point.definition import planned
from stickprov_sampler.domain.plan.carrying_over import (
    Step,
    carried_over,
    contradictions,
    has_other_reason,
    is_told,
    reworded,
    step_faults,
    steps_of,
)
from stickprov_sampler.domain.plan.checking import PlanUnfitError, faults_of, plan_fault
from stickprov_sampler.domain.plan.differences import differing_fields
from stickprov_sampler.domain.plan.state import PlanState, PointState
from stickprov_sampler.domain.plan.warnings import warnings_about


@dataclass(frozen=True, slots=True)
class Adopt:
    """Command: this is the plan from now on. ``note`` makes a note of a reason; keys and salts arrive with it."""

    plan: str
    content: AdoptPlan
    note: Callable[[str], Note]


@dataclass(frozen=True, slots=True)
class Known:
    """What is known when the decision is taken.

    Attributes:
        plan: the plan as it stands.
        points: every point that the plan, as it stands or as it is to be, names.
        texts: the readable reasons, by key of the note.
        published: categories of each questionnaire's remarks, by its id.
    """

    plan: PlanState
    points: Mapping[str, PointState]
    texts: Mapping[str, str]
    published: Mapping[str, frozenset[str]]


@dataclass(slots=True)
class Adoption:
    """What adopting leads to.

    Attributes:
        plan: event of the plan's stream, if the plan itself is different.
        points: events of the points' streams, by point.
        notes: reasons to keep, by point.
    """

    plan: ControlPlanAdopted | None = None
    points: dict[str, list[Event]] = field(default_factory=dict)
    notes: dict[str, list[Note]] = field(default_factory=dict)
    changes: list[PlanChange] = field(default_factory=list)
    warnings: list[FieldProblem] = field(default_factory=list)


def decide(command: Adopt, known: Known) -> Adoption:
    """Return what adopting a plan leads to.

    Raises:
        PlanUnfitError: names every fault by its path into the plan.
    """
    content = command.content
    steps = steps_of(content)
    faults = [*faults_of(content), *contradictions(steps), *_of_others(command, known)]
    faults += _faults_of_new(steps, command, known)
    if faults:
        raise PlanUnfitError(faults)
    adoption = Adoption(warnings=warnings_about(content, known.published))
    adopted = _adopted(command)
    _change_plan(adoption, known.plan.adopted, adopted)
    _change_points(adoption, command, adopted, known)
    for step in steps:
        adoption.warnings += reworded(step, known.points[step.earlier])
        _tell(adoption, step, command, known.points[step.earlier], known.texts)
    return adoption


def _of_others(command: Adopt, known: Known) -> list[FieldProblem]:
    found = []
    for place, point in enumerate(command.content.control_points):
        defined = known.points[point.control_point].definition
        if defined is not None and defined.plan not in {None, command.plan}:
            message = (
                f"“{point.control_point}” belongs to plan {defined.plan}. Give this plan's point an id of its own."
            )
            found.append(plan_fault(f"control_points.{place}.control_point", message))
    return found


def _faults_of_new(steps: list[Step], command: Adopt, known: Known) -> list[FieldProblem]:
    own = frozenset(point.control_point for point in command.content.control_points)
    found: list[FieldProblem] = []
    for step in steps:
        earlier = known.points[step.earlier]
        if is_told(step, command.plan, earlier) is None:
            found += step_faults(step, command.content.year, earlier, own)
    return found


def _adopted(command: Adopt) -> ControlPlanAdopted:
    content = command.content
    return ControlPlanAdopted(
        plan=command.plan,
        year=content.year,
        board=content.board,
        dnr=content.dnr,
        title=content.title,
        risks=[Risk(**dict(risk)) for risk in content.risks],
        control_points=[point.control_point for point in content.control_points],
    )


def _change_plan(adoption: Adoption, before: ControlPlanAdopted | None, after: ControlPlanAdopted) -> None:
    if after == before:
        return
    adoption.plan = after
    fields = differing_fields(before, after) if before else []
    what = "changed" if before else "added"
    adoption.changes.append(PlanChange(kind="plan", id=after.plan, what=what, fields=fields))


def _change_points(adoption: Adoption, command: Adopt, adopted: ControlPlanAdopted, known: Known) -> None:
    for point in command.content.control_points:
        before = known.points[point.control_point].definition
        _define(adoption, before, planned(point.control_point, point, adopted))
    listed = set(adopted.control_points)
    for control_point in known.plan.adopted.control_points if known.plan.adopted else ():
        before = known.points[control_point].definition
        if control_point not in listed and before is not None:
            alone = before.model_copy(update={"plan": None, "risk": None})
            adoption.points.setdefault(control_point, []).append(alone)
            adoption.changes.append(PlanChange(kind="control_point", id=control_point, what="removed"))


def _define(adoption: Adoption, before: ControlPointDefined | None, after: ControlPointDefined) -> None:
    if after == before:
        return
    adoption.points.setdefault(after.control_point, []).append(after)
    fields = differing_fields(before, after) if before else []
    what = "changed" if before else "added"
    adoption.changes.append(PlanChange(kind="control_point", id=after.control_point, what=what, fields=fields))


def _tell(adoption: Adoption, step: Step, command: Adopt, earlier: PointState, texts: Mapping[str, str]) -> None:
    told = is_told(step, command.plan, earlier)
    if told is not None and not has_other_reason(step, told, texts):
        return
    note = command.note(step.why) if step.why else None
    event = carried_over(step, command.plan, command.content.year, note)
    if note is None and told is None and (before := earlier.went.get((command.plan, step.to))) is not None:
        event = event.model_copy(update={"why": before.why})
    adoption.points.setdefault(step.earlier, []).append(event)
    if note is not None:
        adoption.notes.setdefault(step.earlier, []).append(note)
    what = "retired" if step.to is None else "carried_over"
    adoption.changes.append(PlanChange(kind="control_point", id=step.earlier, what=what))

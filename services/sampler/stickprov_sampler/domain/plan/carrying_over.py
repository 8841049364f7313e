"""Whence a plan's points come: kept, reformulated or retired, told in the earlier point's stream.

What must not break: a step that is told once is told for good. It may be told anew with another reason; a plan that
leaves it out does not take it back.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from stickprov_contracts.events.plans import ControlPointCarriedOver
from stickprov_contracts.http.plans import AdoptPlan, PlannedPoint
from stickprov_contracts.problems import FieldProblem
from stickprov_kernel.notes.note import Note
from stickprov_sampler.domain.plan.checking import plan_fault
from stickprov_sampler.domain.plan.state import PointState


@dataclass(frozen=True, slots=True)
class Step:
    """A step that a plan tells.

    Attributes:
        field: path of the entry in the plan.
        earlier, to, how, wording: as in ``ControlPointCarriedOver``.
        why: the reason, if the plan gives one.
        id_field: name of the entry's field that holds the earlier point's id.
    """

    field: str
    earlier: str
    to: str | None
    how: str
    wording: str
    why: str | None
    id_field: str


def steps_of(plan: AdoptPlan) -> list[Step]:
    """Return every step that a plan tells, in its order."""
    return [*_carried(plan.control_points), *_retired(plan)]


def _carried(points: list[PlannedPoint]) -> Iterator[Step]:
    for place, point in enumerate(points):
        if (told := point.carried_over) is not None:
            field = f"control_points.{place}.carried_over"
            yield Step(field, told.earlier, point.control_point, told.how, point.measure, told.why, "earlier")


def _retired(plan: AdoptPlan) -> Iterator[Step]:
    for place, point in enumerate(plan.retired):
        yield Step(f"retired.{place}", point.control_point, None, "retired", "", point.why, "control_point")


def step_faults(step: Step, year: int, earlier: PointState, own: frozenset[str]) -> Iterator[FieldProblem]:
    """Yield what is wrong with a step that is new.

    Args:
        step: the step.
        year: of the plan that tells it.
        earlier: the earlier point.
        own: ids of the plan's points.
    """
    place = f"{step.field}.{step.id_field}"
    defined = earlier.definition
    if step.earlier in own:
        yield plan_fault(place, f"“{step.earlier}” is a point of this plan. Name a point of an earlier year.")
    elif defined is None:
        yield plan_fault(place, f"There is no control point “{step.earlier}”. Import the earlier plan first.")
    elif defined.year >= year:
        yield plan_fault(place, f"“{step.earlier}” is of {defined.year}, which is not before {year}.")
    elif step.how == "kept" and defined.measure != step.wording:
        yield plan_fault(f"{step.field}.how", f"The wording is not that of “{step.earlier}”. Write reformulated.")
    elif step.how == "reformulated" and defined.measure == step.wording:
        yield plan_fault(f"{step.field}.how", f"The wording is that of “{step.earlier}”. Write kept.")


def contradictions(steps: list[Step]) -> Iterator[FieldProblem]:
    """Yield the steps that retire what another step carries on."""
    carried = {step.earlier for step in steps if step.to is not None}
    for step in steps:
        if step.to is None and step.earlier in carried:
            message = f"“{step.earlier}” is carried over above. Take it away here, or there."
            yield plan_fault(f"{step.field}.{step.id_field}", message)


def is_told(step: Step, plan: str, earlier: PointState) -> ControlPointCarriedOver | None:
    """Return the event that tells this step already, whatever its reason and later rewording; None while none does."""
    told = earlier.went.get((plan, step.to))
    return told if told is not None and told.how == step.how else None


def reworded(step: Step, earlier: PointState) -> Iterator[FieldProblem]:
    """Yield a warning about a point that was kept and whose wording has been changed since."""
    if step.how == "kept" and earlier.definition is not None and earlier.definition.measure != step.wording:
        message = f"“{step.earlier}” was carried over as kept, but the wording is another now."
        yield FieldProblem(field=f"{step.field}.how", code="kept-reworded", message=message)


def has_other_reason(step: Step, told: ControlPointCarriedOver, texts: Mapping[str, str]) -> bool:
    """Return whether the plan gives a reason that is not the stored one. ``texts`` are the notes by key."""
    stored = texts.get(str(told.why.note)) if told.why else None
    return step.why is not None and step.why != stored


def carried_over(step: Step, plan: str, year: int, note: Note | None) -> ControlPointCarriedOver:
    """Return the event of a step."""
    return ControlPointCarriedOver(
        control_point=step.earlier,
        plan=plan,
        year=year,
        to=step.to,
        how=step.how,
        wording=step.wording,
        why=note.reference if note else None,
    )

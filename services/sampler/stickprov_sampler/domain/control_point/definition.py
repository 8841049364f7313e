"""Defining a control point, and defining it anew. What does not change anything is no event."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from stickprov_contracts.events import Event
from stickprov_contracts.events.plans import ControlPlanAdopted
from stickprov_contracts.events.sampler import ControlPointDefined
from stickprov_contracts.http.sampler import ControlPoint, DefineControlPoint, PointFields
from stickprov_contracts.problems import FieldProblem
from stickprov_sampler.domain.problem import OptionError


class ControlPointUnfitError(OptionError):
    """A control point contradicts itself or its plan."""

    code: ClassVar[str] = "control-point-unfit"
    title: ClassVar[str] = "The control point does not fit together"


class CategoryTwiceError(OptionError):
    """Two categories of a control point have the same id."""

    code: ClassVar[str] = "category-twice"
    title: ClassVar[str] = "A category id stands twice"


@dataclass(frozen=True, slots=True)
class Define:
    """Command: this is what the control point is from now on; the plan it belongs to is not changed by it."""

    control_point: str
    definition: DefineControlPoint


State = ControlPointDefined | None
"""The definition that holds; None while there is none."""


def decide(command: Define, state: State, plan: ControlPlanAdopted | None = None) -> list[Event]:
    """Return the new definition, or nothing when it is the one that holds.

    Args:
        command: the definition.
        state: the one that holds.
        plan: the plan that the point belongs to, if it does.

    Raises:
        CategoryTwiceError: names the place in the list and the id.
        ControlPointUnfitError: names each field that contradicts another, or the plan.
    """
    definition = command.definition
    faults = list(faults_in(definition, {risk.id for risk in plan.risks} if plan else set()))
    if plan is not None:
        faults += _against(plan, definition)
    refuse(faults)
    defined = ControlPointDefined(
        control_point=command.control_point, plan=plan.plan if plan else None, **_fields(definition)
    )
    return [] if defined == state else [defined]


def planned(control_point: str, fields: PointFields, plan: ControlPlanAdopted) -> ControlPointDefined:
    """Return the definition of a point as its plan has it."""
    own = {name: value for name, value in _fields(fields).items() if name in PointFields.model_fields}
    return ControlPointDefined(control_point=control_point, plan=plan.plan, year=plan.year, board=plan.board, **own)


def faults_in(definition: PointFields, risks: set[str]) -> Iterator[FieldProblem]:
    """Yield what a definition contradicts in itself, or among the ids of its plan's risks."""
    seen: set[str] = set()
    for place, category in enumerate(definition.categories):
        if category.id in seen:
            message = f"Category id “{category.id}” stands twice. Give each category its own id."
            yield FieldProblem(field=f"categories.{place}.id", code=CategoryTwiceError.code, message=message)
        seen.add(category.id)
    if not definition.measure.strip() and not (definition.method or "").strip():
        yield _fault("measure", "Say what is controlled: give a measure, or at least a method.")
    if definition.risk is not None and definition.risk not in risks:
        there_are = f"The plan has {', '.join(sorted(risks))}." if risks else "There is no plan with risks here."
        yield _fault("risk", f"There is no risk “{definition.risk}”. {there_are}")
    if definition.subunit_name and not definition.unit_name:
        yield _fault("unit_name", "Say what one case is called, because subunits are counted inside a case.")
    if definition.reviewer_rule == "group" and not (definition.reviewer_group or "").strip():
        yield _fault("reviewer_group", "Say which group of the staff list reviews.")
    if definition.reviewer_rule != "group" and definition.reviewer_group is not None:
        yield _fault("reviewer_group", "Leave the group out, or write group as who reviews.")


def refuse(faults: list[FieldProblem]) -> None:
    """Raise the error of these faults, if there are any."""
    if faults and all(fault.code == CategoryTwiceError.code for fault in faults):
        raise CategoryTwiceError(faults)
    if faults:
        raise ControlPointUnfitError(faults)


def evolve(state: State, event: Event) -> State:
    """Return what holds after an event of the control point's stream."""
    return event if isinstance(event, ControlPointDefined) else state


def as_answer(defined: ControlPointDefined, version: int) -> ControlPoint:
    """Return a definition as the API shows it, with the version of its stream."""
    return ControlPoint(**dict(defined), version=version)


def _against(plan: ControlPlanAdopted, definition: DefineControlPoint) -> Iterator[FieldProblem]:
    if definition.year != plan.year:
        yield _fault("year", f"The point belongs to plan {plan.plan} of {plan.year}. Change the year there.")
    if definition.board != plan.board:
        yield _fault("board", f"The point belongs to plan {plan.plan} of {plan.board}. Change the board there.")


def _fields(definition: PointFields) -> dict[str, object]:
    return {name: getattr(definition, name) for name in type(definition).model_fields}


def _fault(field: str, message: str) -> FieldProblem:
    return FieldProblem(field=field, code=ControlPointUnfitError.code, message=message)

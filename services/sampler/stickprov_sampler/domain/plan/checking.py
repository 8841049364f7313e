"""What a plan must not contradict in itself. Every fault is named by its path into the plan."""

from collections.abc import Iterator, Sequence
from typing import ClassVar

from stickprov_contracts.http.plans import AdoptPlan
from stickprov_contracts.problems import FieldProblem
from stickprov_sampler.domain.control_point.definition import faults_in
from stickprov_sampler.domain.problem import OptionError


class PlanUnfitError(OptionError):
    """A plan contradicts itself, or what has happened before."""

    code: ClassVar[str] = "plan-unfit"
    title: ClassVar[str] = "The plan does not fit together"


def plan_fault(field: str, message: str) -> FieldProblem:
    """Return a fault of a plan."""
    return FieldProblem(field=field, code=PlanUnfitError.code, message=message)


def faults_of(plan: AdoptPlan) -> list[FieldProblem]:
    """Return every fault that the plan has in itself."""
    risks = {risk.id for risk in plan.risks}
    found = [
        *_twice("risks", "id", [risk.id for risk in plan.risks]),
        *_twice("control_points", "control_point", [point.control_point for point in plan.control_points]),
        *_twice("retired", "control_point", [point.control_point for point in plan.retired]),
    ]
    for place, point in enumerate(plan.control_points):
        found += [
            fault.model_copy(update={"field": f"control_points.{place}.{fault.field}"})
            for fault in faults_in(point, risks)
        ]
    return found


def _twice(where: str, field: str, ids: Sequence[str]) -> Iterator[FieldProblem]:
    first: dict[str, int] = {}
    for place, id_ in enumerate(ids):
        if first.setdefault(id_, place) != place:
            message = f"“{id_}” stands at place {first[id_] + 1} already. Let each stand once."
            yield plan_fault(f"{where}.{place}.{field}", message)

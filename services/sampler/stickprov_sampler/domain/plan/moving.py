"""Carrying one point over into a plan that there is: the plan as it stands, with one more entry."""

from collections.abc import Mapping

from pydantic import ValidationError

from stickprov_contracts.events.plans import ControlPlanAdopted
from stickprov_contracts.events.sampler import ControlPointDefined
from stickprov_contracts.http.plans import AdoptPlan, CarriedOver, CarryOver, PlannedPoint, PlannedRisk, RetiredPoint
from stickprov_contracts.http.sampler import PointFields
from stickprov_sampler.domain.plan.checking import PlanUnfitError, plan_fault
from stickprov_sampler.domain.plan.state import PointState


def as_planned(point: ControlPointDefined) -> PlannedPoint:
    """Return a point's definition as an entry of its plan."""
    own = {name: getattr(point, name) for name in PointFields.model_fields}
    return PlannedPoint.model_validate({"control_point": point.control_point, **own})


def as_content(adopted: ControlPlanAdopted, points: Mapping[str, PointState]) -> AdoptPlan:
    """Return a plan as it stands as what would adopt it again. Steps that are told need not be told again."""
    defined = (points[point].definition for point in adopted.control_points)
    return AdoptPlan(
        board=adopted.board,
        year=adopted.year,
        dnr=adopted.dnr,
        title=adopted.title,
        risks=[PlannedRisk(**dict(risk)) for risk in adopted.risks],
        control_points=[as_planned(point) for point in defined if point is not None],
    )


def with_carried_over(
    adopted: ControlPlanAdopted, points: Mapping[str, PointState], control_point: str, request: CarryOver
) -> AdoptPlan:
    """Return the plan with the step that a request tells.

    Raises:
        PlanUnfitError: the request contradicts itself, or there is no such earlier point.
    """
    content = as_content(adopted, points)
    earlier = points[control_point].definition
    if earlier is None:
        raise PlanUnfitError.at("control_point", f"There is no control point “{control_point}”.")
    if request.how == "retired":
        if request.to is not None or request.measure is not None:
            raise PlanUnfitError.at(
                "to", "A retired point goes nowhere. Leave out to and measure, or write another how."
            )
        return content.model_copy(update={"retired": [RetiredPoint(control_point=control_point, why=request.why)]})
    if request.to is None:
        raise PlanUnfitError.at("to", "Say the id of the later point.")
    if request.how == "reformulated" and request.measure is None and request.to not in adopted.control_points:
        raise PlanUnfitError.at("measure", "Say how the point is worded now.")
    origin = CarriedOver(earlier=control_point, how=request.how, why=request.why)
    there = {point.control_point: point for point in content.control_points}
    risks = {risk.id for risk in content.risks}
    start = there.get(request.to) or _moved(earlier, request, risks)
    changes = {"carried_over": origin} | {
        name: value for name in ("number", "measure") if (value := getattr(request, name)) is not None
    }
    there[request.to] = start.model_copy(update=changes)
    return content.model_copy(update={"control_points": list(there.values())})


def _moved(earlier: ControlPointDefined, request: CarryOver, risks: set[str]) -> PlannedPoint:
    risk = earlier.risk if earlier.risk in risks else None
    try:
        moved = as_planned(earlier).model_copy(update={"control_point": request.to, "risk": risk})
    except ValidationError as error:
        fields = ", ".join(sorted({str(fault["loc"][0]) for fault in error.errors()}))
        message = f"The earlier point has fields that are not allowed any more: {fields}. Define it anew first."
        raise PlanUnfitError([plan_fault("control_point", message)]) from None
    return moved

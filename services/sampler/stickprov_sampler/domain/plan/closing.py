"""Closing a period: what is counted there stays as it is, because nothing more is frozen or drawn in it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar

from stickprov_contracts.events import Event, Period
from stickprov_contracts.events.plans import PeriodClosed
from stickprov_contracts.problems import FieldProblem
from stickprov_kernel.errors import ConflictError, NotFoundError
from stickprov_sampler.domain.plan.state import PlanState


class PlanUnknownError(NotFoundError):
    """There is no plan with this id."""

    code: ClassVar[str] = "plan-unknown"
    title: ClassVar[str] = "There is no such plan"


class PeriodClosedError(ConflictError):
    """A frame or draw was asked for in a period that is closed for its control point."""

    code: ClassVar[str] = "period-closed"
    title: ClassVar[str] = "The period is closed"


@dataclass(frozen=True, slots=True)
class Close:
    """Command: close a period of a plan for all points that the plan has."""

    plan: str
    period: Period


def decide(command: Close, state: PlanState) -> list[Event]:
    """Return the closing, or nothing when the period is closed for all of the plan's points already.

    Raises:
        PlanUnknownError: there is no such plan.
    """
    if state.adopted is None:
        raise PlanUnknownError(f"There is no plan {command.plan}. Import it first.")
    points = state.adopted.control_points
    if all(closed_by(command.period, point, state.closed, whole=True) for point in points):
        return []
    return [PeriodClosed(plan=command.plan, period=command.period, control_points=list(points))]


def closed_by(
    period: Period, control_point: str, closed: Iterable[PeriodClosed], *, whole: bool = False
) -> PeriodClosed | None:
    """Return the closing that a period meets for a control point; with ``whole``, one that covers all of it."""
    for one in closed:
        theirs = one.period
        meets = theirs.start < period.end and period.start < theirs.end
        covers = theirs.start <= period.start and period.end <= theirs.end
        if control_point in one.control_points and (covers if whole else meets):
            return one
    return None


def refuse_closed(period: Period, control_point: str, closed: Iterable[PeriodClosed]) -> None:
    """Refuse what would be frozen or drawn in a closed period.

    Raises:
        PeriodClosedError: names the point and the closed period.
    """
    if (one := closed_by(period, control_point, closed)) is not None:
        message = (
            f"Period {one.period.label} of plan {one.plan} is closed for control point {control_point}. "
            "Nothing more is frozen or drawn in it; choose a later period."
        )
        raise PeriodClosedError(
            message, errors=[FieldProblem(field="period", code=PeriodClosedError.code, message=message)]
        )

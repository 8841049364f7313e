"""How the rows of a plan stand, tertial by tertial; a later report for the same period replaces the earlier one."""

from collections.abc import Iterable
from dataclasses import dataclass

from stickprov_contracts.events import Period
from stickprov_contracts.events.follow_ups import PlanStatusReported
from stickprov_findings.domain.follow_up.problems import RowNotInPlanError
from stickprov_kernel.notes.note import Note


@dataclass(frozen=True, slots=True)
class Report:
    """Command: this is how a row stands at the end of a period."""

    plan: str
    control_point: str
    period: Period
    status: str
    text: Note | None

    @property
    def notes(self) -> list[Note]:
        """Everything that was typed."""
        return [self.text] if self.text else []


def decide(command: Report, plan_of_point: str | None, earlier: Iterable[PlanStatusReported]) -> PlanStatusReported:
    """Return the report.

    Args:
        command: what is asked.
        plan_of_point: the plan that the control point stands in.
        earlier: the row's reports, oldest first, each one's version being its place from 1.

    Raises:
        RowNotInPlanError: the plan has no such row.
    """
    if plan_of_point != command.plan:
        raise RowNotInPlanError(command.plan, command.control_point)
    same = [number for number, one in enumerate(earlier, start=1) if one.period == command.period]
    return PlanStatusReported(
        plan=command.plan,
        control_point=command.control_point,
        period=command.period,
        status=command.status,
        text=command.text.reference if command.text else None,
        replaces=same[-1] if same else None,
    )

"""The findings service's calls about conclusions, actions and the statuses of a plan's rows."""

from uuid import UUID, uuid4

from stickprov_client.api.transport import Call, Parameters, Transport
from stickprov_contracts.http.follow_ups import (
    Action,
    ConcludeControl,
    Conclusion,
    FollowUpAction,
    FollowUpKept,
    PlanStatus,
    ProposeAction,
    ReportPlanStatus,
    UpdateAction,
)


class FollowUpsClient:
    """What comes after the findings. Every command takes an id; one is made when it is left out."""

    def __init__(self, transport: Transport) -> None:
        self.transport = transport

    async def conclude(
        self, form: ConcludeControl, *, version: int | None = None, command: UUID | None = None
    ) -> FollowUpKept:
        """Conclude a control; ``version`` is that of the conclusion to replace."""
        call = Call(method="POST", path="/v1/conclusions", body=form, version=version, command=command or uuid4())
        return await self.transport.fetch(FollowUpKept, call)

    async def conclusions(self, control_point: str | None = None) -> list[Conclusion]:
        call = Call(path="/v1/conclusions", parameters={"control_point": control_point})
        return await self.transport.fetch(list[Conclusion], call)

    async def propose_action(self, action: ProposeAction, *, command: UUID | None = None) -> FollowUpKept:
        call = Call(method="POST", path="/v1/actions", body=action, command=command or uuid4())
        return await self.transport.fetch(FollowUpKept, call)

    async def update_action(
        self, action: UUID, terms: UpdateAction, *, version: int, command: UUID | None = None
    ) -> FollowUpKept:
        path = f"/v1/actions/{action}"
        call = Call(method="PUT", path=path, body=terms, version=version, command=command or uuid4())
        return await self.transport.fetch(FollowUpKept, call)

    async def follow_up_action(
        self, action: UUID, found: FollowUpAction, *, command: UUID | None = None
    ) -> FollowUpKept:
        path = f"/v1/actions/{action}/follow-ups"
        call = Call(method="POST", path=path, body=found, command=command or uuid4())
        return await self.transport.fetch(FollowUpKept, call)

    async def actions(
        self,
        *,
        control_point: str | None = None,
        plan: str | None = None,
        open_only: bool = False,
        overdue: bool = False,
    ) -> list[Action]:
        chosen: Parameters = {
            "control_point": control_point,
            "plan": plan,
            "open_only": int(open_only),
            "overdue": int(overdue),
        }
        return await self.transport.fetch(list[Action], Call(path="/v1/actions", parameters=chosen))

    async def action(self, action: UUID) -> Action:
        return await self.transport.fetch(Action, Call(path=f"/v1/actions/{action}"))

    async def report_plan_status(self, report: ReportPlanStatus, *, command: UUID | None = None) -> FollowUpKept:
        call = Call(method="POST", path="/v1/plan-status", body=report, command=command or uuid4())
        return await self.transport.fetch(FollowUpKept, call)

    async def plan_statuses(self, plan: str | None = None) -> list[PlanStatus]:
        return await self.transport.fetch(list[PlanStatus], Call(path="/v1/plan-status", parameters={"plan": plan}))

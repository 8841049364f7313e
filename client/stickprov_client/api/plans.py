"""The sampler's calls about plans: adopt, follow, close; questionnaires and the staff list."""

from urllib.parse import quote
from uuid import UUID, uuid4

from stickprov_client.api.transport import Call, Transport
from stickprov_contracts.http.notices import NoticesSent, SendNotices
from stickprov_contracts.http.plans import (
    AdoptedPlan,
    AdoptPlan,
    CarryOver,
    ClosedPeriod,
    ClosePeriod,
    Lineage,
    ListStaff,
    Person,
    Plan,
    PlanHistoryEntry,
    PlanSummary,
    PublishedQuestionnaire,
    StaffListedAnswer,
    StaffPreview,
)
from stickprov_contracts.http.sampler import ControlPoint, DefineControlPoint
from stickprov_contracts.questionnaires import Questionnaire


class PlansClient:
    """Plans and what is around them. Every command takes an id; one is made when it is left out."""

    def __init__(self, transport: Transport) -> None:
        self.transport = transport

    async def plans(self) -> list[PlanSummary]:
        return await self.transport.fetch(list[PlanSummary], Call(path="/v1/plans"))

    async def plan(self, plan: str) -> Plan:
        return await self.transport.fetch(Plan, Call(path=f"/v1/plans/{quote(plan, safe='')}"))

    async def adopt(
        self, plan: str, content: AdoptPlan, *, version: int | None = None, command: UUID | None = None
    ) -> AdoptedPlan:
        path = f"/v1/plans/{quote(plan, safe='')}"
        call = Call(method="PUT", path=path, body=content, version=version, command=command or uuid4())
        return await self.transport.fetch(AdoptedPlan, call)

    async def preview(self, plan: str, content: AdoptPlan) -> AdoptedPlan:
        """Ask what adopting a plan would change; nothing is stored."""
        path = f"/v1/plans/{quote(plan, safe='')}/preview"
        return await self.transport.fetch(AdoptedPlan, Call(method="POST", path=path, body=content))

    async def plan_history(self, plan: str) -> list[PlanHistoryEntry]:
        path = f"/v1/plans/{quote(plan, safe='')}/history"
        return await self.transport.fetch(list[PlanHistoryEntry], Call(path=path))

    async def point_history(self, control_point: str) -> list[PlanHistoryEntry]:
        path = f"/v1/control-points/{quote(control_point, safe='')}/history"
        return await self.transport.fetch(list[PlanHistoryEntry], Call(path=path))

    async def lineage(self, control_point: str) -> Lineage:
        path = f"/v1/control-points/{quote(control_point, safe='')}/lineage"
        return await self.transport.fetch(Lineage, Call(path=path))

    async def redefine(
        self, control_point: str, definition: DefineControlPoint, *, version: int, command: UUID | None = None
    ) -> ControlPoint:
        """Define a control point anew, unless it has moved on from the version that was seen."""
        path = f"/v1/control-points/{quote(control_point, safe='')}"
        call = Call(method="PUT", path=path, body=definition, version=version, command=command or uuid4())
        return await self.transport.fetch(ControlPoint, call)

    async def carry_over(self, control_point: str, request: CarryOver, *, command: UUID | None = None) -> AdoptedPlan:
        path = f"/v1/control-points/{quote(control_point, safe='')}/carry-over"
        call = Call(method="POST", path=path, body=request, command=command or uuid4())
        return await self.transport.fetch(AdoptedPlan, call)

    async def close_period(self, plan: str, period: str, *, command: UUID | None = None) -> ClosedPeriod:
        path = f"/v1/plans/{quote(plan, safe='')}/closed-periods"
        call = Call(method="POST", path=path, body=ClosePeriod(period=period), command=command or uuid4())
        return await self.transport.fetch(ClosedPeriod, call)

    async def publish(
        self, questionnaire: str, content: Questionnaire, *, command: UUID | None = None
    ) -> PublishedQuestionnaire:
        path = f"/v1/questionnaires/{quote(questionnaire, safe='')}"
        call = Call(method="PUT", path=path, body=content, command=command or uuid4())
        return await self.transport.fetch(PublishedQuestionnaire, call)

    async def preview_questionnaire(self, questionnaire: str, content: Questionnaire) -> PublishedQuestionnaire:
        """Ask what publishing would answer; nothing is stored."""
        path = f"/v1/questionnaires/{quote(questionnaire, safe='')}/preview"
        return await self.transport.fetch(PublishedQuestionnaire, Call(method="POST", path=path, body=content))

    async def questionnaires(self) -> list[PublishedQuestionnaire]:
        return await self.transport.fetch(list[PublishedQuestionnaire], Call(path="/v1/questionnaires"))

    async def questionnaire(self, questionnaire: str, *, number: int | None = None) -> PublishedQuestionnaire:
        """Read one version of a questionnaire, the newest when no number is given."""
        path = f"/v1/questionnaires/{quote(questionnaire, safe='')}"
        return await self.transport.fetch(PublishedQuestionnaire, Call(path=path, parameters={"number": number}))

    async def list_staff(self, staff: ListStaff, *, command: UUID | None = None) -> StaffListedAnswer:
        call = Call(method="PUT", path="/v1/staff", body=staff, command=command or uuid4())
        return await self.transport.fetch(StaffListedAnswer, call)

    async def preview_staff(self, staff: ListStaff) -> StaffPreview:
        """See what a staff list would change; nothing is stored."""
        return await self.transport.fetch(StaffPreview, Call(method="POST", path="/v1/staff/preview", body=staff))

    async def staff(self) -> list[Person]:
        return await self.transport.fetch(list[Person], Call(path="/v1/staff"))

    async def send_notices(self, request: SendNotices, *, command: UUID | None = None) -> NoticesSent:
        """Tell reviewers by e-mail that cases wait."""
        call = Call(method="POST", path="/v1/notices", body=request, command=command or uuid4())
        return await self.transport.fetch(NoticesSent, call)

"""Routes of the plan: plans with their history, closed periods, questionnaires, the staff list."""

from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Query, Response

from stickprov_contracts.http import plans as api
from stickprov_contracts.http.sampler import ControlPointId
from stickprov_contracts.questionnaires import Questionnaire
from stickprov_kernel.http.commands import command, if_match
from stickprov_kernel.http.documentation import refused
from stickprov_kernel.http.identity import require
from stickprov_kernel.http.routing import ServiceRouter
from stickprov_kernel.log.records import CommandContext
from stickprov_sampler.adapters.http.answers import REFUSED
from stickprov_sampler.adapters.http.control_points import EVERYBODY
from stickprov_sampler.adapters.parts import GetParts

_ALL: Final = Depends(require(*EVERYBODY))
_INSIDERS: Final = Depends(require("coordinator", "auditor", "board"))
_Context = Annotated[CommandContext, Depends(command("coordinator"))]
_STALE: Final[dict[int | str, dict[str, Any]]] = {412: refused("It has another version than If-Match says")}


def plans_router(parts: GetParts) -> APIRouter:
    """Return the routes under ``/v1/plans``."""
    router = ServiceRouter(prefix="/v1/plans", tags=["plans"])

    @router.get("", summary="All plans", dependencies=[_ALL])
    async def list_plans() -> list[api.PlanSummary]:
        """Return every plan, the newest year first."""
        return await parts().showing.plans()

    @router.get("/{plan}", summary="One plan with its risks and points", dependencies=[_ALL])
    async def read_plan(plan: api.PlanId, response: Response) -> api.Plan:
        """Return the plan as it stands, in its own order; its version is the ETag."""
        found = await parts().showing.plan(plan)
        response.headers["ETag"] = f'"{found.version}"'
        return found

    @router.put(
        "/{plan}",
        summary="Adopt a plan, or adopt it anew",
        response_model=api.AdoptedPlan,
        responses={**REFUSED, **_STALE},
    )
    async def adopt_plan(
        plan: api.PlanId, content: api.AdoptPlan, context: _Context, seen: Annotated[int | None, Depends(if_match)]
    ) -> Response:
        """Make this the whole plan. Says what changed; the same plan again changes nothing."""
        receipt = await parts().adopting.adopt(context, plan, content, seen)
        version = api.AdoptedPlan.model_validate_json(receipt.answer).version
        return Response(receipt.answer, media_type="application/json", headers={"ETag": f'"{version}"'})

    @router.post(
        "/{plan}/preview",
        summary="See what adopting a plan would change",
        responses=REFUSED,
        dependencies=[Depends(require("coordinator"))],
    )
    async def preview_plan(plan: api.PlanId, content: api.AdoptPlan) -> api.AdoptedPlan:
        """Return what adopting would answer; nothing is stored."""
        return await parts().adopting.preview(plan, content)

    @router.get("/{plan}/history", summary="What happened to a plan and its points", dependencies=[_INSIDERS])
    async def read_plan_history(plan: api.PlanId) -> list[api.PlanHistoryEntry]:
        """Return everything that happened, oldest first."""
        return await parts().showing.plan_history(plan)

    @router.post(
        "/{plan}/closed-periods",
        summary="Close a period of a plan",
        response_model=api.ClosedPeriod,
        responses=REFUSED,
    )
    async def close_period(plan: api.PlanId, request: api.ClosePeriod, context: _Context) -> Response:
        """Close a period: nothing more is frozen or drawn in it for the plan's points."""
        receipt = await parts().keeping.close(context, plan, request.period)
        return Response(receipt.answer, media_type="application/json")

    return router


def lineage_router(parts: GetParts) -> APIRouter:
    """Return the routes of a control point's history and lineage."""
    router = ServiceRouter(prefix="/v1/control-points", tags=["control points"])

    @router.get("/{control_point}/history", summary="What happened to a control point", dependencies=[_INSIDERS])
    async def read_history(control_point: ControlPointId) -> list[api.PlanHistoryEntry]:
        """Return everything that happened, oldest first."""
        return await parts().showing.point_history(control_point)

    @router.get("/{control_point}/lineage", summary="Whence a control point comes", dependencies=[_INSIDERS])
    async def read_lineage(control_point: ControlPointId) -> api.Lineage:
        """Return the steps back to where the point comes from, and on to what became of it."""
        return await parts().showing.lineage(control_point)

    @router.post(
        "/{control_point}/carry-over",
        summary="Carry a control point over into a later plan, or retire it",
        response_model=api.AdoptedPlan,
        responses=REFUSED,
    )
    async def carry_over(control_point: ControlPointId, request: api.CarryOver, context: _Context) -> Response:
        """Carry a point over: kept, reformulated or retired. The reason lies where it can be erased."""
        receipt = await parts().adopting.carry_over(context, control_point, request)
        return Response(receipt.answer, media_type="application/json")

    return router


def questionnaires_router(parts: GetParts) -> APIRouter:
    """Return the routes under ``/v1/questionnaires``."""
    router = ServiceRouter(prefix="/v1/questionnaires", tags=["questionnaires"])

    @router.get("", summary="All questionnaires", dependencies=[_ALL])
    async def list_questionnaires() -> list[api.PublishedQuestionnaire]:
        """Return the newest version of each, by id."""
        return await parts().keeping.questionnaires()

    @router.get("/{questionnaire}", summary="One version of a questionnaire", dependencies=[_ALL])
    async def read_questionnaire(
        questionnaire: api.QuestionnaireId, number: Annotated[int | None, Query(ge=1, le=1_000_000)] = None
    ) -> api.PublishedQuestionnaire:
        """Return the version with this number, the newest when none is named."""
        return await parts().keeping.questionnaire(questionnaire, number)

    @router.put(
        "/{questionnaire}",
        summary="Publish a version of a questionnaire",
        response_model=api.PublishedQuestionnaire,
        responses=REFUSED,
    )
    async def publish_questionnaire(
        questionnaire: api.QuestionnaireId, content: Questionnaire, context: _Context
    ) -> Response:
        """Publish it. The earlier versions stay; what changes nothing is no version."""
        receipt = await parts().keeping.publish(context, questionnaire, content)
        return Response(receipt.answer, media_type="application/json")

    @router.post(
        "/{questionnaire}/preview",
        summary="See what publishing a questionnaire would answer",
        responses=REFUSED,
        dependencies=[Depends(require("coordinator"))],
    )
    async def preview_questionnaire(
        questionnaire: api.QuestionnaireId, content: Questionnaire
    ) -> api.PublishedQuestionnaire:
        """Return the version as it would be published; nothing is stored."""
        return await parts().keeping.preview(questionnaire, content)

    return router


def staff_router(parts: GetParts) -> APIRouter:
    """Return the routes under ``/v1/staff``."""
    router = ServiceRouter(prefix="/v1/staff", tags=["staff"])

    @router.get("", summary="The staff list with names", dependencies=[Depends(require("coordinator"))])
    async def read_staff() -> list[api.Person]:
        """Return everybody on the list; names come from the vault."""
        return await parts().keeping.staff()

    @router.post(
        "/preview",
        summary="See what a staff list would change",
        responses=REFUSED,
        dependencies=[Depends(require("coordinator"))],
    )
    async def preview_staff(request: api.ListStaff) -> api.StaffPreview:
        """Return who would be added, changed and leave; nothing is stored."""
        return await parts().keeping.preview_staff(request)

    @router.put("", summary="Replace the staff list", response_model=api.StaffListedAnswer, responses=REFUSED)
    async def list_staff(request: api.ListStaff, context: _Context) -> Response:
        """Make this the whole list. Answers numbers only."""
        receipt = await parts().keeping.list_staff(context, request)
        return Response(receipt.answer, media_type="application/json")

    return router

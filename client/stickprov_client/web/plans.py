"""The pages of the plan: all plans, one plan by score, one control point with its lineage and history."""

import asyncio

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from stickprov_client.language import plan_wording
from stickprov_client.web.connected import Connected
from stickprov_client.web.follow_ups.names import names_for
from stickprov_client.web.language import language_of
from stickprov_client.web.rendering import page


def plans_router() -> APIRouter:
    """Return the pages of plans and control points."""
    router = APIRouter()

    @router.get("/plans")
    async def plans(request: Request, services: Connected) -> Response:
        return page(request, "plans.html", plans=await services.plans.plans())

    @router.get("/plans/{plan}")
    async def plan(request: Request, services: Connected, plan: str) -> Response:
        found, published = await asyncio.gather(services.plans.plan(plan), services.plans.questionnaires())
        groups = plan_wording.by_score(found, language_of(request))
        by_id = {one.questionnaire: one for one in published}
        asked = dict.fromkeys(point.questionnaire for point in found.control_points if point.questionnaire)
        questionnaires = [(name, by_id.get(name)) for name in asked]
        return page(request, "plan.html", plan=found, groups=groups, questionnaires=questionnaires)

    @router.get("/plans/{plan}/history")
    async def plan_history(request: Request, services: Connected, plan: str) -> Response:
        found, entries, names = await asyncio.gather(
            services.plans.plan(plan), services.plans.plan_history(plan), names_for(request, services)
        )
        return page(request, "plan_history.html", plan=found, entries=entries, names=names)

    @router.get("/control-points/{control_point}")
    async def control_point(request: Request, services: Connected, control_point: str) -> Response:
        point, lineage, entries, names = await asyncio.gather(
            services.sampler.control_point(control_point),
            services.plans.lineage(control_point),
            services.plans.point_history(control_point),
            names_for(request, services),
        )
        plan = await services.plans.plan(point.plan) if point.plan else None
        risk = next((risk for risk in plan.risks if risk.id == point.risk), None) if plan else None
        return page(
            request,
            "plan_point.html",
            point=point,
            plan=plan,
            risk=risk,
            lineage=lineage,
            entries=entries,
            names=names,
        )

    return router

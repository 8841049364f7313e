"""The planner's route: it computes and stores nothing."""

import asyncio

from fastapi import APIRouter, Depends

from stickprov_contracts.http.planning import PlannedSize, PlanSize
from stickprov_kernel.http.identity import require
from stickprov_kernel.http.routing import ServiceRouter
from stickprov_sampler.adapters.http.answers import REFUSED
from stickprov_sampler.domain.planner.planning import plan_size


def planner_router() -> APIRouter:
    """Return ``/v1/plan-size``."""
    router = ServiceRouter(prefix="/v1/plan-size", tags=["planner"])

    @router.post(
        "",
        summary="How many cases a sample needs",
        dependencies=[Depends(require("coordinator", "auditor", "board"))],
        responses={422: REFUSED[422]},
    )
    async def plan(asked: PlanSize) -> PlannedSize:
        """Return the smallest sample for a tolerable rate, for a margin of error, and in stages."""
        return await asyncio.to_thread(plan_size, asked)

    return router

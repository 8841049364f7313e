"""How everything stands to erasure, and the report of each erasure."""

from typing import Literal
from uuid import UUID

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from stickprov_client.api import ApiProblem, Services, Unreachable
from stickprov_client.language.erasing import retention_told, standing_told, why_told
from stickprov_client.web.access import Overseer
from stickprov_client.web.connected import Connected
from stickprov_client.web.language import language_of
from stickprov_client.web.rendering import page
from stickprov_contracts.http.erasure import ErasedText


def erasure_overview_router() -> APIRouter:
    """Return ``/erasure`` and ``/erasure/reports``."""
    router = APIRouter(prefix="/erasure")

    @router.get("")
    async def overview(
        request: Request, services: Connected, session: Overseer, nothing: Literal["yes"] | None = None
    ) -> Response:
        language = language_of(request)
        holds = await services.erasing.holds()
        return page(
            request,
            "erasing/overview.html",
            due=await services.erasing.due(),
            retentions=await services.erasing.retentions(),
            holds=[hold for hold in holds if hold.lifted is None],
            erasures=await services.erasing.erasures(),
            nothing=nothing is not None,
            coordinates="coordinator" in session.roles,
            runs=not session.roles.isdisjoint({"coordinator", "ops"}),
            standing=lambda one: standing_told(one, language),
            retention=lambda one: retention_told(one, language),
            why=lambda one: why_told(one, language),
        )

    @router.get("/reports/{erasure}")
    async def report(request: Request, services: Connected, _session: Overseer, erasure: UUID) -> Response:
        language = language_of(request)
        return page(
            request,
            "erasing/report.html",
            erasure=await services.erasing.erasure(erasure),
            texts=await _texts(services, erasure),
            why=lambda one: why_told(one, language),
        )

    return router


async def _texts(services: Services, erasure: UUID) -> list[ErasedText] | None:
    """Return which free text went; None where findings cannot say."""
    try:
        return await services.erasing.erased_texts(erasure)
    except (ApiProblem, Unreachable):
        return None

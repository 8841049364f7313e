"""A questionnaire as reviewers will see it; nothing is sent."""

import asyncio
from typing import Annotated

from fastapi import APIRouter, Depends
from starlette.requests import Request
from starlette.responses import Response

from stickprov_client.language.translations import texts
from stickprov_client.web.access import only
from stickprov_client.web.connected import Connected
from stickprov_client.web.forms import Form
from stickprov_client.web.language import language_of
from stickprov_client.web.rendering import page
from stickprov_client.web.reviewing.sheet import questions_of
from stickprov_client.web.reviewing.typed import applying
from stickprov_client.web.sessions import Session

Previewer = Annotated[Session, Depends(only("coordinator", "auditor", "reviewer", "protected-reviewer"))]
_SUBUNITS = ("1", "2")


def preview_router() -> APIRouter:
    """Return the page."""
    router = APIRouter()

    @router.get("/questionnaires/{questionnaire}/preview")
    async def preview(request: Request, services: Connected, _session: Previewer, questionnaire: str) -> Response:
        newest, points = await asyncio.gather(
            services.plans.questionnaire(questionnaire), services.sampler.control_points()
        )
        language = language_of(request)
        point = next((one for one in points if one.questionnaire == questionnaire), None)
        name = point.subunit_name if point else None
        sheet = questions_of(newest.content, _SUBUNITS, name or texts(language).gettext("Part"), [], language)
        return page(
            request,
            "questionnaire_preview.html",
            questionnaire=newest,
            sheet=sheet,
            form=Form(),
            applying=applying(sheet, {}),
        )

    return router

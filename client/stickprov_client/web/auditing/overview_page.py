"""Where the audit begins: what can be checked, how it stands, and what to keep."""

import asyncio
from typing import Final

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from stickprov_client.api import ApiProblem, ClientError, Services
from stickprov_client.language.replays import verdict_told
from stickprov_client.web.access import Examiner
from stickprov_client.web.auditing.logs_asked import signed_log
from stickprov_client.web.auditing.replay_page import address_of
from stickprov_client.web.auditing.replays import Replays
from stickprov_client.web.connected import Connected
from stickprov_client.web.language import language_of
from stickprov_client.web.rendering import page
from stickprov_contracts.http.logs import LogState
from stickprov_contracts.topics import SOURCES

AUDIT: Final = "/audit"


def overview_router() -> APIRouter:
    """Return the page."""
    router = APIRouter()

    @router.get(AUDIT)
    async def audit(request: Request, services: Connected, _session: Examiner) -> Response:
        replays: Replays = request.app.state.replays
        newest = replays.newest()
        heard, logs = await asyncio.gather(
            _heard(services), asyncio.gather(*(signed_log(services, source, limit=1) for source in SOURCES))
        )
        return page(
            request,
            "auditing/overview.html",
            logs=list(zip(SOURCES, logs, strict=True)),
            aside=sum(log.quarantined for log in heard) if heard is not None else None,
            halted=[log for log in heard or [] if log.state == "halted"],
            replayed=newest[1] if newest else None,
            replayed_at=address_of(newest[1], newest) if newest else None,
            sentence=verdict_told(newest[1].outcome, language_of(request)) if newest else None,
        )

    return router


async def _heard(services: Services) -> list[LogState] | None:
    """Return how the logs stand with the services that hear them; None when one does not answer."""
    try:
        answers = await asyncio.gather(services.findings.logs(), services.reporting.logs())
    except ClientError as error:
        if isinstance(error, ApiProblem) and error.is_our_fault:
            raise
        return None
    return [log for logs in answers for log in logs]

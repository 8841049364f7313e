"""The start page: what is where, and how it is."""

import asyncio
from dataclasses import dataclass
from http import HTTPStatus

import structlog
from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from stickprov_client.api import Addresses, ApiProblem, ClientError, Services
from stickprov_client.api.health import health_of
from stickprov_client.language.translations import marked
from stickprov_client.web.connected import Connected
from stickprov_client.web.rendering import page
from stickprov_client.web.visitor import signed_in
from stickprov_contracts.http.dashboard import ControlPointSummary
from stickprov_contracts.http.logs import LogState
from stickprov_contracts.http.schedules import Reminder

_log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class _Known:
    """What reporting knows; None when it does not answer.

    Attributes:
        withheld: which of the two are not for who asks.
    """

    control_points: list[ControlPointSummary] | None
    logs: list[LogState] | None
    withheld: frozenset[str]


TASKS = {
    "sampler": marked("Control points, frames and draws"),
    "findings": marked("The reviewers' queue and what they find"),
    "reporting": marked("Statistics and their audit"),
}


def start_router(addresses: Addresses) -> APIRouter:
    """Return the start page's route."""
    router = APIRouter()

    @router.get("/")
    async def start(request: Request, services: Connected) -> Response:
        healths, known, reminders = await asyncio.gather(
            health_of(addresses.by_service()), _known(services), _reminders(request, services)
        )
        return page(
            request,
            "start.html",
            healths=healths,
            tasks=TASKS,
            control_points=known.control_points,
            logs=known.logs,
            withheld=known.withheld,
            reminders=reminders,
            url=str(request.base_url).rstrip("/"),
        )

    return router


async def _reminders(request: Request, services: Services) -> list[Reminder]:
    """Ask the sampler, for a coordinator, which frames and draws are missing today; nothing when it does not answer."""
    session = signed_in(request)
    if session is None or "coordinator" not in session.roles:
        return []
    try:
        return (await services.sampler.due_schedule()).reminders
    except ClientError as error:
        _log.warning("start page without reminders", reason=str(error))
        return []


async def _known(services: Services) -> _Known:
    """Ask reporting; the page is there without it, too."""
    answers = await asyncio.gather(
        services.reporting.control_points(), services.reporting.logs(), return_exceptions=True
    )
    withheld = set()
    for name, answer in zip(("control_points", "logs"), answers, strict=True):
        if isinstance(answer, ApiProblem) and answer.problem.status == HTTPStatus.FORBIDDEN:
            withheld.add(name)
        elif isinstance(answer, ClientError):
            _log.warning("start page without reporting", reason=str(answer))
        elif isinstance(answer, BaseException):
            raise answer
    points, logs = answers
    return _Known(
        control_points=None if isinstance(points, BaseException) else points,
        logs=None if isinstance(logs, BaseException) else logs,
        withheld=frozenset(withheld),
    )

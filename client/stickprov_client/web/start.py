"""The start page: what there is to do for who asks, then the controls; how the services are only for who runs them."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final

import structlog
from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from stickprov_client.api import Addresses, ApiProblem, ClientError, Services
from stickprov_client.api.health import health_of
from stickprov_client.language.translations import marked
from stickprov_client.web.connected import Connected
from stickprov_client.web.rendering import page
from stickprov_client.web.reporting.addresses import by_number
from stickprov_client.web.reporting.dashboard_page import DASHBOARD
from stickprov_client.web.reviewing.addresses import PURPOSES
from stickprov_client.web.reviewing.queue_page import TITLES
from stickprov_client.web.visitor import signed_in
from stickprov_contracts.http.dashboard import ControlPointSummary
from stickprov_contracts.http.findings import Purpose
from stickprov_contracts.http.logs import LogState
from stickprov_contracts.http.schedules import Reminder

_log = structlog.get_logger(__name__)

_REVIEWERS: Final = frozenset({"reviewer", "protected-reviewer"})
_NEWEST: Final = 6


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
        session = signed_in(request)
        roles = session.roles if session is not None else frozenset[str]()
        if roles == {"board"}:
            return RedirectResponse(DASHBOARD, HTTPStatus.SEE_OTHER)
        healths, known, reminders, waiting = await asyncio.gather(
            health_of(addresses.by_service()),
            _known(services),
            _reminders(services) if "coordinator" in roles else _nothing(),
            _waiting(services) if roles & _REVIEWERS else _nobody(),
        )
        points = sorted(known.control_points or [], key=lambda point: (not point.drawn, by_number(point.control_point)))
        return page(
            request,
            "start.html",
            healths=healths,
            is_well=all(health.ready for health in healths),
            tasks=TASKS,
            control_points=None if known.control_points is None else points[:_NEWEST],
            logs=known.logs,
            withheld=known.withheld,
            reminders=reminders,
            reviews=bool(roles & _REVIEWERS),
            waiting=waiting,
            purposes=TITLES,
            runs_it="ops" in roles,
            url=str(request.base_url).rstrip("/"),
        )

    return router


async def _nothing() -> list[Reminder]:
    return []


async def _nobody() -> Mapping[Purpose, int] | None:
    return {}


async def _reminders(services: Services) -> list[Reminder]:
    """Ask the sampler which frames and draws are missing today; nothing when it does not answer."""
    try:
        return (await services.sampler.due_schedule()).reminders
    except ClientError as error:
        _log.warning("start page without reminders", reason=str(error))
        return []


async def _waiting(services: Services) -> Mapping[Purpose, int] | None:
    """Ask findings how many cases wait for a reviewer, by purpose; None when it does not answer."""
    try:
        queues = await asyncio.gather(*(services.findings.queue(purpose=one, limit=1) for one in PURPOSES))
    except ClientError as error:
        _log.warning("start page without the queue", reason=str(error))
        return None
    return {purpose: queue.waiting for purpose, queue in zip(PURPOSES, queues, strict=True) if queue.waiting}


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

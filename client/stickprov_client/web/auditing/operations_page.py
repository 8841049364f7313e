"""The page of the logs that services hear: how each stands, what was set aside and why, and setting it going again."""

import asyncio
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final, Literal, get_args

import structlog
from fastapi import APIRouter
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from stickprov_client.api import ApiProblem, ClientError, Services
from stickprov_client.api.heard import HeardLogsClient
from stickprov_client.language.heard_logs import HALTED_REMEDY, lag_of, state_name, what_is_wrong, what_to_do
from stickprov_client.language.numbers import whole
from stickprov_client.language.service_messages import told
from stickprov_client.language.translations import texts
from stickprov_client.web.access import Overseer
from stickprov_client.web.auditing.content import content_of
from stickprov_client.web.connected import Connected
from stickprov_client.web.forms import Form, read_form
from stickprov_client.web.language import language_of
from stickprov_client.web.rendering import page
from stickprov_contracts.http.logs import LogState, QuarantinedEvent

_log = structlog.get_logger(__name__)

OPERATIONS: Final = "/operations"
Hearer = Literal["findings", "reporting"]
_HEARERS: Final[tuple[Hearer, ...]] = get_args(Hearer)
_MOVED: Final = frozenset({HTTPStatus.CONFLICT, HTTPStatus.NOT_FOUND, HTTPStatus.SERVICE_UNAVAILABLE})


@dataclass(frozen=True)
class HeardBy:
    """What one service hears.

    Attributes:
        logs, aside: None when it does not answer.
    """

    service: Hearer
    logs: list[LogState] | None
    aside: list[QuarantinedEvent] | None


@dataclass(frozen=True)
class Outcome:
    """What came of a request to set something going."""

    good: bool
    sentence: str


def logs_router() -> APIRouter:
    """Return the page and what its buttons do."""
    router = APIRouter()

    @router.get(OPERATIONS)
    async def shown(request: Request, services: Connected, _session: Overseer) -> Response:
        return await _page(request, services, None)

    @router.post(OPERATIONS)
    async def pressed(request: Request, services: Connected, _session: Overseer) -> Response:
        return await _page(request, services, await _do(request, services, await read_form(request)))

    return router


async def _do(request: Request, services: Services, form: Form) -> Outcome:
    logs, source = _hearer(services, form.value("service")), form.value("source")
    at = form.value("position")
    position = int(at) if at.isascii() and at.isdigit() else None
    try:
        if form.value("action") == "resume":
            return _resumed(request, await logs.resume(source))
        return _requeued(request, await logs.requeue(source, position), position)
    except ApiProblem as error:
        if error.problem.status not in _MOVED:
            raise
        return Outcome(good=False, sentence=told(error.problem.detail, language_of(request)))


def _resumed(request: Request, state: LogState) -> Outcome:
    say = texts(language_of(request)).gettext
    return Outcome(good=True, sentence=say("The log of {source} goes on.").format(source=state.source))


def _requeued(request: Request, state: LogState, position: int | None) -> Outcome:
    say, language = texts(language_of(request)).gettext, language_of(request)
    if position is not None:
        told_of = say("Position {position} of the log of {source} is applied now.")
        return Outcome(good=True, sentence=told_of.format(position=whole(position, language), source=state.source))
    if state.quarantined:
        left = say("{count} events of the log of {source} still cannot be applied; each says why.")
        return Outcome(good=False, sentence=left.format(count=whole(state.quarantined, language), source=state.source))
    return Outcome(
        good=True, sentence=say("Every event of the log of {source} is applied.").format(source=state.source)
    )


def _hearer(services: Services, name: str) -> HeardLogsClient:
    clients: dict[str, HeardLogsClient] = {"findings": services.findings, "reporting": services.reporting}
    if name not in clients:
        raise HTTPException(HTTPStatus.NOT_FOUND)
    return clients[name]


async def _page(request: Request, services: Services, outcome: Outcome | None) -> Response:
    language = language_of(request)
    heard = await asyncio.gather(*(_heard_by(services, name) for name in _HEARERS))
    return page(
        request,
        "auditing/operations.html",
        status=HTTPStatus.OK if outcome is None or outcome.good else HTTPStatus.CONFLICT,
        heard=heard,
        outcome=outcome,
        form=Form(),
        lag_of=lag_of,
        state_name=lambda log: state_name(log, language),
        tone_of=_tone_of,
        wrong=lambda event: what_is_wrong(event, language),
        remedy=lambda event: what_to_do(event, language),
        halted_remedy=[texts(language).gettext(step) for step in HALTED_REMEDY],
        content_of=lambda event: content_of(event.data),
    )


async def _heard_by(services: Services, name: Hearer) -> HeardBy:
    client = _hearer(services, name)
    try:
        logs, aside = await asyncio.gather(client.logs(), client.quarantine())
    except ClientError as error:
        if isinstance(error, ApiProblem) and error.is_our_fault:
            raise
        _log.warning("operations page without a service", away=name, reason=str(error))
        return HeardBy(name, None, None)
    return HeardBy(name, logs, aside)


def _tone_of(log: LogState) -> str:
    if log.state == "halted":
        return "bad"
    return "warn" if log.head is None or lag_of(log) else "good"

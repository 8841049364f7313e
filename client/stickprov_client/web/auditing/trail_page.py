"""Who did what, in the order in which it happened: filtered by the address, paged, and as files."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack
from http import HTTPStatus
from typing import Final, Literal

import httpx
import structlog
from fastapi import APIRouter
from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from stickprov_client.api import ApiProblem, ClientError, Services
from stickprov_client.api.reporting import EVERY_YEAR
from stickprov_client.language.trail import TYPE_NAMES, told_event, type_name_told, who
from stickprov_client.language.translations import Language, texts
from stickprov_client.web.access import Examiner
from stickprov_client.web.auditing.asked import SOURCES, TRAIL, Asked, asked_in, trail_of, with_case_meant
from stickprov_client.web.connected import Connected
from stickprov_client.web.forms import Form
from stickprov_client.web.language import language_of
from stickprov_client.web.rendering import page
from stickprov_client.web.reporting.addresses import by_number
from stickprov_client.web.sessions import Session
from stickprov_contracts.http.audit import Trail
from stickprov_contracts.http.plans import Person

_log = structlog.get_logger(__name__)

PAGE: Final = 50
_RARE: Final = ("draw", "plan", "actor", "source")
"""What is asked for seldom, or comes with a link."""
_PASSED_ON: Final = ("Content-Disposition", "Content-Type")


def trail_router() -> APIRouter:
    """Return the page and its files."""
    router = APIRouter()

    @router.get(TRAIL)
    async def shown(request: Request, services: Connected, session: Examiner, after: str = "") -> Response:
        asked = await _asked(request, services)
        return await _page(request, services, session, asked, after)

    @router.get(f"{TRAIL}.{{ending}}")
    async def file(
        request: Request, services: Connected, session: Examiner, ending: Literal["csv", "jsonl"]
    ) -> Response:
        asked = await _asked(request, services)
        if asked.faults:
            return await _page(request, services, session, asked, "")
        opened = AsyncExitStack()
        response = await opened.enter_async_context(services.reporting.trail_file(asked.wanted, ending))
        headers = {name: response.headers[name] for name in _PASSED_ON if name in response.headers}
        headers.setdefault("Content-Disposition", f'attachment; filename="stickprov-trail.{ending}"')
        return StreamingResponse(_pieces(response), headers=headers, background=BackgroundTask(opened.aclose))

    return router


async def _asked(request: Request, services: Services) -> Asked:
    language = language_of(request)
    return await with_case_meant(asked_in(request.query_params, language), services, language)


async def _pieces(response: httpx.Response) -> AsyncIterator[bytes]:
    async for piece in response.aiter_bytes():
        yield piece


async def people_for(services: Services, session: Session) -> Sequence[Person]:
    """Return the staff list for a coordinator, who may see names; nobody for anybody else or without the sampler."""
    if "coordinator" not in session.roles:
        return ()
    try:
        return await services.plans.staff()
    except ClientError as error:
        _log.warning("trail without names", reason=str(error))
        return ()


async def _page(request: Request, services: Services, session: Session, asked: Asked, after: str) -> Response:
    language = language_of(request)
    people, points = await asyncio.gather(people_for(services, session), services.reporting.control_points(EVERY_YEAR))
    form, found = await _found(services, asked, after)
    return page(
        request,
        "auditing/trail.html",
        status=HTTPStatus.UNPROCESSABLE_ENTITY if form.faults else HTTPStatus.OK,
        asked=asked,
        form=form,
        found=found,
        is_first=not after,
        points=sorted((point.control_point for point in points), key=by_number),
        types=sorted(((one, type_name_told(one, language)) for one in TYPE_NAMES), key=lambda pair: pair[1].casefold()),
        sources=SOURCES,
        people=people,
        chosen=_in_words(asked, people, language),
        is_rare=any(name in asked.typed for name in _RARE),
        next_page=asked.address(after=found.next) if found and found.next else None,
        first_page=asked.address(),
        files={ending: asked.address(f"{TRAIL}.{ending}") for ending in ("csv", "jsonl")},
        trail_of=trail_of,
        sentence=lambda entry: told_event(entry, language, people),
        by=lambda actor: who(actor, language, people),
    )


async def _found(services: Services, asked: Asked, after: str) -> tuple[Form, Trail | None]:
    """Return the events; what is wrong with the question, and none of them, where it cannot be used."""
    if asked.faults:
        return Form(faults=asked.faults), None
    try:
        return Form(), await services.reporting.trail(
            asked.wanted, after=after or None, limit=PAGE, newest=asked.newest
        )
    except ApiProblem as error:
        if error.problem.status not in {HTTPStatus.UNPROCESSABLE_ENTITY, HTTPStatus.BAD_REQUEST}:
            raise
        return Form().refused(error.problem), None


def _in_words(asked: Asked, people: Sequence[Person], language: Language) -> dict[str, str]:
    """Return each condition as people say it, by its name in the address."""
    say = texts(language).gettext
    words: dict[str, str] = {}
    for name, value in asked.typed.items():
        match name:
            case "type":
                words[name] = type_name_told(value, language)
            case "actor":
                words[name] = say("by {who}").format(who=who(value, language, people))
            case "case":
                words[name] = say("case {case}").format(case=value if "/" in value else value[:12])
            case "draw":
                words[name] = say("draw {draw}").format(draw=value[-12:])
            case "source":
                words[name] = say("the log of {source}").format(source=value)
            case "from":
                words[name] = say("from {day}").format(day=value)
            case "to":
                words[name] = say("before {day}").format(day=value)
            case _:
                words[name] = value
    return words

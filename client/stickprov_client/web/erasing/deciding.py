"""Decisions around an erasure: how long identities are kept, and what must not be erased."""

from http import HTTPStatus
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import ValidationError
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from stickprov_client.api import ApiProblem, Services
from stickprov_client.language.erasing import due_at_once, would_be_due_told
from stickprov_client.language.translations import Language, texts
from stickprov_client.web.access import Coordinator
from stickprov_client.web.connected import Connected
from stickprov_client.web.forms import Fault, Form, read_form
from stickprov_client.web.language import language_of
from stickprov_client.web.rendering import page
from stickprov_contracts.http.erasure import LiftHold, PlaceHold, SetRetention

_Point = Annotated[str, Query(max_length=200)]


def erasure_deciding_router() -> APIRouter:
    """Return ``/erasure/retention``, ``/erasure/hold`` and ``/erasure/holds``."""
    router = APIRouter(prefix="/erasure")
    _add_retention(router)
    _add_placing(router)
    _add_lifting(router)
    return router


def _add_retention(router: APIRouter) -> None:
    @router.get("/retention")
    async def ask_retention(request: Request, services: Connected, _session: Coordinator, point: _Point) -> Response:
        return await _retention_page(request, services, point, Form())

    @router.post("/retention")
    async def set_retention(request: Request, services: Connected, _session: Coordinator, point: _Point) -> Response:
        form = await read_form(request)
        months = form.optional("months")
        try:
            asked = SetRetention(
                months=None if months is None else int(months), keep_for_research=form.value("research") == "yes"
            )
            version = int(form.value("version", "0"))
        except ValueError:
            message = texts(language_of(request)).gettext(
                "Write a whole number of months from 0 to 1,200, or leave it empty."
            )
            return await _retention_page(request, services, point, form.with_faults([Fault("months", message)]))
        try:
            if asked.months is not None and form.value("sure") != "yes":
                at_once = due_at_once(await services.erasing.would_be_due(point, asked), point)
                if any(at_once):
                    warning = would_be_due_told(at_once, language_of(request))
                    return await _retention_page(request, services, point, form, warning)
            await services.erasing.set_retention(point, asked, version=version, command=form.command)
        except ApiProblem as error:
            if not error.is_our_fault:
                raise
            return await _retention_page(request, services, point, form.refused(error.problem))
        return _back()


def _add_placing(router: APIRouter) -> None:
    @router.get("/hold")
    async def ask_hold(request: Request, services: Connected, _session: Coordinator) -> Response:
        return await _hold_page(request, services, Form())

    @router.post("/hold")
    async def place_hold(request: Request, services: Connected, _session: Coordinator) -> Response:
        form = await read_form(request)
        asked = await _asked_hold(services, form, language_of(request))
        if isinstance(asked, Fault):
            return await _hold_page(request, services, form.with_faults([asked]))
        try:
            await services.erasing.place_hold(asked, command=form.command)
        except ApiProblem as error:
            if not error.is_our_fault:
                raise
            return await _hold_page(request, services, form.refused(error.problem))
        return _back()


async def _asked_hold(services: Services, form: Form, language: Language) -> PlaceHold | Fault:
    """Return the hold that a form asks for, or what is wrong with it, at the field that is."""
    say = texts(language).gettext
    point, draw, case = (form.optional(name) for name in ("control_point", "draw", "case"))
    if case is not None and draw is None:
        return Fault("draw", say("Choose the draw that the case is of."))
    if (point is None) == (draw is None):
        return Fault("control_point", say("Choose a control point or a draw, not both."))
    if not form.value("why").strip():
        return Fault("why", say("Say why it is held."))
    try:
        of = None if draw is None else UUID(draw)
        if of is not None and case is not None:
            begins = case.strip().lower()
            found = [one.case for one in await services.sampler.cases(of) if one.case.startswith(begins)]
            if len(found) != 1:
                several = say("Several cases of the draw begin so; write more of it.")
                return Fault("case", several if found else say("The draw has no case that begins so."))
            case = found[0]
        return PlaceHold(control_point=point, draw=of, case=case, why=form.value("why"))
    except ValueError:
        return Fault("why", say("Write a reason of at most 2,000 characters."))


def _add_lifting(router: APIRouter) -> None:
    @router.get("/holds/{hold}")
    async def ask_lifting(request: Request, services: Connected, _session: Coordinator, hold: UUID) -> Response:
        return await _lifting_page(request, services, hold, Form())

    @router.post("/holds/{hold}")
    async def lift_hold(request: Request, services: Connected, _session: Coordinator, hold: UUID) -> Response:
        form = await read_form(request)
        try:
            asked = LiftHold(why=form.value("why"))
        except ValidationError:
            message = texts(language_of(request)).gettext("Say why the hold is lifted.")
            return await _lifting_page(request, services, hold, form.with_faults([Fault("why", message)]))
        try:
            await services.erasing.lift_hold(hold, asked, command=form.command)
        except ApiProblem as error:
            if not error.is_our_fault:
                raise
            return await _lifting_page(request, services, hold, form.refused(error.problem))
        return _back()


def _back() -> Response:
    return RedirectResponse("/erasure", status_code=HTTPStatus.SEE_OTHER)


def _status(form: Form) -> HTTPStatus:
    return HTTPStatus.UNPROCESSABLE_ENTITY if form.faults else HTTPStatus.OK


async def _retention_page(
    request: Request, services: Services, point: str, form: Form, warning: str | None = None
) -> Response:
    known = {one.control_point: one for one in await services.erasing.retentions()}
    return page(
        request,
        "erasing/retention.html",
        status=HTTPStatus.UNPROCESSABLE_ENTITY if warning else _status(form),
        form=form,
        point=point,
        retention=known.get(point),
        warning=warning,
    )


async def _hold_page(request: Request, services: Services, form: Form) -> Response:
    points = [one.control_point for one in await services.erasing.retentions()]
    draws = (await services.erasing.due()).draws
    return page(request, "erasing/hold.html", status=_status(form), form=form, points=points, draws=draws)


async def _lifting_page(request: Request, services: Services, hold: UUID, form: Form) -> Response:
    found = next((one for one in await services.erasing.holds() if one.hold == hold), None)
    return page(request, "erasing/lifting.html", status=_status(form), form=form, hold=found, hold_id=hold)

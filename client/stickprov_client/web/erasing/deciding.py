"""Decisions around an erasure: how long identities are kept, and what must not be erased."""

from http import HTTPStatus
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import ValidationError
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from stickprov_client.api import ApiProblem, Services
from stickprov_client.language.translations import texts
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
        try:
            asked = PlaceHold(
                control_point=form.optional("control_point"),
                draw=UUID(form.value("draw")) if form.optional("draw") else None,
                case=form.optional("case"),
                why=form.value("why"),
            )
        except ValueError:
            message = texts(language_of(request)).gettext(
                "Choose a control point or a draw, not both; a case needs its draw. Say why."
            )
            return await _hold_page(request, services, form.with_faults([Fault("why", message)]))
        try:
            await services.erasing.place_hold(asked, command=form.command)
        except ApiProblem as error:
            if not error.is_our_fault:
                raise
            return await _hold_page(request, services, form.refused(error.problem))
        return _back()


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


async def _retention_page(request: Request, services: Services, point: str, form: Form) -> Response:
    known = {one.control_point: one for one in await services.erasing.retentions()}
    return page(
        request, "erasing/retention.html", status=_status(form), form=form, point=point, retention=known.get(point)
    )


async def _hold_page(request: Request, services: Services, form: Form) -> Response:
    points = [one.control_point for one in await services.erasing.retentions()]
    draws = (await services.erasing.due()).draws
    return page(request, "erasing/hold.html", status=_status(form), form=form, points=points, draws=draws)


async def _lifting_page(request: Request, services: Services, hold: UUID, form: Form) -> Response:
    found = next((one for one in await services.erasing.holds() if one.hold == hold), None)
    return page(request, "erasing/lifting.html", status=_status(form), form=form, hold=found, hold_id=hold)

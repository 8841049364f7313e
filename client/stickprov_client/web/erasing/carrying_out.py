"""Erasing, after a look at what goes: it cannot come back, so nothing goes by one click."""

from collections.abc import Awaitable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from stickprov_client.api import ApiProblem, Services
from stickprov_client.language.erasing import not_a_number_told, person_told
from stickprov_client.language.translations import texts
from stickprov_client.web.access import Coordinator, only
from stickprov_client.web.connected import Connected
from stickprov_client.web.forms import Fault, Form, read_form
from stickprov_client.web.language import language_of
from stickprov_client.web.rendering import page
from stickprov_client.web.sessions import Session
from stickprov_contracts.http.erasure import CarriedOut, DueErasure, StandingDraw

_Runner = Annotated[Session, Depends(only("coordinator", "ops"))]
_What = Literal["due", "draw", "staff"]
_Asked = Annotated[_What, Query()]


@dataclass(frozen=True)
class _Wanted:
    """What would go: whatever is due, a draw, or names of people who left."""

    what: _What
    due: DueErasure
    draw: StandingDraw | None


def erasure_carrying_out_router() -> APIRouter:
    """Return ``/erasure/run`` and ``/erasure/person``."""
    router = APIRouter(prefix="/erasure")

    @router.get("/run")
    async def look(
        request: Request, services: Connected, _session: _Runner, what: _Asked = "due", draw: UUID | None = None
    ) -> Response:
        return await _page(request, services, Form(), what, draw)

    @router.post("/run")
    async def run(
        request: Request, services: Connected, _session: _Runner, what: _Asked = "due", draw: UUID | None = None
    ) -> Response:
        form = await read_form(request)
        try:
            done = await _erasing(services, form, what, draw)
        except ApiProblem as error:
            if not error.is_our_fault:
                raise
            return await _page(request, services, form.refused(error.problem), what, draw)
        return _onward(done)

    _add_person(router)
    return router


def _add_person(router: APIRouter) -> None:
    @router.get("/person")
    async def ask_for_person(request: Request, _services: Connected, _session: Coordinator) -> Response:
        return page(request, "erasing/person.html", form=Form())

    @router.post("/person")
    async def erase_person(request: Request, services: Connected, _session: Coordinator) -> Response:
        form = await read_form(request)
        # What was typed is not written into the page again.
        unseen = Form(command=form.command)
        if not form.value("number"):
            message = texts(language_of(request)).gettext("Write the number.")
            return _refused(request, unseen.with_faults([Fault("number", message)]))
        language, number = language_of(request), form.value("number")
        try:
            found = await services.erasing.preview_person(number)
            if not (found.cases or found.frames):
                unfound = not_a_number_told(language) if found.searched == "neither" else person_told(found, language)
                return _refused(request, unseen.with_faults([Fault("number", unfound)]))
            if form.value("sure") != "yes":
                return page(request, "erasing/person.html", form=unseen, found=person_told(found, language))
            return _onward(await services.erasing.erase_person(number, command=form.command))
        except ApiProblem as error:
            if not error.is_our_fault:
                raise
            return _refused(request, unseen.refused(error.problem))


def _erasing(services: Services, form: Form, what: _What, draw: UUID | None) -> Awaitable[CarriedOut]:
    if what == "draw" and draw is not None:
        return services.erasing.erase_draw(draw, command=form.command)
    if what == "staff":
        return services.erasing.erase_staff(None, command=form.command)
    return services.erasing.erase_due(command=form.command)


def _onward(done: CarriedOut) -> Response:
    where = "/erasure?nothing=yes" if done.erasure is None else f"/erasure/reports/{done.erasure}"
    return RedirectResponse(where, status_code=HTTPStatus.SEE_OTHER)


def _refused(request: Request, form: Form) -> Response:
    return page(request, "erasing/person.html", status=HTTPStatus.UNPROCESSABLE_ENTITY, form=form)


async def _page(request: Request, services: Services, form: Form, what: _What, draw: UUID | None) -> Response:
    due = await services.erasing.due()
    found = next((one for one in due.draws if one.draw == draw), None)
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.faults else HTTPStatus.OK
    wanted = _Wanted("due" if what == "draw" and found is None else what, due, found)
    return page(request, "erasing/run.html", status=status, form=form, wanted=wanted)

"""Pages of the draws: the list, and one to preview and make a draw."""

from http import HTTPStatus
from typing import Final

from fastapi import APIRouter
from pydantic import ValidationError
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from stickprov_client.api import ApiProblem, Services
from stickprov_client.language.draws import design_name, rule_name, warning_text
from stickprov_client.language.translations import texts
from stickprov_client.web.access import Coordinator, Examiner
from stickprov_client.web.connected import Connected
from stickprov_client.web.draw_typed import SHARES, draw_fields
from stickprov_client.web.forms import Form, read_form
from stickprov_client.web.language import language_of
from stickprov_client.web.rendering import page
from stickprov_contracts.http.draws import DrawPreview, PreviewDraw
from stickprov_contracts.http.sampler import MakeDraw

_DESIGNS: Final = ("simple", "stratified", "per_group", "systematic", "cluster", "pps", "census")
_RULES: Final = ("proportional", "equal", "per_reviewer", "neyman")


def draws_router() -> APIRouter:
    """Return the routes under ``/draws``."""
    router = APIRouter(prefix="/draws")

    @router.get("")
    async def draws(request: Request, services: Connected, _session: Examiner) -> Response:
        found = await services.sampler.draws()
        language = language_of(request)
        names = {draw.design: design_name(draw.design, language) for draw in found}
        return page(request, "draws.html", draws=list(reversed(found)), design_names=names)

    @router.get("/new")
    async def new_draw(request: Request, services: Connected, _session: Coordinator, frame: str = "") -> Response:
        return await _form_page(request, services, Form(values={"frame": (frame and await _name_of(services, frame),)}))

    @router.post("/new")
    async def make_draw(request: Request, services: Connected, _session: Coordinator) -> Response:
        form = await read_form(request)
        try:
            if form.value("action") == "preview":
                asked = PreviewDraw.model_validate(draw_fields(form, shares=(*SHARES, "expected_rate")))
                return await _form_page(request, services, form, await services.sampler.preview_draw(asked))
            made = await services.sampler.make_draw(MakeDraw.model_validate(draw_fields(form)), command=form.command)
        except ValidationError as error:
            message = texts(language_of(request)).gettext("This cannot be read. Correct it.")
            return await _form_page(request, services, form.invalid(error, message))
        except ApiProblem as error:
            if error.problem.status not in {HTTPStatus.UNPROCESSABLE_ENTITY, HTTPStatus.CONFLICT}:
                raise
            return await _form_page(request, services, form.refused(error.problem, {"period": "frame"}))
        return RedirectResponse(f"/draws/{made.draw}", status_code=HTTPStatus.SEE_OTHER)

    return router


async def _name_of(services: Services, frame: str) -> str:
    """Return a frame's name for its id; what is no frame's id stays, to be refused where it is used."""
    try:
        return (await services.sampler.frame(frame)).frame_name
    except ApiProblem:
        return frame


async def _form_page(request: Request, services: Services, form: Form, preview: DrawPreview | None = None) -> Response:
    language = language_of(request)
    return page(
        request,
        "draw_new.html",
        status=HTTPStatus.UNPROCESSABLE_ENTITY if form.faults else HTTPStatus.OK,
        form=form,
        frames=[frame.frame_name for frame in reversed(await services.sampler.frames())],
        designs=[(design, design_name(design, language)) for design in _DESIGNS],
        rules=[("", ""), *((rule, rule_name(rule, language)) for rule in _RULES)],
        preview=preview,
        warnings=[warning_text(warning, language) for warning in preview.warnings] if preview else [],
    )

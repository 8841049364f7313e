"""Pages of the draws: the list, one to preview and make a draw, and one for each draw."""

from http import HTTPStatus
from typing import Final
from uuid import UUID

from fastapi import APIRouter
from pydantic import ValidationError
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from stickprov_client.api import ApiProblem, Services
from stickprov_client.language.draws import design_name, rule_name, warning_text
from stickprov_client.language.translations import texts
from stickprov_client.language.verification import checks_of, first_difference
from stickprov_client.web.access import Coordinator, Examiner
from stickprov_client.web.connected import Connected
from stickprov_client.web.forms import Form, read_form
from stickprov_client.web.language import language_of
from stickprov_client.web.rendering import page
from stickprov_contracts.http.draws import DrawPreview, PreviewDraw
from stickprov_contracts.http.sampler import MakeDraw

_DESIGNS: Final = ("simple", "stratified", "per_group", "systematic", "cluster", "pps", "census")
_RULES: Final = ("proportional", "equal", "per_reviewer", "neyman")
_NUMBERS: Final = ("n", "per_stratum", "per_group", "interval")
_SHARES: Final = ("rate", "shift")
_TEXTS: Final = ("frame", "design", "allocate", "sort_key", "size_column", "seed")
_FLAGS: Final = ("panel", "secret")
_MOST_CASES: Final = 500


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
        return await _form_page(request, services, Form(values={"frame": (frame,)}))

    @router.post("/new")
    async def make_draw(request: Request, services: Connected, _session: Coordinator) -> Response:
        form = await read_form(request)
        try:
            if form.value("action") == "preview":
                asked = PreviewDraw.model_validate(_fields(form, shares=(*_SHARES, "expected_rate")))
                return await _form_page(request, services, form, await services.sampler.preview_draw(asked))
            made = await services.sampler.make_draw(MakeDraw.model_validate(_fields(form)), command=form.command)
        except ValidationError as error:
            message = texts(language_of(request)).gettext("This cannot be read. Correct it.")
            return await _form_page(request, services, form.invalid(error, message))
        except ApiProblem as error:
            if error.problem.status not in {HTTPStatus.UNPROCESSABLE_ENTITY, HTTPStatus.CONFLICT}:
                raise
            return await _form_page(request, services, form.refused(error.problem))
        return RedirectResponse(f"/draws/{made.draw}", status_code=HTTPStatus.SEE_OTHER)

    @router.get("/{draw}")
    async def one_draw(request: Request, services: Connected, _session: Examiner, draw: UUID) -> Response:
        found = await services.sampler.draw(draw)
        cases = await services.sampler.cases(draw)
        language = language_of(request)
        verification = await services.sampler.verify(draw)
        return page(
            request,
            "draw.html",
            draw=found,
            cases=cases[:_MOST_CASES],
            all_cases=len(cases),
            verdict=verification.verdict,
            difference=first_difference(verification, language),
            checks=checks_of(verification, language),
            sql=(await services.sampler.draw_sql(draw)).sql if found.seed else None,
            design=design_name(found.design, language),
            rule=rule_name(found.allocation_rule, language) if found.allocation_rule else None,
        )

    return router


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


def _fields(form: Form, *, shares: tuple[str, ...] = _SHARES) -> dict[str, object]:
    """Return what was typed as the API has it; a field without anything in it is left out."""
    fields: dict[str, object] = {name: form.value(name) for name in _TEXTS if form.value(name)}
    fields |= {name: _number(form.value(name)) for name in _NUMBERS if form.value(name)}
    fields |= {name: form.value(name).replace(",", ".") for name in shares if form.value(name)}
    fields |= {name: True for name in _FLAGS if form.value(name) == "yes"}
    columns = [name.strip() for name in form.value("stratify_by").split(",") if name.strip()]
    if columns:
        fields["stratify_by"] = columns
    for name, key in (("allocation", "n"), ("standard_deviations", "value")):
        rows = [line.rpartition("=") for line in form.value(name).splitlines() if line.strip()]
        if rows:
            fields[name] = [
                {"stratum": stratum.strip(), key: _number(value) if key == "n" else value.strip().replace(",", ".")}
                for stratum, _, value in rows
            ]
    return fields


def _number(text: str) -> object:
    digits = "".join(text.split())
    return int(digits) if digits.isascii() and digits.isdigit() else text

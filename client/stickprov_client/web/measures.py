"""Pages of the register measures: the list, one to try a rule and count it for good, and one for each measure."""

from decimal import Decimal
from http import HTTPStatus
from typing import Final
from uuid import UUID

from fastapi import APIRouter
from pydantic import ValidationError
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from stickprov_client.api import ApiProblem, Services
from stickprov_client.language.translations import texts
from stickprov_client.language.typed_shares import share_of
from stickprov_client.web.access import Coordinator, Examiner
from stickprov_client.web.connected import Connected
from stickprov_client.web.forms import Fault, Form, read_form
from stickprov_client.web.language import language_of
from stickprov_client.web.measured import Part, counts_of
from stickprov_client.web.rendering import page
from stickprov_contracts.http.measures import MakeMeasure, MeasurePreview

_TEXTS: Final = ("frame", "title", "kind", "rule", "among", "sum_column", "category_column")
_ALWAYS: Final = ("month", "stratum")
_NOT_KNOWN: Final = frozenset({"unit_id", "case_id", "handler", "subunit_ids"})


def measures_router() -> APIRouter:
    """Return the pages under ``/measures``."""
    router = APIRouter(prefix="/measures")

    @router.get("")
    async def measures(request: Request, services: Connected, _session: Examiner) -> Response:
        found = await services.sampler.measures()
        rows = [(measure, Part(measure.numerator, measure.denominator)) for measure in reversed(found)]
        return page(request, "measures.html", rows=rows)

    @router.get("/new")
    async def empty(request: Request, services: Connected, _session: Coordinator, frame: str = "") -> Response:
        return await _form_page(request, services, Form(values={"frame": (frame,)}))

    @router.post("/new")
    async def tried(request: Request, services: Connected, _session: Coordinator) -> Response:
        asked, form = _asked(request, await read_form(request))
        if asked is None:
            return await _form_page(request, services, form)
        try:
            if form.value("action") != "make":
                return await _form_page(request, services, form, await services.sampler.preview_measure(asked))
            made = await services.sampler.measure(asked, command=form.command)
        except ApiProblem as error:
            if error.problem.status not in {HTTPStatus.UNPROCESSABLE_ENTITY, HTTPStatus.CONFLICT}:
                raise
            return await _form_page(request, services, form.refused(error.problem))
        return RedirectResponse(f"/measures/{made.measure}", status_code=HTTPStatus.SEE_OTHER)

    @router.get("/{measure}")
    async def one(request: Request, services: Connected, _session: Examiner, measure: UUID) -> Response:
        found = await services.sampler.shown_measure(measure)
        return page(
            request,
            "measure.html",
            measure=found,
            total=Part(found.numerator, found.denominator),
            counts=counts_of(found.cells, found.denominator),
            verification=await services.sampler.verify_measure(measure),
        )

    return router


def _asked(request: Request, form: Form) -> tuple[MakeMeasure | None, Form]:
    """Read the form; else give it with what is wrong."""
    say = texts(language_of(request)).gettext
    fields: dict[str, object] = {name: text for name in _TEXTS if (text := form.value(name))}
    needed = {"frame": say("Choose a frame."), "title": say("Say in words what is counted.")}
    faults = [Fault(name, message) for name, message in needed.items() if name not in fields]
    try:
        if form.value("goal"):
            direction = form.value("direction", "at-least")
            fields["goal"] = {"share": share_of(form.value("goal")), "direction": direction}
    except ValueError:
        faults.append(Fault("goal", say("Write a share, such as 5% or 0.05.")))
    if faults:
        return None, form.with_faults(faults)
    try:
        return MakeMeasure.model_validate(fields), form
    except ValidationError as error:
        return None, form.invalid(error, say("This cannot be read. Correct it."))


async def _form_page(
    request: Request, services: Services, form: Form, preview: MeasurePreview | None = None
) -> Response:
    say = texts(language_of(request)).gettext
    frames = list(reversed(await services.sampler.frames()))
    chosen = next((frame for frame in frames if form.value("frame") in {str(frame.frame), frame.frame_name}), None)
    total = Part(preview.numerator, preview.denominator) if preview else Part(Decimal(0), 0)
    goal = form.value("goal") and preview and _asked(request, form)[0]
    return page(
        request,
        "measure_new.html",
        status=HTTPStatus.UNPROCESSABLE_ENTITY if form.faults else HTTPStatus.OK,
        form=form,
        frames=[(str(frame.frame), f"{frame.frame_name} ({frame.period.label})") for frame in frames],
        columns=[name for name in dict.fromkeys((*_ALWAYS, *chosen.columns)) if name not in _NOT_KNOWN]
        if chosen
        else [],
        kinds=[
            ("count", say("How many")),
            ("share", say("Which share")),
            ("sum", say("A sum of a column")),
        ],
        directions=[("at-least", say("at least")), ("at-most", say("at most"))],
        preview=preview,
        total=total,
        goal=goal.goal if isinstance(goal, MakeMeasure) else None,
        counts=counts_of(preview.cells, preview.denominator) if preview else None,
    )

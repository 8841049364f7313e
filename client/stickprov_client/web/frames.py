"""Pages of frames: register files are tried and then frozen."""

import asyncio
from dataclasses import dataclass
from datetime import date
from http import HTTPStatus
from typing import Final
from uuid import UUID

from fastapi import APIRouter
from pydantic import ValidationError
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from stickprov_client.api import ApiProblem, Services
from stickprov_client.api.sampler import upload_of
from stickprov_client.language.translations import texts
from stickprov_client.web.access import Coordinator
from stickprov_client.web.connected import Connected
from stickprov_client.web.forms import Fault, Form, faults_of, read_form
from stickprov_client.web.held_files import HeldFile
from stickprov_client.web.language import language_of
from stickprov_client.web.rendering import page
from stickprov_client.web.visitor import doorkeeper_of, visit_of
from stickprov_contracts.http.sampler import FrameOptions, FrameReport

NEW: Final = "/frames/new"
_LISTS: Final = frozenset({"identity_columns", "kept_columns"})
_TEXTS: Final = (
    "control_point",
    "period",
    "unit_id_column",
    "month_column",
    "stratum_column",
    "unit_column",
    "handler_column",
    "subunits_column",
    "personal_number_column",
    "filter",
    "series",
    "encoding",
    "sheet",
)
_SEPARATORS: Final = str.maketrans({";": "\n", ",": "\n"})


@dataclass(frozen=True)
class _Tried:
    """What a dry run saw, and under which id its file is held."""

    report: FrameReport
    file_id: str
    file: HeldFile


def frames_router() -> APIRouter:
    """Return the pages under ``/frames``."""
    router = APIRouter(prefix="/frames")

    @router.get("")
    async def listed(request: Request, services: Connected, _session: Coordinator) -> Response:
        return page(request, "frames.html", frames=await services.sampler.frames())

    @router.get("/new")
    async def empty(request: Request, services: Connected, _session: Coordinator) -> Response:
        return await _form_page(request, services, Form())

    @router.post("/new")
    async def tried(request: Request, services: Connected, _session: Coordinator) -> Response:
        form = await read_form(request)
        if form.value("action") == "freeze":
            return await _freeze(request, services, form)
        return await _try(request, services, form)

    @router.get("/{frame}")
    async def one(request: Request, services: Connected, _session: Coordinator, frame: UUID) -> Response:
        return page(request, "frame.html", frame=await services.sampler.frame(frame))

    return router


async def _try(request: Request, services: Services, form: Form) -> Response:
    file_id = await _hold(request, form)
    file = _held(request, file_id)
    options, form = _options(request, form)
    if file is None:
        form = form.with_faults([Fault("file", texts(language_of(request)).gettext("Choose the register file."))])
    if options is None or file is None:
        return await _form_page(request, services, form, file_id=file_id)
    try:
        report = await services.sampler.preview(upload_of(file, options))
    except ApiProblem as error:
        if not error.is_our_fault or not _is_about_input(error):
            raise
        return await _form_page(request, services, form.refused(error.problem), file_id=file_id)
    return await _form_page(request, services, form, file_id=file_id, tried=_Tried(report, file_id, file))


async def _freeze(request: Request, services: Services, form: Form) -> Response:
    file_id = form.value("held")
    file = _held(request, file_id)
    options, form = _options(request, form)
    if file is None:
        say = texts(language_of(request)).gettext
        form = form.with_faults([Fault("file", say("The file is no longer here: choose it again, then try it."))])
    if options is None or file is None:
        return await _form_page(request, services, form)
    try:
        frozen = await services.sampler.freeze(upload_of(file, options), command=form.command)
    except ApiProblem as error:
        if not _is_about_input(error):
            raise
        return await _form_page(request, services, form.refused(error.problem), file_id=file_id)
    doorkeeper_of(request).files.let_go(file_id)
    return RedirectResponse(f"/frames/{frozen.frame.frame}", status_code=HTTPStatus.SEE_OTHER)


async def _hold(request: Request, form: Form) -> str:
    """Hold a file that was chosen, else go on with the one held before."""
    upload, visit = form.files.get("file"), visit_of(request)
    before = form.value("held")
    if upload is None or visit is None:
        return before
    files = doorkeeper_of(request).files
    if files.find(visit, before) is not None:
        files.let_go(before)
    return await asyncio.to_thread(files.hold, visit, upload)


def _held(request: Request, file_id: str) -> HeldFile | None:
    return doorkeeper_of(request).files.find(visit_of(request), file_id)


def _options(request: Request, form: Form) -> tuple[FrameOptions | None, Form]:
    """Read the options; else give the form with what is wrong."""
    say = texts(language_of(request)).gettext
    fields: dict[str, object] = {name: text for name in _TEXTS if (text := form.value(name))}
    for name in _LISTS:
        lines = form.value(name).translate(_SEPARATORS).splitlines()
        fields[name] = [line.strip() for line in lines if line.strip()]
    fields["frame_name"] = form.optional("frame_name") or f"{form.value('control_point')} {form.value('period')}"
    faults = [
        Fault(name, message)
        for name, message in (("control_point", say("Choose a control point.")), ("period", say("Write the period.")))
        if not form.value(name)
    ]
    day = form.optional("extract_date")
    try:
        fields["extract_date"] = date.fromisoformat(day) if day else None
    except ValueError:
        faults.append(Fault("extract_date", say("Write the day as year-month-day, such as 2021-01-31.")))
    if faults:
        return None, form.with_faults(faults)
    try:
        return FrameOptions.model_validate(fields), form
    except ValidationError as error:
        return None, form.invalid(error, say("This cannot be used: it is too long or has characters that do not fit."))


def _is_about_input(error: ApiProblem) -> bool:
    return error.problem.status in {HTTPStatus.UNPROCESSABLE_ENTITY, HTTPStatus.CONFLICT, HTTPStatus.NOT_FOUND}


async def _form_page(
    request: Request, services: Services, form: Form, *, file_id: str = "", tried: _Tried | None = None
) -> Response:
    points = await services.sampler.control_points()
    return page(
        request,
        "frame_new.html",
        status=HTTPStatus.UNPROCESSABLE_ENTITY if form.faults else HTTPStatus.OK,
        form=form,
        points=[
            (point.control_point, f"{point.control_point} · {point.measure or point.area}"[:90]) for point in points
        ],
        held=_held(request, file_id),
        file_id=file_id,
        tried=tried,
        rejected=faults_of(tried.report.rejected) if tried else [],
        limit=request.app.state.upload_limit // 2**20,
    )

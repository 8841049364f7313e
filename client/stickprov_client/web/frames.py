"""Pages of frames: register files are tried and then frozen."""

import asyncio
from collections.abc import Mapping
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
from stickprov_client.language.frame_columns import where_columns_go
from stickprov_client.language.translations import texts
from stickprov_client.web.access import Coordinator
from stickprov_client.web.connected import Connected
from stickprov_client.web.forms import Fault, Form, read_form
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
    "subunit_ids_column",
    "subunits_parent_column",
    "subunits_id_column",
    "personal_number_column",
    "protection_column",
    "filter",
    "series",
    "encoding",
    "sheet",
)
_DELIMITERS: Final = {"semicolon": ";", "comma": ",", "tab": "\t"}
_SUBUNITS: Final = "subunits_file"
_HELD: Final = {"file": "held", _SUBUNITS: "held_subunits"}
"""Each file's field, and the one that carries the id under which the file is held."""
_SEPARATORS: Final = str.maketrans({";": "\n", ",": "\n"})


@dataclass(frozen=True)
class _Files:
    """The files that are held for a form.

    Attributes:
        ids: by field; "" where none is held.
    """

    register: HeldFile | None
    subunits: HeldFile | None
    ids: Mapping[str, str]


_NO_FILES: Final = _Files(None, None, dict.fromkeys(_HELD, ""))


def frames_router() -> APIRouter:
    """Return the pages under ``/frames``."""
    router = APIRouter(prefix="/frames")

    @router.get("")
    async def listed(request: Request, services: Connected, _session: Coordinator) -> Response:
        return page(request, "frames.html", frames=await services.sampler.frames())

    @router.get("/new")
    async def empty(
        request: Request, services: Connected, _session: Coordinator, point: str = "", period: str = ""
    ) -> Response:
        return await _form_page(request, services, Form(values={"control_point": (point,), "period": (period,)}))

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
    files = await _hold(request, form)
    options, form = _options(request, form)
    if files.register is None:
        form = form.with_faults([Fault("file", texts(language_of(request)).gettext("Choose the register file."))])
    if options is None or files.register is None:
        return await _form_page(request, services, form, files)
    try:
        report = await services.sampler.preview(upload_of(files.register, options, subunits=files.subunits))
    except ApiProblem as error:
        if not error.is_our_fault or not _is_about_input(error):
            raise
        return await _form_page(request, services, form.refused(error.problem), files)
    return await _form_page(request, services, form, files, report)


async def _freeze(request: Request, services: Services, form: Form) -> Response:
    files = _held(request, form)
    options, form = _options(request, form)
    if files.register is None or (files.subunits is None and form.value(_HELD[_SUBUNITS])):
        say = texts(language_of(request)).gettext
        form = form.with_faults([Fault("file", say("The file is no longer here: choose it again, then try it."))])
        return await _form_page(request, services, form, files)
    if options is None:
        return await _form_page(request, services, form, files)
    try:
        upload = upload_of(files.register, options, subunits=files.subunits)
        frozen = await services.sampler.freeze(upload, command=form.command)
    except ApiProblem as error:
        if not _is_about_input(error):
            raise
        return await _form_page(request, services, form.refused(error.problem), files)
    for file_id in files.ids.values():
        doorkeeper_of(request).files.let_go(file_id)
    return RedirectResponse(f"/frames/{frozen.frame.frame}", status_code=HTTPStatus.SEE_OTHER)


async def _hold(request: Request, form: Form) -> _Files:
    """Hold the files that were chosen, else go on with those held before."""
    held, visit = doorkeeper_of(request).files, visit_of(request)
    ids = {}
    for name, id_name in _HELD.items():
        upload, before = form.files.get(name), form.value(id_name)
        if name == _SUBUNITS and form.value("without_subunits_file"):
            upload, ids[id_name] = None, ""
        ids.setdefault(id_name, before)
        if upload is not None and visit is not None:
            ids[id_name] = await asyncio.to_thread(held.hold, visit, upload)
        if before and ids[id_name] != before and held.find(visit, before) is not None:
            held.let_go(before)
    return _held(request, Form(values={name: (file_id,) for name, file_id in ids.items()}))


def _held(request: Request, form: Form) -> _Files:
    held, visit = doorkeeper_of(request).files, visit_of(request)
    found = {name: held.find(visit, form.value(id_name)) for name, id_name in _HELD.items()}
    ids = {name: form.value(id_name) if found[name] else "" for name, id_name in _HELD.items()}
    return _Files(found["file"], found[_SUBUNITS], ids)


def _options(request: Request, form: Form) -> tuple[FrameOptions | None, Form]:
    """Read the options; else give the form with what is wrong."""
    say = texts(language_of(request)).gettext
    fields: dict[str, object] = {name: text for name in _TEXTS if (text := form.value(name))}
    for name in _LISTS:
        lines = form.value(name).translate(_SEPARATORS).splitlines()
        fields[name] = [line.strip() for line in lines if line.strip()]
    if form.value("delimiter") in _DELIMITERS:
        fields["delimiter"] = _DELIMITERS[form.value("delimiter")]
    fields["subunit_personal_numbers"] = form.value("subunit_personal_numbers") == "yes"
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
    header_row = form.value("header_row", "1") or "1"
    if header_row.isascii() and header_row.isdigit():
        fields["header_row"] = int(header_row)
    else:
        faults.append(Fault("header_row", say("Write a whole number.")))
    if faults:
        return None, form.with_faults(faults)
    try:
        return FrameOptions.model_validate(fields), form
    except ValidationError as error:
        return None, form.invalid(error, say("This cannot be used: it is too long or has characters that do not fit."))


def _is_about_input(error: ApiProblem) -> bool:
    return error.problem.status in {HTTPStatus.UNPROCESSABLE_ENTITY, HTTPStatus.CONFLICT, HTTPStatus.NOT_FOUND}


async def _form_page(
    request: Request, services: Services, form: Form, files: _Files = _NO_FILES, report: FrameReport | None = None
) -> Response:
    points = await services.sampler.control_points()
    options, _ = _options(request, form) if report else (None, form)
    places = where_columns_go(report.columns, options, language_of(request)) if report and options else []
    return page(
        request,
        "frame_new.html",
        status=HTTPStatus.UNPROCESSABLE_ENTITY if form.faults else HTTPStatus.OK,
        form=form,
        points=[
            (point.control_point, f"{point.control_point} · {point.measure or point.area}"[:90]) for point in points
        ],
        files=files,
        report=report,
        places=places,
        limit=request.app.state.upload_limit // 2**20,
    )

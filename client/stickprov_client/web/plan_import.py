"""A plan file becomes a plan: looked at first, then adopted; and a plan becomes a file again."""

import asyncio
from dataclasses import dataclass
from http import HTTPStatus

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from stickprov_client.api import ApiProblem, Services
from stickprov_client.documents.faults import BadFile
from stickprov_client.documents.plan_file import PlanFile, as_yaml, content_of, plan_in
from stickprov_client.documents.yaml_document import document_of
from stickprov_client.language.file_places import place_told
from stickprov_client.language.translations import texts
from stickprov_client.web.access import Coordinator
from stickprov_client.web.connected import Connected
from stickprov_client.web.file_faults import FILE, file_faults, read_open
from stickprov_client.web.forms import Fault, Form, read_form
from stickprov_client.web.held_files import HeldFile
from stickprov_client.web.language import language_of
from stickprov_client.web.rendering import page
from stickprov_client.web.visitor import doorkeeper_of, visit_of
from stickprov_contracts.http.plans import AdoptedPlan


@dataclass(frozen=True)
class _Looked:
    """What adopting would change, what looks odd, and under which id the file is held."""

    adopted: AdoptedPlan
    warnings: list[str]
    file: HeldFile
    file_id: str


def plan_import_router() -> APIRouter:
    """Return ``/plans/import`` and a plan's file."""
    router = APIRouter(prefix="/plans")

    @router.get("/import")
    async def empty(request: Request, _session: Coordinator) -> Response:
        return _page(request, Form())

    @router.post("/import")
    async def sent(request: Request, services: Connected, _session: Coordinator) -> Response:
        form = await read_form(request)
        file_id = await _hold(request, form)
        file = doorkeeper_of(request).files.find(visit_of(request), file_id)
        if file is None:
            message = texts(language_of(request)).gettext("Choose a file.")
            return _page(request, form.with_faults([Fault(FILE, message)]))
        try:
            return await _answer(request, services, form, file, file_id)
        except BadFile as bad:
            doorkeeper_of(request).files.let_go(file_id)
            return _page(request, form.with_faults(file_faults(bad, language_of(request))))
        except ApiProblem as error:
            if not error.is_our_fault:
                raise
            return _page(request, form.refused(error.problem))

    @router.get("/{plan}/file")
    async def as_file(services: Connected, _session: Coordinator, plan: str) -> Response:
        found = await services.plans.plan(plan)
        headers = {"Content-Disposition": f'attachment; filename="{found.plan}.yaml"'}
        return Response(as_yaml(found.plan, content_of(found)), media_type="application/yaml", headers=headers)

    return router


async def _hold(request: Request, form: Form) -> str:
    upload, visit = form.files.get(FILE), visit_of(request)
    if upload is None or visit is None:
        return form.value("held")
    return await asyncio.to_thread(doorkeeper_of(request).files.hold, visit, upload)


async def _answer(request: Request, services: Services, form: Form, file: HeldFile, file_id: str) -> Response:
    read = await asyncio.to_thread(_read, file)
    try:
        if form.value("action") == "adopt":
            await services.plans.adopt(read.plan, read.content, command=form.command)
            doorkeeper_of(request).files.let_go(file_id)
            return RedirectResponse(f"/plans/{read.plan}", status_code=HTTPStatus.SEE_OTHER)
        adopted = await services.plans.preview(read.plan, read.content)
    except ApiProblem as error:
        if error.problem.errors:
            raise read.document.refused(error.problem.errors) from None
        raise
    language = language_of(request)
    warnings = [place_told(read.document.warning(warning), language) for warning in adopted.warnings]
    return _page(request, form, _Looked(adopted, warnings, file, file_id))


def _read(file: HeldFile) -> PlanFile:
    with file.open() as content:
        return read_open(file.name, content, lambda name, text: plan_in(document_of(name, text)))


def _page(request: Request, form: Form, looked: _Looked | None = None) -> Response:
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.faults else HTTPStatus.OK
    return page(request, "plan_import.html", status=status, form=form, looked=looked)

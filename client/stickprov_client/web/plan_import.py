"""A plan file becomes a plan: looked at first, then adopted; and a plan becomes a file again."""

from dataclasses import dataclass
from http import HTTPStatus

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from stickprov_client.api import ApiProblem, Services
from stickprov_client.documents.faults import BadFile
from stickprov_client.documents.plan_file import as_yaml, content_of, plan_in
from stickprov_client.documents.yaml_document import document_of
from stickprov_client.language.file_places import place_told
from stickprov_client.web.access import Coordinator
from stickprov_client.web.connected import Connected
from stickprov_client.web.forms import Form, read_form
from stickprov_client.web.language import language_of
from stickprov_client.web.rendering import page
from stickprov_client.web.uploads import Held, answer_file, held_file
from stickprov_contracts.http.plans import AdoptedPlan


@dataclass(frozen=True)
class _Looked:
    """What adopting would change, what looks odd, and the file that is held."""

    adopted: AdoptedPlan
    warnings: list[str]
    held: Held


def plan_import_router() -> APIRouter:
    """Return ``/plans/import`` and a plan's file."""
    router = APIRouter(prefix="/plans")

    @router.get("/import")
    async def empty(request: Request, _session: Coordinator) -> Response:
        return _page(request, Form())

    @router.post("/import")
    async def sent(request: Request, services: Connected, _session: Coordinator) -> Response:
        form = await read_form(request)

        async def answer(held: Held) -> Response:
            try:
                return await _answer(request, services, form, held)
            except BadFile:
                held.let_go(request)
                raise

        async def again(form: Form) -> Response:
            return _page(request, form)

        return await answer_file(request, form, await held_file(request, form), answer, again)

    @router.get("/{plan}/file")
    async def as_file(services: Connected, _session: Coordinator, plan: str) -> Response:
        found = await services.plans.plan(plan)
        headers = {"Content-Disposition": f'attachment; filename="{found.plan}.yaml"'}
        return Response(as_yaml(found.plan, content_of(found)), media_type="application/yaml", headers=headers)

    return router


async def _answer(request: Request, services: Services, form: Form, held: Held) -> Response:
    read = await held.read(lambda name, text: plan_in(document_of(name, text)))
    try:
        if form.value("action") == "adopt":
            await services.plans.adopt(read.plan, read.content, command=form.command)
            held.let_go(request)
            return RedirectResponse(f"/plans/{read.plan}", status_code=HTTPStatus.SEE_OTHER)
        adopted = await services.plans.preview(read.plan, read.content)
    except ApiProblem as error:
        if error.problem.errors:
            raise read.document.refused(error.problem.errors) from None
        raise
    language = language_of(request)
    warnings = [
        place_told(noted, language)
        for noted in (*read.warnings, *(read.document.warning(warning) for warning in adopted.warnings))
    ]
    return _page(request, form, _Looked(adopted, warnings, held))


def _page(request: Request, form: Form, looked: _Looked | None = None) -> Response:
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.faults else HTTPStatus.OK
    return page(request, "plan_import.html", status=status, form=form, looked=looked)

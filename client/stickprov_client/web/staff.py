"""The staff list: shown, and replaced by a file. Names come from the vault and go nowhere else."""

from collections.abc import Awaitable
from http import HTTPStatus
from typing import Annotated, TypeVar
from urllib.parse import urlencode

from fastapi import APIRouter, Query
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from stickprov_client.api import ApiProblem, Services
from stickprov_client.documents.staff_file import StaffFile, staff_in
from stickprov_client.language.people import called, change_told
from stickprov_client.web.access import Coordinator
from stickprov_client.web.connected import Connected
from stickprov_client.web.forms import Form, read_form
from stickprov_client.web.rendering import page
from stickprov_client.web.uploads import FILE, answer_file, read_upload
from stickprov_contracts.http.plans import StaffPreview

Answered = TypeVar("Answered")
_Count = Annotated[int | None, Query(ge=0, le=1_000_000)]


def staff_router() -> APIRouter:
    """Return ``/staff``."""
    router = APIRouter(prefix="/staff")

    @router.get("")
    async def shown(
        request: Request,
        services: Connected,
        _session: Coordinator,
        added: _Count = None,
        changed: _Count = None,
        removed: _Count = None,
    ) -> Response:
        done = (added, changed, removed)
        return await _page(request, services, Form(), done=None if None in done else done)

    @router.post("")
    async def replaced(request: Request, services: Connected, _session: Coordinator) -> Response:
        form = await read_form(request)

        async def replace(upload: UploadFile) -> Response:
            read = await read_upload(upload, staff_in)
            if form.value("act") == "try":
                seen = await _as_rows(read, services.plans.preview_staff(read.staff))
                return await _page(request, services, form, seen=seen)
            answer = await _as_rows(read, services.plans.list_staff(read.staff, command=form.command))
            counts = {"added": answer.added, "changed": answer.changed, "removed": answer.removed}
            return RedirectResponse(f"/staff?{urlencode(counts)}", status_code=HTTPStatus.SEE_OTHER)

        return await answer_file(
            request, form, form.files.get(FILE), replace, lambda form: _page(request, services, form)
        )

    return router


async def _as_rows(read: StaffFile, answer: Awaitable[Answered]) -> Answered:
    """Return what the service answers; what it refuses is told by the file's rows."""
    try:
        return await answer
    except ApiProblem as error:
        if error.problem.errors:
            raise read.refused(error.problem.errors) from None
        raise


async def _page(
    request: Request,
    services: Services,
    form: Form,
    done: tuple[int | None, ...] | None = None,
    seen: StaffPreview | None = None,
) -> Response:
    return page(
        request,
        "staff.html",
        status=HTTPStatus.UNPROCESSABLE_ENTITY if form.faults else HTTPStatus.OK,
        form=form,
        people=await services.plans.staff(),
        done=done,
        seen=seen,
        called=called,
        change_told=change_told,
    )

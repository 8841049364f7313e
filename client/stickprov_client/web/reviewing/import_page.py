"""Many findings from a file: looked at first with every fault by row and column, then recorded, all of them or none."""

from collections.abc import Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Annotated, Final
from urllib.parse import urlencode

from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from stickprov_client.api import Services
from stickprov_client.documents.faults import BadFile, FileFault
from stickprov_client.documents.findings_import import Wanted
from stickprov_client.documents.table_file import table_in
from stickprov_client.importing import import_table
from stickprov_client.language.translations import texts
from stickprov_client.web.connected import Connected
from stickprov_client.web.forms import Fault, Form, read_form
from stickprov_client.web.language import language_of
from stickprov_client.web.rendering import page
from stickprov_client.web.reviewing.addresses import PURPOSES, QUEUE, Reviewer
from stickprov_client.web.reviewing.queue_page import TITLES, points_by_id
from stickprov_client.web.uploads import FILE, Held, answer_file, held_file
from stickprov_contracts.http.imports import ImportedFindings

IMPORT: Final = f"{QUEUE}/import"
_SHOWN: Final = 200
"""Faults that the page tells; a file with more has the same one over and over."""

_Count = Annotated[int | None, Query(ge=0, le=1_000_000)]


@dataclass(frozen=True)
class _Looked:
    """What a look at the file has shown.

    Attributes:
        done: what recording would do; None when something is wrong.
        faults: every one, in the order of the file.
    """

    held: Held
    done: ImportedFindings | None = None
    faults: Sequence[FileFault] = ()


def import_router() -> APIRouter:
    """Return the page."""
    router = APIRouter(prefix=IMPORT)

    @router.get("")
    async def empty(
        request: Request,
        services: Connected,
        _reviewer: Reviewer,
        purpose: str = "",
        control_point: str = "",
        recorded: _Count = None,
        unchanged: _Count = None,
    ) -> Response:
        form = Form(values={"purpose": (purpose,), "control_point": (control_point,)})
        stored = None if recorded is None or unchanged is None else (recorded, unchanged)
        return await _page(request, services, form, stored=stored)

    @router.post("")
    async def sent(request: Request, services: Connected, _reviewer: Reviewer) -> Response:
        form = await read_form(request)

        async def answer(held: Held) -> Response:
            return await _answer(request, services, form, held)

        async def again(form: Form) -> Response:
            return await _page(request, services, form)

        held = await held_file(request, form)
        if not form.value("control_point"):
            message = texts(language_of(request)).gettext("Choose a control point.")
            form = form.with_faults([Fault("control_point", message)])
            return await _page(request, services, form, _Looked(held) if held else None)
        return await answer_file(request, form, held, answer, again)

    return router


async def _answer(request: Request, services: Services, form: Form, held: Held) -> Response:
    wanted = _wanted(form)
    recording = form.value("action") == "record"
    try:
        table = await held.read(table_in)
        done = await import_table(services, table, wanted, dry_run=not recording, command=form.command)
    except BadFile as bad:
        held.let_go(request)
        say = texts(language_of(request)).gettext
        message = say("Faults in the file: {count}.").format(count=len(bad.faults))
        faulty = form.with_faults([Fault(FILE, message)])
        return await _page(request, services, faulty, _Looked(held, faults=bad.faults))
    if not recording:
        return await _page(request, services, form, _Looked(held, done))
    held.let_go(request)
    counts = {"recorded": done.recorded + done.over_coverage + done.non_response, "unchanged": done.unchanged}
    chosen = {"purpose": wanted.purpose, "control_point": wanted.control_point}
    return RedirectResponse(f"{IMPORT}?{urlencode(chosen | counts)}", status_code=HTTPStatus.SEE_OTHER)


def _wanted(form: Form) -> Wanted:
    purpose = next((one for one in PURPOSES if one == form.value("purpose")), PURPOSES[0])
    return Wanted(form.value("control_point"), purpose=purpose)


async def _page(
    request: Request,
    services: Services,
    form: Form,
    looked: _Looked | None = None,
    stored: tuple[int, int] | None = None,
) -> Response:
    points = await points_by_id(services)
    say = texts(language_of(request)).gettext
    return page(
        request,
        "import_findings.html",
        status=HTTPStatus.UNPROCESSABLE_ENTITY if form.faults else HTTPStatus.OK,
        form=form,
        looked=looked,
        shown=looked.faults[:_SHOWN] if looked else (),
        stored=stored,
        points=[(point.control_point, f"{point.control_point} · {point.measure}"[:90]) for point in points.values()],
        purposes=[(name, say(title)) for name, title in TITLES.items()],
    )

"""The page of the checkpoints: those of both logs to fetch and keep, one made now, and a kept one compared."""

import asyncio
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final

from fastapi import APIRouter
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response

from stickprov_client.api import ApiProblem, Services
from stickprov_client.bundle.verifying.notes import Note, NoteError, read_checkpoint, read_keys, read_note
from stickprov_client.checking.proving import Grown, still_as_it_was
from stickprov_client.checking.trust import NotProvedError, Trust, log_of, sentence, trust_in
from stickprov_client.language.service_messages import told
from stickprov_client.language.translations import texts
from stickprov_client.web.access import Examiner
from stickprov_client.web.auditing.logs_asked import signed_log
from stickprov_client.web.connected import Connected
from stickprov_client.web.forms import Fault, Form, read_form
from stickprov_client.web.language import language_of
from stickprov_client.web.rendering import page
from stickprov_contracts.topics import SOURCES, Source

CHECKPOINTS: Final = "/audit/checkpoints"
_SHOWN: Final = 12
_LARGEST_NOTE: Final = 64 * 1024


@dataclass(frozen=True)
class Comparison:
    """What came of comparing a kept checkpoint with the log of today.

    Attributes:
        grown: how the log has grown since; None when it is not as it was, and ``difference`` says how.
        trust: whose signatures were believed; None when it did not come to that.
    """

    grown: Grown | None = None
    difference: str = ""
    trust: Trust | None = None


def checkpoints_router() -> APIRouter:
    """Return the page, the files of it, and what its forms do."""
    router = APIRouter(prefix=CHECKPOINTS)

    @router.get("")
    async def shown(request: Request, services: Connected, _session: Examiner) -> Response:
        return await _page(request, services, Form(), None)

    @router.post("")
    async def sent(request: Request, services: Connected, _session: Examiner) -> Response:
        form = await read_form(request)
        if form.value("action") == "make":
            return await _made(request, services, _source(form.value("source")))
        form, comparison = await _compared(request, services, form)
        return await _page(request, services, form, comparison)

    @router.get("/{source}/keys.txt")
    async def keys(services: Connected, _session: Examiner, source: str) -> Response:
        found = await services.own_log(_source(source)).checkpoints(limit=1)
        text = "".join(f"{key.verifier_key}\n" for key in found.keys)
        return _file(text, f"stickprov-{source}-keys.txt")

    @router.get("/{source}/{size}.txt")
    async def note(services: Connected, _session: Examiner, source: str, size: int) -> Response:
        found = await services.own_log(_source(source)).note(size)
        return _file(found.decode(), f"stickprov-{source}-checkpoint-{size}.txt")

    return router


async def _made(request: Request, services: Services, source: Source) -> Response:
    """Have a log signed and go to its checkpoint; show why where it cannot be."""
    try:
        made = await services.own_log(source).make_checkpoint()
    except ApiProblem as error:
        if error.problem.status not in {HTTPStatus.CONFLICT, HTTPStatus.SERVICE_UNAVAILABLE}:
            raise
        refused = Form().with_faults([Fault("", error.problem.detail)])
        return await _page(request, services, refused, None)
    return RedirectResponse(f"{CHECKPOINTS}#{made.source}-{made.size}", status_code=HTTPStatus.SEE_OTHER)


def _source(name: str) -> Source:
    known = next((source for source in SOURCES if source == name), None)
    if known is None:
        raise HTTPException(HTTPStatus.NOT_FOUND)
    return known


def _file(text: str, name: str) -> Response:
    return PlainTextResponse(text, headers={"Content-Disposition": f'attachment; filename="{name}"'})


async def _compared(request: Request, services: Services, form: Form) -> tuple[Form, Comparison | None]:
    """Compare a kept checkpoint with its log; else give the form with what is wrong with it."""
    say, language = texts(language_of(request)).gettext, language_of(request)
    kept = await _kept(form)
    if isinstance(kept, NoteError):
        missing = say("Choose a checkpoint that you kept, or paste its text.")
        unfit = say("This is no checkpoint as it was fetched here. {why}").format(why=told(sentence(kept), language))
        return form.with_faults([Fault("note", unfit if str(kept) else missing)]), None
    try:
        given = read_keys(form.value("key"))
    except NoteError:
        unfit = say("This is no public key of a log; it looks like stickprov.local/sampler+1a2b3c4d+AQ…")
        return form.with_faults([Fault("key", unfit)]), None
    trust = None
    try:
        source, known = await log_of(services, read_checkpoint(kept).origin)
        trust = trust_in(given, known)
        return form, Comparison(await still_as_it_was(services.own_log(source), kept, trust), trust=trust)
    except NotProvedError as error:
        return form, Comparison(difference=told(str(error), language), trust=trust)


async def _kept(form: Form) -> Note | NoteError:
    """Read the checkpoint that was sent; an error without a text when none was."""
    raw = await _sent(form.files.get("note")) or form.value("pasted").encode()
    if not raw:
        return NoteError()
    # What is pasted has the line ends of a form, and none after its last line.
    raw = raw.replace(b"\r\n", b"\n")
    try:
        note = read_note(raw if raw.endswith(b"\n") else raw + b"\n")
        read_checkpoint(note)
    except NoteError as error:
        return error
    return note


async def _sent(file: UploadFile | None) -> bytes:
    return b"" if file is None else await file.read(_LARGEST_NOTE)


async def _page(request: Request, services: Services, form: Form, comparison: Comparison | None) -> Response:
    typed = request.query_params
    chosen = next((source for source in SOURCES if source == typed.get("log")), None)
    before = int(text) if (text := typed.get("before", "")).isascii() and text.isdigit() else None
    logs = await asyncio.gather(
        *(signed_log(services, source, limit=_SHOWN, before=before if source == chosen else None) for source in SOURCES)
    )
    bad = form.faults or (comparison is not None and comparison.grown is None)
    return page(
        request,
        "auditing/checkpoints.html",
        status=HTTPStatus.UNPROCESSABLE_ENTITY if bad else HTTPStatus.OK,
        logs=list(zip(SOURCES, logs, strict=True)),
        chosen=chosen if before is not None else None,
        form=form,
        comparison=comparison,
    )

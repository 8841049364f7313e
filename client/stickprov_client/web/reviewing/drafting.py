"""Keeping what a reviewer has typed while they type: for the form's own script, and for its button without script.

What must not break: a draft is saved for the person who typed it, never for somebody who signed in since; another tab's
newer draft is not written over unless the reviewer says so.
"""

from contextlib import suppress
from http import HTTPStatus

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from stickprov_client.api import ApiProblem, Services
from stickprov_client.api.errors import ClientError
from stickprov_client.language.moments import clock
from stickprov_client.language.problems import title_of
from stickprov_client.web.connected import Connected
from stickprov_client.web.forms import Form, read_form
from stickprov_client.web.language import language_of
from stickprov_client.web.reviewing.addresses import CASE, CasePages, NamedCase
from stickprov_client.web.reviewing.typed import ACCOUNT, DRAFT_VERSION, PAGE, REVIEW_VERSION, kept_in_draft, number_in
from stickprov_client.web.visitor import FormToken, signed_in
from stickprov_contracts.http.findings import Draft, SaveDraft


def drafting_router() -> APIRouter:
    """Return the routes that the form's script asks."""
    router = APIRouter(prefix=CASE)

    @router.get("/draft")
    async def state(request: Request, services: Connected, pages: NamedCase) -> Response:
        """Tell a page that has been open for long who is signed in now, and what its form must carry."""
        session = signed_in(request)
        if session is None:
            return JSONResponse({"account": None}, HTTPStatus.UNAUTHORIZED)
        try:
            draft = await draft_of(services, pages)
        except ClientError:
            return JSONResponse({"account": session.account}, HTTPStatus.SERVICE_UNAVAILABLE)
        version = draft.version if draft else 0
        return JSONResponse({"account": session.account, "form_token": FormToken(request)(), "version": version})

    @router.post("/draft")
    async def save(request: Request, services: Connected, pages: NamedCase) -> Response:
        form = await read_form(request)
        session = signed_in(request)
        if session is None or session.account != form.value(ACCOUNT):
            return JSONResponse({"account": session.account if session else None}, HTTPStatus.UNAUTHORIZED)
        language = language_of(request)
        try:
            saved = await save_draft(services, pages, form)
        except ApiProblem as error:
            if not error.is_our_fault:
                return JSONResponse({}, HTTPStatus.SERVICE_UNAVAILABLE)
            told = {"version": error.problem.current_version, "title": title_of(error.problem, language)}
            return JSONResponse(told, error.problem.status)
        except ClientError:
            return JSONResponse({}, HTTPStatus.SERVICE_UNAVAILABLE)
        return JSONResponse({"version": saved.version, "saved": clock(saved.saved, language)})

    return router


async def draft_of(services: Services, pages: CasePages) -> Draft | None:
    """Return what the reviewer has begun; None for nothing."""
    try:
        return await services.findings.draft(pages.key)
    except ApiProblem as error:
        if error.problem.status == HTTPStatus.NOT_FOUND:
            return None
        raise


async def save_draft(services: Services, pages: CasePages, form: Form) -> Draft:
    """Keep what is in a form.

    With its first draft a case is begun: from then on nobody else is handed it.

    Raises:
        ApiProblem: 412 when another tab's draft is newer than the one that the form began with.
    """
    draft = SaveDraft(fields=kept_in_draft(form), review_version=number_in(form, REVIEW_VERSION))
    if not number_in(form, DRAFT_VERSION):
        # A draft can be kept of a case that is reviewed, or that somebody else has begun with.
        with suppress(ApiProblem):
            await services.findings.start(pages.key)
    try:
        return await services.findings.save_draft(pages.key, draft, version=number_in(form, DRAFT_VERSION))
    except ApiProblem as error:
        if error.problem.status != HTTPStatus.PRECONDITION_FAILED:
            raise
        # Perhaps it was this very page, and the answer did not reach it.
        other = await draft_of(services, pages)
        if other is not None and other.fields.get(PAGE) != [form.value(PAGE)]:
            raise
        return await services.findings.save_draft(pages.key, draft, version=other.version if other else 0)

"""The page of one case: fill it in and go on to the next, or see what was recorded.

What must not break: whatever becomes of a form that was sent, everything typed into it stands on the page that answers.
"""

import asyncio
from contextlib import suppress
from http import HTTPStatus
from urllib.parse import urlencode

from fastapi import APIRouter
from pydantic import ValidationError
from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from stickprov_client.api import ApiProblem, Services
from stickprov_client.language.translations import texts
from stickprov_client.web.connected import Connected
from stickprov_client.web.follow_ups.names import names_for
from stickprov_client.web.forms import Fault, Form, read_form
from stickprov_client.web.language import language_of
from stickprov_client.web.reviewing.addresses import CASE, CasePages, CaseReader, NamedCase, Reviewer
from stickprov_client.web.reviewing.conflicts import conflict_page, is_conflict
from stickprov_client.web.reviewing.drafting import save_draft
from stickprov_client.web.reviewing.faults import faults_in, unacceptable
from stickprov_client.web.reviewing.form_page import begun, form_page
from stickprov_client.web.reviewing.opening import open_to_fill_in, open_to_read
from stickprov_client.web.reviewing.recorded_page import recorded_page
from stickprov_client.web.reviewing.sending import ACTIONS, Action, fields_for, send
from stickprov_client.web.reviewing.sheet import sheet_of
from stickprov_client.web.reviewing.typed import (
    ACCOUNT,
    ACTION,
    DRAFT_VERSION,
    QUESTIONNAIRE,
    fields_of,
    number_in,
    typed_fields,
)
from stickprov_client.web.reviewing.upcoming import Upcoming, begin_with, upcoming_after, upcoming_beside
from stickprov_client.web.sessions import Session

_REVIEWERS = frozenset({"reviewer", "protected-reviewer"})


def case_router() -> APIRouter:
    """Return the page of a case, and the page that corrects what is recorded of it."""
    router = APIRouter(prefix=CASE)

    @router.get("")
    async def show(
        request: Request, services: Connected, session: CaseReader, pages: NamedCase, saved: str = ""
    ) -> Response:
        language = language_of(request)
        if session.roles.isdisjoint(_REVIEWERS):
            opened, names = await asyncio.gather(
                open_to_read(services, pages, language, with_identity=False), names_for(request, services)
            )
            return recorded_page(request, opened, session, names=names)
        opened = await open_to_fill_in(services, pages, language)
        if not opened.is_waiting or opened.review.closed:
            return recorded_page(request, opened, session)
        return form_page(request, opened, begun(opened, {}), correcting=False, saved=bool(saved))

    @router.post("")
    async def act(request: Request, services: Connected, session: Reviewer, pages: NamedCase) -> Response:
        return await _act(request, services, session, pages, correcting=False)

    @router.get("/correction")
    async def correct(
        request: Request, services: Connected, _session: Reviewer, pages: NamedCase, saved: str = ""
    ) -> Response:
        opened = await open_to_fill_in(services, pages, language_of(request))
        if opened.is_waiting or opened.review.closed:
            return RedirectResponse(pages.case, HTTPStatus.SEE_OTHER)
        recorded = fields_of(opened.review, opened.review.subunits, language_of(request))
        return form_page(request, opened, begun(opened, recorded), correcting=True, saved=bool(saved))

    @router.post("/correction")
    async def send_correction(request: Request, services: Connected, session: Reviewer, pages: NamedCase) -> Response:
        return await _act(request, services, session, pages, correcting=True)

    return router


async def _act(
    request: Request, services: Services, session: Session, pages: CasePages, *, correcting: bool
) -> Response:
    """Do what the pressed button says."""
    form = await read_form(request)
    say = texts(language_of(request)).gettext
    if form.value(ACCOUNT, session.account) != session.account:
        message = say("This was written by {other}, and you are signed in as {account}. Nothing has been sent.")
        told = message.format(other=form.value(ACCOUNT), account=session.account)
        return await _again(request, services, pages, form, [Fault("", told)], correcting=correcting)
    action = form.value(ACTION)
    for known in ACTIONS:
        if known == action:
            return await _send(request, services, pages, form, known, correcting=correcting)
    if action == "look":
        return await _again(request, services, pages, form, [], correcting=correcting)
    if action == "leave":
        return await _leave(services, pages)
    return await _keep(request, services, pages, form, correcting=correcting)


async def _leave(services: Services, pages: CasePages) -> Response:
    """Go on and let what is recorded stand; the draft that came too late goes."""
    with suppress(ApiProblem):
        await services.findings.drop_draft(pages.key)
    upcoming = await upcoming_after(services, pages.key)
    return _go_to(services, upcoming, upcoming.address)


async def _send(
    request: Request, services: Services, pages: CasePages, form: Form, action: Action, *, correcting: bool
) -> Response:
    language = language_of(request)
    review, upcoming = await asyncio.gather(services.findings.review(pages.key), upcoming_after(services, pages.key))
    sheet = sheet_of(review, language)
    if number_in(form, QUESTIONNAIRE) != (review.questionnaire_number or 0) and action == "submit":
        newer = Form(
            values={**form.values, QUESTIONNAIRE: (str(review.questionnaire_number or ""),)}, command=form.command
        )
        told = texts(language).gettext(
            "The questions have changed since you opened the case. Look through them once more."
        )
        return await _again(request, services, pages, newer, [Fault("", told)], correcting=correcting)
    try:
        await send(services, pages.key, sheet, form, action, correcting=correcting)
    except ValidationError as error:
        faults = unacceptable(error, language, fields_for(action))
        return await _again(request, services, pages, form, faults, correcting=correcting)
    except ApiProblem as error:
        if is_conflict(error.problem):
            return await conflict_page(request, services, pages, form, action, error.problem)
        if error.problem.status != HTTPStatus.UNPROCESSABLE_ENTITY:
            raise
        faults = faults_in(error.problem, sheet, language, fields_for(action))
        return await _again(request, services, pages, form, faults, correcting=correcting)
    return _onward(services, pages, upcoming, correcting=correcting)


async def _keep(request: Request, services: Services, pages: CasePages, form: Form, *, correcting: bool) -> Response:
    """Save a draft, and go on to the next case if that was the button."""
    goes_on = form.value(ACTION) == "next"
    if typed_fields(form) or number_in(form, DRAFT_VERSION):
        try:
            await save_draft(services, pages, form)
        except ApiProblem as error:
            if not is_conflict(error.problem):
                raise
            return await _newer_draft(request, services, pages, form, correcting=correcting)
    if goes_on:
        upcoming = await upcoming_beside(services, pages.key)
        return _go_to(services, upcoming, upcoming.address)
    here = pages.correction if correcting else pages.case
    return RedirectResponse(f"{here}?saved=yes", HTTPStatus.SEE_OTHER)


async def _newer_draft(
    request: Request, services: Services, pages: CasePages, form: Form, *, correcting: bool
) -> Response:
    """Show what was typed beside the news that another tab was faster; sent once more it replaces the other."""
    opened = await open_to_fill_in(services, pages, language_of(request))
    version = str(opened.draft.version if opened.draft else 0)
    told = texts(language_of(request)).gettext(
        "Another tab or computer has saved a newer draft of this case. What you wrote here is kept on this page: "
        "save it again to replace the other, or open the case anew to see the other."
    )
    again = Form(values={**form.values, DRAFT_VERSION: (version,)}, command=form.command)
    return form_page(request, opened, again.with_faults([Fault("", told)]), correcting=correcting)


async def _again(
    request: Request, services: Services, pages: CasePages, form: Form, faults: list[Fault], *, correcting: bool
) -> Response:
    opened = await open_to_fill_in(services, pages, language_of(request))
    return form_page(request, opened, form.with_faults(faults) if faults else form, correcting=correcting)


def _onward(services: Services, pages: CasePages, upcoming: Upcoming, *, correcting: bool) -> Response:
    if correcting:
        return RedirectResponse(pages.case, HTTPStatus.SEE_OTHER)
    return _go_to(services, upcoming, f"{upcoming.address}?{urlencode({'done': pages.case}, safe='/')}")


def _go_to(services: Services, upcoming: Upcoming, address: str) -> Response:
    begin = BackgroundTask(begin_with, services, upcoming)
    return RedirectResponse(address, HTTPStatus.SEE_OTHER, background=begin)

"""Taking back what was recorded: a finding is withdrawn, a mark is opened again. Both need a reason."""

from http import HTTPStatus

from fastapi import APIRouter
from pydantic import ValidationError
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from stickprov_client.api import ApiProblem
from stickprov_client.language.problems import title_of
from stickprov_client.web.connected import Connected
from stickprov_client.web.forms import Fault, Form, read_form
from stickprov_client.web.language import language_of
from stickprov_client.web.reviewing.addresses import CASE, NamedCase, Reviewer
from stickprov_client.web.reviewing.conflicts import is_conflict
from stickprov_client.web.reviewing.faults import faults_in, unacceptable
from stickprov_client.web.reviewing.opening import open_to_fill_in
from stickprov_client.web.reviewing.recorded_page import recorded_page
from stickprov_client.web.reviewing.typed import MARKS, REVIEW_VERSION, number_in
from stickprov_contracts.http.findings import ReopenReview, WithdrawFinding


def taking_back_router() -> APIRouter:
    """Return the routes of the forms on the page of a recorded case."""
    router = APIRouter(prefix=CASE)

    @router.post("/taking-back")
    async def take_back(request: Request, services: Connected, session: Reviewer, pages: NamedCase) -> Response:
        form = await read_form(request)
        language = language_of(request)
        opened = await open_to_fill_in(services, pages, language)
        seen = number_in(form, REVIEW_VERSION)
        typed = {"reason": form.value("reason")}
        try:
            if opened.review.status in MARKS:
                reopening = ReopenReview.model_validate(typed)
                await services.findings.reopen(pages.key, reopening, version=seen, command=form.command)
            else:
                withdrawal = WithdrawFinding.model_validate(typed)
                await services.findings.withdraw(pages.key, withdrawal, version=seen, command=form.command)
        except ValidationError as error:
            return recorded_page(request, opened, session, form.with_faults(unacceptable(error, language, {})))
        except ApiProblem as error:
            if is_conflict(error.problem):
                newer = Form(values={**form.values, REVIEW_VERSION: (str(opened.review.version),)})
                faults = [Fault("", title_of(error.problem, language))]
                return recorded_page(request, opened, session, newer.with_faults(faults))
            if error.problem.status != HTTPStatus.UNPROCESSABLE_ENTITY:
                raise
            faults = faults_in(error.problem, opened.sheet, language, {})
            return recorded_page(request, opened, session, form.with_faults(faults))
        return RedirectResponse(pages.case, HTTPStatus.SEE_OTHER)

    return router

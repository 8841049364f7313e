"""Where first and second review disagree: both beside each other, and the coordinator says what holds."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Final

from fastapi import APIRouter
from pydantic import ValidationError
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from stickprov_client.api import ApiProblem, Services
from stickprov_client.language.translations import Language, texts
from stickprov_client.web.access import Examiner
from stickprov_client.web.connected import Connected
from stickprov_client.web.follow_ups.names import names_for
from stickprov_client.web.forms import Fault, Form, read_form
from stickprov_client.web.language import language_of
from stickprov_client.web.rendering import page
from stickprov_client.web.reviewing.addresses import CASE, NamedCase
from stickprov_client.web.reviewing.conflicts import is_conflict
from stickprov_client.web.reviewing.faults import faults_in, unacceptable
from stickprov_client.web.reviewing.opening import OpenedCase, open_to_read
from stickprov_client.web.reviewing.told import told
from stickprov_client.web.reviewing.typed import (
    ACTION,
    MARKS,
    QUESTIONNAIRE,
    REVIEW_VERSION,
    SECOND_VERSION,
    Fields,
    applying,
    fields_of,
    number_in,
    outcome_in,
)
from stickprov_client.web.sessions import Session
from stickprov_contracts.http.findings import HistoryEntry, Review, SettleDisagreement

_OUTCOMES: Final = frozenset({"recorded", "corrected", *MARKS})


def settling_router() -> APIRouter:
    """Return the page."""
    router = APIRouter(prefix=CASE)

    @router.get("/settlement")
    async def show(request: Request, services: Connected, session: Examiner, pages: NamedCase) -> Response:
        language = language_of(request)
        opened = await open_to_read(services, pages, language, with_identity=False)
        return await _page(request, services, session, opened, _begun(opened.review, language))

    @router.post("/settlement")
    async def settle(request: Request, services: Connected, session: Examiner, pages: NamedCase) -> Response:
        language = language_of(request)
        opened = await open_to_read(services, pages, language, with_identity=False)
        form = await read_form(request)
        fields = {"mark_reason": form.value(ACTION)} if form.value(ACTION) in MARKS else {}
        try:
            settlement = SettleDisagreement.model_validate(_settlement_in(form, opened))
            seen = number_in(form, REVIEW_VERSION)
            await services.findings.settle(pages.key, settlement, version=seen, command=form.command)
        except ValidationError as error:
            faults = unacceptable(error, language, fields)
            return await _page(request, services, session, opened, form.with_faults(faults))
        except ApiProblem as error:
            if not error.is_our_fault or error.problem.status in {HTTPStatus.FORBIDDEN, HTTPStatus.UNAUTHORIZED}:
                raise
            faults = faults_in(error.problem, opened.sheet, language, fields)
            if error.problem.code == "period-closed":
                faults = [Fault("", _closed(opened.review, language))]
            elif is_conflict(error.problem):
                form, faults = _newer(form, opened.review), [Fault("", _moved_on(language)), *faults]
            return await _page(request, services, session, opened, form.with_faults(faults))
        return RedirectResponse(pages.case, HTTPStatus.SEE_OTHER)

    return router


async def _page(request: Request, services: Services, session: Session, opened: OpenedCase, form: Form) -> Response:
    language = language_of(request)
    review = opened.review
    first = fields_of(review, review.subunits, language)
    latest = second_of(review)
    second = fields_of(latest, review.subunits, language) if latest else {}
    rows = told(opened.sheet, language, first, second)
    return page(
        request,
        "review_settlement.html",
        status=HTTPStatus.UNPROCESSABLE_ENTITY if form.faults else HTTPStatus.OK,
        opened=opened,
        pages=opened.pages,
        review=review,
        sheet=opened.sheet,
        second=latest,
        rows=rows,
        names=await names_for(request, services),
        hints={row.field: row.texts for row in rows if row.differs},
        mark_of_second=latest.what if latest and latest.what in MARKS else None,
        form=form,
        applying=applying(opened.sheet, form.values),
        may_settle="coordinator" in session.roles and review.disagrees and not review.closed,
    )


def _settlement_in(form: Form, opened: OpenedCase) -> dict[str, Any]:
    """Return what the pressed button says holds: what is answered, or a mark."""
    why = {"reason": form.value("reason"), "second_version": number_in(form, SECOND_VERSION)}
    mark = form.value(ACTION)
    if mark not in MARKS:
        return outcome_in(form, opened.sheet) | why
    return why | {"mark": mark, "mark_reason": form.optional(mark), "comment": form.optional("comment")}


def second_of(review: Review) -> HistoryEntry | None:
    """Return what the second review says now: its finding or its mark; None while it waits, or waits again."""
    newest = next((entry for entry in reversed(review.second) if entry.what != "started"), None)
    return newest if newest and newest.what in _OUTCOMES else None


def agreed(first: Fields, second: Fields) -> dict[str, tuple[str, ...]]:
    """Return the fields that both have alike."""
    return {name: values for name, values in first.items() if second.get(name) == values}


def _begun(review: Review, language: Language) -> Form:
    latest = second_of(review)
    first = fields_of(review, review.subunits, language)
    second: Mapping[str, tuple[str, ...]] = fields_of(latest, review.subunits, language) if latest else {}
    ours = {
        REVIEW_VERSION: (str(review.version),),
        SECOND_VERSION: (str(review.second_version or 0),),
        QUESTIONNAIRE: (str(review.questionnaire_number or ""),),
    }
    # Of a mark, whoever set it: it is what the buttons below the answers say.
    marks = {name: values for name, values in {**first, **second}.items() if name in MARKS}
    return Form(values=agreed(first, second) | marks | ours)


def _newer(form: Form, review: Review) -> Form:
    seen = {REVIEW_VERSION: (str(review.version),), SECOND_VERSION: (str(review.second_version or 0),)}
    return Form(values={**form.values, **seen}, command=form.command)


def _moved_on(language: Language) -> str:
    return texts(language).gettext("One of the two has changed since you opened this page. Look at both once more.")


def _closed(review: Review, language: Language) -> str:
    say = texts(language).gettext
    return say("Period {period} has been closed, so nothing in it can be settled any more.").format(
        period=review.closed or ""
    )

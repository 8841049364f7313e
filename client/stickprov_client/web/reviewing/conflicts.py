"""When somebody was faster: both versions beside each other, nothing lost, and the ways on."""

from http import HTTPStatus
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from stickprov_client.api import Services
from stickprov_client.language.problems import title_of
from stickprov_client.web.forms import Fault, Form
from stickprov_client.web.language import language_of
from stickprov_client.web.rendering import page
from stickprov_client.web.reviewing.addresses import CasePages
from stickprov_client.web.reviewing.form_page import form_page
from stickprov_client.web.reviewing.opening import open_to_fill_in
from stickprov_client.web.reviewing.sending import Action
from stickprov_client.web.reviewing.told import told
from stickprov_client.web.reviewing.typed import fields_of, sent_of, typed_fields, without_computed
from stickprov_contracts.problems import Problem

_CONFLICTS: Final = frozenset({HTTPStatus.CONFLICT, HTTPStatus.PRECONDITION_FAILED})


def is_conflict(problem: Problem) -> bool:
    """Tell whether a service refused because something else has happened in the meantime."""
    return problem.status in _CONFLICTS


async def conflict_page(
    request: Request, services: Services, pages: CasePages, form: Form, action: Action, problem: Problem
) -> Response:
    """Return the page for who came second.

    Args:
        request: of the reviewer.
        services: theirs.
        pages: of the case.
        form: what they typed.
        action: the button they pressed.
        problem: what the service said.
    """
    language = language_of(request)
    opened = await open_to_fill_in(services, pages, language)
    if opened.is_waiting or problem.code == "nothing-changed":
        fault = Fault("", title_of(problem, language))
        return form_page(request, opened, form.with_faults([fault]), correcting=not opened.is_waiting)
    recorded = without_computed(fields_of(opened.review, opened.review.subunits, language), opened.sheet)
    typed = typed_fields(form)
    rows = told(opened.sheet, language, recorded, sent_of(typed, opened.sheet))
    return page(
        request,
        "review_conflict.html",
        status=HTTPStatus.CONFLICT,
        opened=opened,
        pages=pages,
        review=opened.review,
        rows=rows,
        same=not any(row.differs for row in rows),
        form=Form(values=form.values),
        typed=typed,
        action=action,
    )

"""The form of one case: how it begins, and how it is shown again with everything typed."""

from http import HTTPStatus
from uuid import uuid4

from starlette.requests import Request
from starlette.responses import Response

from stickprov_client.web.access import sign_in_address
from stickprov_client.web.forms import Form
from stickprov_client.web.rendering import page
from stickprov_client.web.reviewing.addresses import QUEUE
from stickprov_client.web.reviewing.opening import OpenedCase
from stickprov_client.web.reviewing.shortcuts import shortcuts_wanted
from stickprov_client.web.reviewing.typed import DRAFT_VERSION, PAGE, QUESTIONNAIRE, REVIEW_VERSION, Fields, applying


def begun(opened: OpenedCase, otherwise: Fields) -> Form:
    """Return the form with the reviewer's draft in it, else with something else.

    Args:
        opened: the case.
        otherwise: the fields without a draft: none, or what is recorded.
    """
    draft = opened.draft
    fields = {name: tuple(values) for name, values in draft.fields.items()} if draft else dict(otherwise)
    ours = {
        PAGE: (str(uuid4()),),
        REVIEW_VERSION: (str(opened.review.version),),
        DRAFT_VERSION: (str(draft.version if draft else 0),),
        QUESTIONNAIRE: (str(opened.review.questionnaire_number or ""),),
    }
    return Form(values=fields | ours)


def form_page(request: Request, opened: OpenedCase, form: Form, *, correcting: bool, saved: bool = False) -> Response:
    """Return the page with the form.

    Args:
        request: of the reviewer.
        opened: the case.
        form: what stands in it, and what is wrong.
        correcting: whether it replaces what is recorded.
        saved: whether the reviewer has just pressed the button that saves a draft.
    """
    return page(
        request,
        "review_case.html",
        status=HTTPStatus.UNPROCESSABLE_ENTITY if form.faults else HTTPStatus.OK,
        opened=opened,
        pages=opened.pages,
        review=opened.review,
        sheet=opened.sheet,
        form=form,
        applying=applying(opened.sheet, form.values),
        correcting=correcting,
        saved=saved,
        previous=previous_case(request),
        shortcuts=shortcuts_wanted(request),
        sign_in_beside=sign_in_address(request, QUEUE) or "",
    )


def previous_case(request: Request) -> str | None:
    """Return the address of the case that was done just before, if the page was come to from there."""
    address = request.query_params.get("done", "")
    is_case = address.startswith(("/review/", "/second-review/", "/file-review/")) and ":" not in address
    return address if is_case and address.isascii() and address.isprintable() else None

"""What was recorded of a case, and what can be done about it: correct it, take it back, open it again."""

from collections.abc import Mapping
from http import HTTPStatus
from types import MappingProxyType

from starlette.requests import Request
from starlette.responses import Response

from stickprov_client.web.forms import Form
from stickprov_client.web.language import language_of
from stickprov_client.web.rendering import page
from stickprov_client.web.reviewing.form_page import previous_case
from stickprov_client.web.reviewing.opening import OpenedCase
from stickprov_client.web.reviewing.told import told
from stickprov_client.web.reviewing.typed import REVIEW_VERSION, fields_of
from stickprov_client.web.sessions import Session


def recorded_page(
    request: Request,
    opened: OpenedCase,
    session: Session,
    form: Form | None = None,
    *,
    names: Mapping[str, str] = MappingProxyType({}),
) -> Response:
    """Return the page.

    Args:
        request: of the reader.
        opened: the case.
        session: of the reader.
        form: with which somebody tried to take it back, if something is wrong with it.
        names: of the staff by pseudonym, towards who may see them.
    """
    language = language_of(request)
    review = opened.review
    fields = fields_of(review, review.subunits, language)
    return page(
        request,
        "review_recorded.html",
        status=HTTPStatus.UNPROCESSABLE_ENTITY if form and form.faults else HTTPStatus.OK,
        opened=opened,
        pages=opened.pages,
        review=review,
        sheet=opened.sheet,
        rows=told(opened.sheet, language, fields),
        form=form or Form(values={REVIEW_VERSION: (str(review.version),)}),
        may_change=not review.closed and not session.roles.isdisjoint({"reviewer", "protected-reviewer"}),
        reviews=not session.roles.isdisjoint({"reviewer", "protected-reviewer"}),
        may_settle="coordinator" in session.roles,
        previous=previous_case(request),
        names=names,
    )

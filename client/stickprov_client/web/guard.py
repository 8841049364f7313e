"""The one place where every POST is checked before anything happens: from our own page, and from this visit.

What must not break: no handler of a changing request runs before ``guard``; the application puts it before all routes.
"""

from collections.abc import AsyncIterator
from typing import Final
from urllib.parse import urlsplit

from starlette.requests import Request

from stickprov_client.web.forms import TOKEN, form_data
from stickprov_client.web.visitor import doorkeeper_of, visit_of

_HARMLESS: Final = frozenset({"GET", "HEAD", "OPTIONS"})
_OURS: Final = frozenset({"same-origin", "none"})
_OF_PROGRAMS: Final = frozenset({"/sign-out/back-channel"})
FORM_LIMIT: Final = 1024 * 1024
"""Bytes of a form without a file."""


class NotFromHere(Exception):  # noqa: N818 - what the reader is told
    """Another site sent the form."""


class FormTooOld(Exception):  # noqa: N818 - what the reader is told
    """The form was made before the visitor signed in or out, or before the application was started anew."""


class FormTooLarge(Exception):  # noqa: N818 - what the reader is told
    """More was sent than is taken.

    Attributes:
        limit: bytes.
    """

    def __init__(self, limit: int) -> None:
        super().__init__(limit)
        self.limit = limit


async def guard(request: Request) -> AsyncIterator[None]:
    """Let a request through, if it changes nothing or is a form of ours, shown to this visit; close its files after.

    Raises:
        NotFromHere, FormTooLarge: nothing of the body was read.
        FormTooOld: the form's values can be shown back.
    """
    if request.method in _HARMLESS:
        yield
        return
    if not comes_from_here(request):
        raise NotFromHere
    _weigh(request)
    if request.url.path in _OF_PROGRAMS:
        yield  # no browser sends it: what it says is signed
        return
    form = await form_data(request)
    try:
        token = form.get(TOKEN)
        visit = visit_of(request)
        if visit is None or not isinstance(token, str) or not doorkeeper_of(request).is_form_token(visit, token):
            raise FormTooOld
        yield
    finally:
        await form.close()


def comes_from_here(request: Request) -> bool:
    """Tell by the browser's own headers whether a page of ours sent the request; True where it says nothing."""
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None and site not in _OURS:
        return False
    origin = request.headers.get("Origin")
    return origin is None or urlsplit(origin).netloc == request.headers.get("Host")


def _weigh(request: Request) -> None:
    has_files = request.headers.get("Content-Type", "").startswith("multipart/form-data")
    limit: int = request.app.state.upload_limit if has_files else FORM_LIMIT
    length = request.headers.get("Content-Length", "")
    if not length.isdigit() or int(length) > limit:
        raise FormTooLarge(limit)

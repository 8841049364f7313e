"""Who asks for a page: the session behind the browser's cookie, and the token that its forms must carry."""

import hashlib
import hmac
import secrets
from dataclasses import dataclass, field
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from stickprov_client.web.held_files import HeldFiles
from stickprov_client.web.sessions import LONGEST_SECONDS, Session, Sessions, new_session_id

COOKIE: Final = "stickprov-session"
COOKIE_OVER_TLS: Final = "__Host-stickprov-session"
"""Browsers take a cookie of this name from this very host alone, over TLS, so nobody else can plant one."""
_LONGEST_ID: Final = 100


@dataclass(frozen=True)
class Doorkeeper:
    """What the application remembers about its visitors; forgotten when it ends.

    Attributes:
        sessions: who is signed in. form_key: what form tokens are made with. files: sent, but not used yet.
    """

    sessions: Sessions = field(default_factory=Sessions)
    files: HeldFiles = field(default_factory=HeldFiles)
    form_key: bytes = field(default_factory=lambda: secrets.token_bytes(32), repr=False)

    def show_out(self, visit: str | None) -> None:
        """End a visit: nobody is signed in with it, and the files it sent are gone."""
        if visit is not None:
            self.sessions.end(visit)
            self.files.let_all_go(visit)

    def form_token(self, visit: str) -> str:
        """Return the token that every form shown to this visit carries."""
        return hmac.new(self.form_key, visit.encode(), hashlib.sha256).hexdigest()

    def is_form_token(self, visit: str, token: str) -> bool:
        """Tell whether a form was shown to this visit."""
        return hmac.compare_digest(self.form_token(visit).encode(), token.encode())


def doorkeeper_of(request: Request) -> Doorkeeper:
    """Return the application's one doorkeeper."""
    doorkeeper = request.app.state.doorkeeper
    if not isinstance(doorkeeper, Doorkeeper):
        raise TypeError("the application has no doorkeeper")
    return doorkeeper


def visit_of(request: Request) -> str | None:
    """Return the id in the browser's cookie, signed in or not."""
    visit = request.cookies.get(_cookie(request)[0], "")
    return visit if 0 < len(visit) <= _LONGEST_ID else None


def signed_in(request: Request) -> Session | None:
    """Return the visitor's session; None when nobody is signed in."""
    visit = visit_of(request)
    return doorkeeper_of(request).sessions.find(visit) if visit else None


class FormToken:
    """The token of a page's forms. A visitor without a cookie gets one, if the page turns out to have a form."""

    def __init__(self, request: Request) -> None:
        self._request = request
        self._visit: str | None = visit_of(request)
        self._new = False

    def __call__(self) -> str:
        if self._visit is None:
            self._visit, self._new = new_session_id(), True
        return doorkeeper_of(self._request).form_token(self._visit)

    def remember(self, response: Response) -> None:
        """Give the browser its cookie, if one was made."""
        if self._new and self._visit is not None:
            set_visit(self._request, response, self._visit)


def set_visit(request: Request, response: Response, visit: str) -> None:
    """Give the browser a visit's id: not for scripts, not for requests that other sites start in the background."""
    name, secure = _cookie(request)
    response.set_cookie(name, visit, max_age=LONGEST_SECONDS, httponly=True, samesite="lax", secure=secure)


def _cookie(request: Request) -> tuple[str, bool]:
    """Return the cookie's name and whether it goes over TLS alone, as the address that browsers know says."""
    if request.app.state.is_over_tls:
        return COOKIE_OVER_TLS, True
    return COOKIE, request.url.scheme == "https"

"""Pages that are for somebody: who must be signed in, and as what.

The services check every call themselves; a page asks first only so that nobody types into a form they may not send.
"""

from typing import Annotated, Final
from urllib.parse import quote, urlencode, urlsplit

from fastapi import Depends
from starlette.requests import Request

from stickprov_client.web.sessions import Session
from stickprov_client.web.visitor import signed_in

START: Final = "/"
SIGN_IN: Final = "/sign-in"
_LONGEST: Final = 2000


class SignInFirst(Exception):  # noqa: N818 - what the reader is told
    """The page is for somebody who is signed in.

    Attributes:
        onward: where to go on afterwards.
    """

    def __init__(self, onward: str) -> None:
        super().__init__(onward)
        self.onward = onward


class AnotherRole(Exception):  # noqa: N818 - what the reader is told
    """The page is for another role.

    Attributes:
        account: who is signed in. roles: whose the page is.
    """

    def __init__(self, account: str, roles: tuple[str, ...]) -> None:
        super().__init__(account)
        self.account = account
        self.roles = roles


class Only:
    """A dependency that gives the session of somebody who has one of the roles.

    Attributes:
        roles: any one of them suffices; the table of who may see which page is made from them.
    """

    def __init__(self, roles: tuple[str, ...]) -> None:
        self.roles = roles

    def __call__(self, request: Request) -> Session:
        session = signed_in(request)
        if session is None:
            raise SignInFirst(onward_of(request))
        if session.roles.isdisjoint(self.roles):
            raise AnotherRole(session.account, self.roles)
        return session


def only(*roles: str) -> Only:
    """Return a dependency that gives the session of somebody who has one of the roles."""
    return Only(roles)


Coordinator = Annotated[Session, Depends(only("coordinator"))]
"""A route's parameter: the page is the coordinator's."""

Examiner = Annotated[Session, Depends(only("coordinator", "auditor"))]
"""A route's parameter: the page is for who may look behind the figures."""

Overseer = Annotated[Session, Depends(only("coordinator", "auditor", "ops"))]
"""A route's parameter: the page is for who looks after the logs."""


def onward_of(request: Request) -> str:
    """Return the address to go on to after a sign-in: this page, for a form without what it sent."""
    path = quote(request.url.path)
    return safe_address(f"{path}?{request.url.query}" if request.method == "GET" and request.url.query else path)


def sign_in_address(request: Request, onward: str) -> str | None:
    """Return the address of the sign-in page that goes on to another; None where there is no sign-in page."""
    if not request.app.state.has_sign_in:
        return None
    return SIGN_IN if onward == START else f"{SIGN_IN}?{urlencode({'next': onward})}"


def safe_address(text: str) -> str:
    """Return an address within this application; the start page for any other, however it is dressed up."""
    parts = urlsplit(text) if _is_plain(text) else None
    if parts is None or parts.scheme or parts.netloc or not text.startswith(START) or text.startswith("//"):
        return START
    return START if parts.path.startswith((SIGN_IN, "/sign-out", "/signed-out")) else text


def _is_plain(text: str) -> bool:
    # Browsers read a backslash as a slash and leave out control characters.
    return len(text) <= _LONGEST and text.isascii() and text.isprintable() and "\\" not in text

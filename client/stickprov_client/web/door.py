"""Who gets no further than the door: nobody reads without signing in, and nobody does anything without a role.

What must not break: a page that somebody adds is behind the door; what stands before it is listed here.
"""

from typing import Final

from starlette.requests import Request

from stickprov_client.api.discovery import WELL_KNOWN
from stickprov_client.web.access import SIGN_IN, SignInFirst, onward_of
from stickprov_client.web.visitor import signed_in

BEFORE_THE_DOOR: Final = frozenset(
    {
        SIGN_IN,
        "/sign-in/go",
        "/sign-in/back",
        "/sign-out",
        "/sign-out/back-channel",
        "/signed-out",
        WELL_KNOWN,
        "/health/live",
        "/health/ready",
        "/metrics",
    }
)
"""Paths that tell nothing that is anybody's."""


class NoRole(Exception):  # noqa: N818 - what the reader is told
    """Somebody is signed in who has no role here.

    Attributes:
        account: who.
    """

    def __init__(self, account: str) -> None:
        super().__init__(account)
        self.account = account


async def door(request: Request) -> None:
    """Let in who is signed in and has a role; where pages may be read by anybody, everybody else, too.

    Raises:
        SignInFirst: nobody is signed in.
        NoRole: somebody is, whom nobody has given a role.
    """
    if request.url.path in BEFORE_THE_DOOR:
        return
    session = signed_in(request)
    if session is None and request.app.state.is_closed:
        raise SignInFirst(onward_of(request))
    if session is not None and not session.roles:
        raise NoRole(session.account)

"""Whether somebody wants to answer with single keys; remembered in their browser."""

from typing import Final

from starlette.requests import Request

COOKIE: Final = "stickprov-shortcuts"
"""Set by the form's script, since without script there are no shortcuts."""


def shortcuts_wanted(request: Request) -> bool:
    """Tell whether single keys answer questions; they do until somebody turns them off."""
    return request.cookies.get(COOKIE) != "off"

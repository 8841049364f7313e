"""No body larger than its route takes, whether it says its length or not."""

from collections.abc import Mapping
from typing import Final

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from stickprov_kernel.errors import TooLargeError
from stickprov_kernel.http.problems import answer_to

_TOO_LARGE: Final = 413


class BodyLimitMiddleware:
    """Refuses bodies larger than the route takes, by their declared length or, without one, as they come in.

    Args:
        app: what is inside.
        limit: bytes that any route takes.
        limits: bytes that the routes below a path take instead; the longest path that fits decides.
    """

    def __init__(self, app: ASGIApp, limit: int, limits: Mapping[str, int]) -> None:
        self._app = app
        self._limit = limit
        self._limits = sorted(limits.items(), key=lambda entry: len(entry[0]), reverse=True)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        limit = self._limit_of(scope["path"])
        declared = Headers(scope=scope).get("content-length", "")
        if declared.isdecimal() and int(declared[:20]) > limit:
            await answer_to(TooLargeError(f"The body is larger than the {limit} bytes that this route takes."))(
                scope, receive, send
            )
            return
        await self._app(scope, _limited(receive, limit), send)

    def _limit_of(self, path: str) -> int:
        for prefix, limit in self._limits:
            if path == prefix or path.startswith(prefix + "/"):
                return limit
        return self._limit


def _limited(receive: Receive, limit: int) -> Receive:
    received = 0

    async def counted() -> Message:
        nonlocal received
        message = await receive()
        if message["type"] == "http.request":
            received += len(message.get("body", b""))
            if received > limit:
                # The framework lets this one through where it takes any other for a body it cannot parse.
                raise HTTPException(_TOO_LARGE)
        return message

    return counted

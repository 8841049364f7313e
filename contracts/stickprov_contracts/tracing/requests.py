"""A span for each request that is traced, as plain ASGI, so that streams stay streams.

What must not break: what is inside sees the span's place as the request's ``traceparent``, and neither the caller's own
nor any ``tracestate`` or ``baggage``.
"""

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, Final, TypeAlias

from stickprov_contracts.tracing.context import HEADER
from stickprov_contracts.tracing.spans import Span, working_in

_METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_NOT_PASSED_ON: Final = frozenset({b"traceparent", b"tracestate", b"baggage"})
_FAULT: Final = 500

Scope: TypeAlias = MutableMapping[str, Any]
Message: TypeAlias = MutableMapping[str, Any]
Receive: TypeAlias = Callable[[], Awaitable[Message]]
Send: TypeAlias = Callable[[Message], Awaitable[None]]
App: TypeAlias = Callable[[Scope, Receive, Send], Awaitable[None]]
Begin: TypeAlias = Callable[[Scope, str], Span | None]
"""Begins the span of a request, called like its method; None for one that is not traced."""


class TracedRequests:
    """ASGI middleware that makes a span of each request.

    Args:
        app: what is inside.
        begin: decides which are traced, and as part of what.
        route_of: tells the template of the route that answered; None where there was none.
    """

    def __init__(self, app: App, begin: Begin, route_of: Callable[[Scope], str | None]) -> None:
        self._app = app
        self._begin = begin
        self._route_of = route_of

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        method = scope["method"] if scope["method"] in _METHODS else "_OTHER"
        span = self._begin(scope, method)
        if span is None:
            await self._app(scope, receive, send)
            return
        scope["headers"] = [
            *((name, value) for name, value in scope["headers"] if name not in _NOT_PASSED_ON),
            (HEADER.encode(), span.traceparent.encode()),
        ]

        async def note(message: Message) -> None:
            if message["type"] == "http.response.start":
                _tell_status(span, message["status"])
            await send(message)

        with working_in(span):
            try:
                await self._app(scope, receive, note)
            finally:
                self._tell_route(span, scope, method)

    def _tell_route(self, span: Span, scope: Scope, method: str) -> None:
        span.tell("http.request.method", method)
        route = self._route_of(scope)
        if route is not None:
            span.rename(f"{method} {route}")
            span.tell("http.route", route)


def _tell_status(span: Span, status: int) -> None:
    span.tell("http.response.status_code", status)
    if status >= _FAULT:
        span.fail(str(status))

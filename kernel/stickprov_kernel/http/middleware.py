"""What happens around every request, as plain ASGI so that streams stay streams.

Outermost first: correlation, log line, metrics and faults; then the body's size; then who calls. Nobody's body is
read before it is known that they may call at all.
"""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import structlog
from prometheus_client import Counter, Histogram
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from stickprov_contracts.http.headers import CORRELATION_ID
from stickprov_kernel.errors import UnauthenticatedError
from stickprov_kernel.http.correlation import correlate, trace_id_of
from stickprov_kernel.http.identity import CALLER, Authenticator
from stickprov_kernel.http.problems import answer_to, answer_to_fault
from stickprov_kernel.http.rate_limit import RateLimits, TooManyRequestsError
from stickprov_kernel.http.roles import is_guarded
from stickprov_kernel.http.traces import TRACE_ID
from stickprov_kernel.metrics import Metrics

_LOG = structlog.stdlib.get_logger("stickprov.http")
_METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_QUIET: Final = frozenset({"/health/live", "/health/ready", "/metrics"})
# An answer is for a program: no browser keeps it, guesses what it is, or runs anything in it.
_PROTECTING: Final = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
_OVER_TLS_ALONE: Final = "max-age=31536000"


class RequestMetrics:
    """How many requests of which kind, and how long they took."""

    def __init__(self, metrics: Metrics) -> None:
        self.requests: Counter = metrics.counter("http_requests", "Requests answered", ("method", "route", "status"))
        self.seconds: Histogram = metrics.histogram(
            "http_request_duration_seconds", "Time from request to the end of the answer", ("method", "route")
        )

    def observe(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count one request; the status as its class, such as ``2xx``."""
        known = method if method in _METHODS else "other"
        self.requests.labels(known, route, f"{status // 100}xx").inc()
        self.seconds.labels(known, route).observe(seconds)


@dataclass
class _Answered:
    """Watches an answer go out, and gives it the correlation id and the headers of every answer."""

    send: Send
    correlation_id: str
    is_over_tls: bool
    status: int = 0

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            headers = MutableHeaders(scope=message)
            headers[CORRELATION_ID] = self.correlation_id
            for name, value in _PROTECTING.items():
                headers.setdefault(name, value)
            if self.is_over_tls:
                headers["Strict-Transport-Security"] = _OVER_TLS_ALONE
        await self.send(message)


class EdgeMiddleware:
    """Correlates, times, counts and logs each request, and answers what nobody else answered.

    Args:
        app: what is inside.
        metrics: where to count.
        templates: route template by the route's identity; filled when the application is complete.
    """

    def __init__(self, app: ASGIApp, metrics: RequestMetrics, templates: Mapping[int, str]) -> None:
        self._app = app
        self._metrics = metrics
        self._templates = templates

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = time.perf_counter()
        correlation_id = str(correlate(scope))
        answered = _Answered(send, correlation_id, is_over_tls=scope.get("scheme") == "https")
        trace_id = trace_id_of(scope)
        traced = {TRACE_ID: trace_id} if trace_id else {}
        with structlog.contextvars.bound_contextvars(correlation_id=correlation_id, **traced):
            try:
                await self._app(scope, receive, answered)
            except Exception as fault:
                if answered.status:
                    raise  # half an answer is out: the server must cut the connection, and logs why
                await answer_to_fault(fault)(scope, receive, answered)
            finally:
                self._record(scope, answered.status, time.perf_counter() - started)
                structlog.contextvars.unbind_contextvars("actor", TRACE_ID)

    def _record(self, scope: Scope, status: int, seconds: float) -> None:
        template = self._templates.get(id(scope.get("route")), "unmatched")
        # No answer went out: the client left, or the server was stopped.
        self._metrics.observe(scope["method"], template, status or 499, seconds)
        write = _LOG.debug if template in _QUIET else _LOG.info
        write(
            "request",
            method=scope["method"] if scope["method"] in _METHODS else "other",
            route=template,
            status=status or None,
            milliseconds=round(seconds * 1000, 1),
        )


class AuthenticationMiddleware:
    """Lets nobody into the API without a valid token; which role is needed is each route's own matter."""

    def __init__(self, app: ASGIApp, authenticator: Authenticator, limits: RateLimits) -> None:
        self._app = app
        self._authenticator = authenticator
        self._limits = limits

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        try:
            if is_guarded(scope["path"]):
                await self._let_in(scope)
            else:
                self._limits.count_stranger(scope)
        except (UnauthenticatedError, TooManyRequestsError) as refusal:
            await answer_to(refusal)(scope, receive, send)
            return
        await self._app(scope, receive, send)

    async def _let_in(self, scope: Scope) -> None:
        try:
            caller = await self._authenticator.identified(Headers(scope=scope).get("authorization"))
        except UnauthenticatedError:
            self._limits.count_stranger(scope)
            raise
        structlog.contextvars.bind_contextvars(actor=caller.actor)  # until the request's line is written
        self._limits.count_actor(scope, caller)
        scope[CALLER] = caller

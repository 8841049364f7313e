"""Which requests are traced, and as part of what.

What must not break: nobody without a valid token begins a trace, joins one or has one recorded. Whoever has a token may
bring a trace along and say that it is recorded: their share of requests bounds how much that is. Other services of ours
only go on with traces; their own questions, asked every few seconds, begin none.
"""

from collections.abc import Mapping
from typing import Final

import structlog

from stickprov_contracts.tracing.context import read_context
from stickprov_contracts.tracing.requests import Scope
from stickprov_contracts.tracing.spans import Span
from stickprov_contracts.tracing.tracing import Tracing
from stickprov_kernel.http.correlation import traceparent_of
from stickprov_kernel.http.identity import CALLER, Caller

TRACE_ID: Final = "trace_id"
"""Name of a trace's id in log lines."""


class RequestTraces:
    """Begins the spans of a service's requests.

    Args:
        tracing: the process's.
        templates: route template by the route's identity.
    """

    def __init__(self, tracing: Tracing, templates: Mapping[int, str]) -> None:
        self._tracing = tracing
        self._templates = templates

    def begin(self, scope: Scope, method: str) -> Span | None:
        """Begin the span of a request whose caller is known; None for one that is not traced."""
        caller = scope.get(CALLER)
        parent = read_context(traceparent_of(scope))
        if not isinstance(caller, Caller) or (parent is None and caller.roles == {"service"}):
            return None
        span = self._tracing.begin(method, "server", parent)
        if span is not None:
            # Until the request's line is written.
            structlog.contextvars.bind_contextvars(**{TRACE_ID: f"{span.context.trace_id:032x}"})
        return span

    def route_of(self, scope: Scope) -> str | None:
        """Return the template of the route that answered."""
        return self._templates.get(id(scope.get("route")))

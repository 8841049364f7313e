"""A span for each call of another service, as part of the work at hand; nothing where that is not traced."""

from types import TracebackType
from typing import Final, Self

import httpx

from stickprov_contracts.tracing.context import HEADER
from stickprov_contracts.tracing.spans import Span, current_span

_REFUSED: Final = 400


class Calling:
    """Wraps one attempt of a call: ``with Calling(request) as call: call.answered(await http.send(request))``."""

    def __init__(self, request: httpx.Request) -> None:
        self._request = request
        self._span: Span | None = None

    def __enter__(self) -> Self:
        work = current_span()
        if work is not None:
            url = self._request.url
            self._span = work.child(
                self._request.method,
                "client",
                {
                    "http.request.method": self._request.method,
                    "server.address": url.host,
                    "server.port": url.port or (443 if url.scheme == "https" else 80),
                },
            )
            self._request.headers[HEADER] = self._span.traceparent
        return self

    def answered(self, response: httpx.Response) -> httpx.Response:
        """Tell how the call was answered."""
        if self._span is not None:
            self._span.tell("http.response.status_code", response.status_code)
            if response.status_code >= _REFUSED:
                self._span.fail(str(response.status_code))
        return response

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._span is not None:
            if kind is not None:
                self._span.fail(kind.__name__)
            self._span.end()


async def pass_on_trace(request: httpx.Request) -> None:
    """Tell another service which trace the work at hand belongs to: a request hook of ``httpx``, without a span."""
    work = current_span()
    if work is not None:
        request.headers[HEADER] = work.traceparent

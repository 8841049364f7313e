"""Headers of every answer: a policy without exceptions for inline code, and no trace of the page elsewhere."""

from typing import Final

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

# Pico's small icons are data: images inside its style sheet.
POLICY: Final = (
    "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'; img-src 'self' data:; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)

_HEADERS: Final = {
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    # Without any referrer, browsers hide from us that a form came from our own page.
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    # For what does not know frame-ancestors.
    "X-Frame-Options": "DENY",
}
_OVER_TLS_ALONE: Final = "max-age=31536000; includeSubDomains"
"""A year; an organisation gives Stickprov a name of its own, so there is nothing else below it."""

_UNCHANGING: Final = "public, max-age=31536000, immutable"


class ProtectingHeaders:
    """ASGI middleware that adds the headers; static files, whose address holds their hash, may be kept for a year."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        hashed = scope["path"].startswith("/static/") and scope["query_string"].startswith(b"v=")

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                protect(MutableHeaders(scope=message), scope, _UNCHANGING if hashed else "no-store")
            await send(message)

        await self._app(scope, receive, send_with_headers)


def protect(headers: MutableHeaders, scope: Scope, kept: str = "no-store") -> None:
    """Add the headers of every answer; the page for a fault needs it, as it is made outside of all middleware."""
    headers.update(_HEADERS)
    headers.setdefault("Content-Security-Policy", POLICY)
    headers.setdefault("Cache-Control", kept)
    if is_over_tls(scope):
        headers["Strict-Transport-Security"] = _OVER_TLS_ALONE


def is_over_tls(scope: Scope) -> bool:
    """Tell whether browsers come by https: the request says so, or the address that the settings give."""
    return scope["scheme"] == "https" or bool(getattr(scope["app"].state, "is_over_tls", False))

"""Where the browser comes back to after a sign-in for the command: an address of this machine (RFC 8252, 7.3).

What must not break: it listens on this machine alone and takes one answer, the one to the sign-in that was begun.
"""

import secrets
import threading
from collections.abc import Mapping
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, HTTPServer
from types import TracebackType
from typing import Final, Self
from urllib.parse import parse_qsl, urlsplit

_PATH: Final = "/signed-in"
_LONGEST: Final = 8192


class Loopback:
    """Listens for the browser, from entering until leaving.

    Args:
        state: of the sign-in that was begun.
        said: what the browser shows in the end.
        port: to listen on; any that is free when left out.
    """

    def __init__(self, state: str, said: str, port: int = 0) -> None:
        self._arrived = threading.Event()
        self._answer: Mapping[str, str] = {}
        self._state = state
        self._said = said
        self._server = HTTPServer(("127.0.0.1", port), self._handler())
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)

    @property
    def address(self) -> str:
        """Where the provider is to send the browser."""
        return f"http://127.0.0.1:{self._server.server_port}{_PATH}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()

    def answer(self, seconds: float) -> Mapping[str, str] | None:
        """Wait for the browser and return what it brings; None when it does not come in time."""
        return self._answer if self._arrived.wait(seconds) else None

    def _take(self, path: str) -> bool:
        parts = urlsplit(path)
        answer = dict(parse_qsl(parts.query)) if len(path) <= _LONGEST and parts.path == _PATH else {}
        if self._arrived.is_set() or not secrets.compare_digest(answer.get("state", "").encode(), self._state.encode()):
            return False
        self._answer = answer
        return True

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        loopback = self

        class Handler(BaseHTTPRequestHandler):
            """Answers the browser."""

            def do_GET(self) -> None:
                taken = loopback._take(self.path)
                said = (loopback._said if taken else "404").encode()
                self.send_response(HTTPStatus.OK if taken else HTTPStatus.NOT_FOUND)
                self.send_header("Content-Type", "text/plain; charset=utf-8")
                self.send_header("Content-Length", str(len(said)))
                self.send_header("Cache-Control", "no-store")
                self.send_header("Referrer-Policy", "no-referrer")
                self.end_headers()
                self.wfile.write(said)
                if taken:
                    loopback._arrived.set()

            def log_message(self, *_words: object) -> None:
                """Say nothing: the address holds the code."""

        return Handler

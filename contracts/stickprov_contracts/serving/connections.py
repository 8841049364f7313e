"""HTTP connections that cannot be held for nothing: heads of bounded size, and nobody who takes for ever to send one.

What must not break: a connection costs memory and a place only while its client gets on; an upload over a slow line
gets on, a client that sends a byte now and then does not. However crowded it is, whoever asks how the process is gets
an answer, and one address does not take every place.
"""

import asyncio
from typing import Any, Final

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

HEAD_BYTES: Final = 65_536
"""Request line and headers together."""
MOST_HEADERS: Final = 100
MOST_CONNECTIONS: Final = 1000
"""Of one process; more are told to come back. A usual limit of open files is 1024."""
MOST_OF_ONE: Final = 800
"""From one address; the further ones are answered about health alone, and not waited for. A proxy is one address."""
_HEALTH: Final = (b"/health/", b"/.well-known/stickprov")
"""What supervisors ask."""
_CLOSED: Final = b"connection: close\r\ncontent-length: 0\r\n\r\n"


class HeadTooLargeError(Exception):
    """More headers than anybody needs."""


class BoundedConnection(HttpToolsProtocol):
    """A connection that is ended when its client sends too large a head (431), or sends too slowly (408).

    Attributes:
        head_seconds: a head must be whole after so long.
        crowded_seconds: the same where its address has too many connections already.
        body_seconds, body_bytes: while a body comes in, at least so many bytes must come in so many seconds.
    """

    head_seconds: float = 20.0
    crowded_seconds: float = 1.0
    most_of_one: int = MOST_OF_ONE
    body_seconds: float = 30.0
    body_bytes: int = 30_000

    def __init__(self, *arguments: Any, **options: Any) -> None:  # noqa: ANN401 - the server's own
        super().__init__(*arguments, **options)
        self._usual_limit = self.limit_concurrency
        self._crowded = False
        self._in_head = True
        self._head_bytes = 0
        self._kept_bytes = 0
        self._too_large = False
        self._body_bytes = 0
        self._patience: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to wait for a head."""
        super().connection_made(transport)
        self._crowded = self._of_the_same_address() > self.most_of_one
        self._wait_for_head()

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait no more."""
        self._wait_no_more()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Read on, unless the head has become too large."""
        if self.transport.is_closing():
            return
        super().data_received(data)
        if self._in_head:
            # A header that does not end is told by nobody else.
            self._head_bytes += len(data)
            if self._head_bytes > HEAD_BYTES and not self.transport.is_closing():
                self._end(b"431 Request Header Fields Too Large")

    def on_message_begin(self) -> None:
        """Begin to wait for a head."""
        self._in_head, self._head_bytes, self._kept_bytes = True, 0, 0
        self._wait_for_head()
        super().on_message_begin()

    def on_header(self, name: bytes, value: bytes) -> None:
        """Keep a header. Raises HeadTooLargeError, which the parser makes the end of the connection."""
        super().on_header(name, value)
        self._kept_bytes += len(name) + len(value)
        self._too_large = len(self.headers) > MOST_HEADERS or self._kept_bytes > HEAD_BYTES
        if self._too_large:
            raise HeadTooLargeError

    def on_headers_complete(self) -> None:
        """Begin to wait for a body."""
        self._in_head = False
        self._wait_no_more()
        if self.url.startswith(_HEALTH):
            self.limit_concurrency = None
        else:
            self.limit_concurrency = 0 if self._crowded else self._usual_limit
        super().on_headers_complete()
        self._wait_for_body()

    def on_body(self, body: bytes) -> None:
        """Count what comes in."""
        self._body_bytes += len(body)
        super().on_body(body)

    def on_message_complete(self) -> None:
        """Wait no more: it is our turn."""
        self._wait_no_more()
        super().on_message_complete()

    def send_400_response(self, msg: str) -> None:
        """Answer what is no HTTP, or has too large a head."""
        if self._too_large:
            self._end(b"431 Request Header Fields Too Large")
        else:
            super().send_400_response(msg)

    def _wait_for_head(self) -> None:
        if self._patience is None:
            seconds = self.crowded_seconds if self._crowded else self.head_seconds
            self._patience = self.loop.call_later(seconds, self._head_took_too_long)

    def _of_the_same_address(self) -> int:
        if self.client is None:
            return 0
        address = self.client[0]
        clients = (getattr(connection, "client", None) for connection in self.connections)
        return sum(client is not None and client[0] == address for client in clients)

    def _wait_for_body(self) -> None:
        self._body_bytes = 0
        self._patience = self.loop.call_later(self.body_seconds, self._look_at_body)

    def _wait_no_more(self) -> None:
        if self._patience is not None:
            self._patience.cancel()
            self._patience = None

    def _head_took_too_long(self) -> None:
        self._patience = None
        if not self.transport.is_closing():
            self._end(b"408 Request Timeout")

    def _look_at_body(self) -> None:
        self._patience = None
        if self.transport.is_closing():
            return
        # While reading is paused, it is we who take our time.
        if self._body_bytes < self.body_bytes and not self.flow.read_paused:
            self.transport.close()
        else:
            self._wait_for_body()

    def _end(self, status: bytes) -> None:
        self.transport.write(b"HTTP/1.1 " + status + b"\r\n" + _CLOSED)
        self.transport.close()

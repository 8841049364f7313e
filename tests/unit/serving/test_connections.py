"""A connection is worth its place only while its client gets on. Sockets of our own, no client that behaves."""

import socket
from collections.abc import Iterator
from contextlib import closing
from urllib.parse import urlsplit

import pytest
from fastapi import FastAPI, Request

from stickprov_contracts.serving.connections import MOST_HEADERS, BoundedConnection
from support.serving import serving

PATIENCE = 20


@pytest.fixture(scope="module")
def address() -> Iterator[tuple[str, int]]:
    app = FastAPI()

    @app.get("/health/live")
    async def live() -> str:
        return "alive"

    @app.get("/")
    @app.post("/")
    async def size(request: Request) -> int:
        return len(await request.body())

    with serving(app) as url:
        parts = urlsplit(url)
        yield str(parts.hostname), int(parts.port or 0)


def connected(address: tuple[str, int]) -> closing[socket.socket]:
    return closing(socket.create_connection(address, timeout=PATIENCE))


def everything(connection: socket.socket) -> bytes:
    """Return all that comes until the other side ends the connection."""
    received = b""
    try:
        while piece := connection.recv(65536):
            received += piece
    except ConnectionResetError:
        pass
    return received


def test_an_ordinary_request_is_answered_and_another_on_the_same_connection(address):
    with connected(address) as connection:
        for body in (b"abc", b"x" * 100_000):
            head = f"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: {len(body)}\r\n\r\n".encode()
            connection.sendall(head + body)
            answer = connection.recv(65536)
            assert answer.startswith(b"HTTP/1.1 200")
            assert answer.endswith(str(len(body)).encode())


@pytest.mark.parametrize(
    "head",
    [
        b"".join(b"X-%d: y\r\n" % number for number in range(MOST_HEADERS + 1)) + b"\r\n",
        b"X-Long: " + b"y" * 70_000 + b"\r\n\r\n",
        b"".join(b"X-%d: %s\r\n" % (number, b"y" * 8000) for number in range(20)) + b"\r\n",
    ],
)
def test_a_head_that_is_too_large_is_refused(address, head):
    with connected(address) as connection:
        connection.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n" + head)
        assert everything(connection).startswith(b"HTTP/1.1 431")


@pytest.mark.parametrize("begin", [b"GET /", b"GET / HTTP/1.1\r\nX: ", b"GET / HTTP/1.1\r\n"])
def test_a_head_without_end_is_cut_long_before_it_fills_the_memory(address, begin):
    sent = 0
    with connected(address) as connection:
        try:
            connection.sendall(begin)
            while sent < 50_000_000:
                sent += connection.send(b"y" * 8192 if begin.strip().endswith((b":", b"/")) else b"X: y\r\n" * 1000)
        except (BrokenPipeError, ConnectionResetError):
            pass
    assert sent < 20_000_000  # what fits into the kernel's buffers meanwhile


def test_a_head_that_does_not_come_is_not_waited_for(address, monkeypatch):
    monkeypatch.setattr(BoundedConnection, "head_seconds", 0.1)
    with connected(address) as silent, connected(address) as slow:
        slow.sendall(b"GET / HTTP/1.1\r\nX-")
        assert everything(silent).startswith(b"HTTP/1.1 408")
        assert everything(slow).startswith(b"HTTP/1.1 408")


def test_a_body_that_does_not_get_on_is_not_waited_for(address, monkeypatch):
    monkeypatch.setattr(BoundedConnection, "body_seconds", 0.1)
    with connected(address) as connection:
        connection.sendall(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\nx")
        assert b"HTTP/1.1 200" not in everything(connection)


def test_what_is_no_http_is_a_400(address):
    with connected(address) as connection:
        connection.sendall(b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03")
        assert everything(connection).startswith(b"HTTP/1.1 400")


def test_one_address_does_not_take_every_place_and_health_is_told_however_crowded_it_is(address, monkeypatch):
    monkeypatch.setattr(BoundedConnection, "most_of_one", 2)
    monkeypatch.setattr(BoundedConnection, "head_seconds", 60.0)
    monkeypatch.setattr(BoundedConnection, "crowded_seconds", 0.2)
    with connected(address) as first, connected(address) as second:
        # They are answered, so the server has them; then they wait.
        for taken in (first, second):
            taken.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
            assert taken.recv(65536).startswith(b"HTTP/1.1 200")
        asked = {}
        for path in ("/", "/health/live"):
            with connected(address) as third:
                third.sendall(f"GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
                asked[path] = everything(third)[:12]
        assert asked == {"/": b"HTTP/1.1 503", "/health/live": b"HTTP/1.1 200"}
        with connected(address) as idle:
            assert everything(idle).startswith(b"HTTP/1.1 408")

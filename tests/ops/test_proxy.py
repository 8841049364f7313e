"""What the proxy says about callers, lets through and keeps to itself; behind it, somebody tells what they get."""

import json
import socket
import ssl
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx
import pytest

from support.composed import compose_config
from support.proxy import NAME, Proxy, running_proxy, variables

_go_on = threading.Event()


class Telling(BaseHTTPRequestHandler):
    """Answers with what it was asked."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        if self.path == "/slow":
            self._in_two_pieces()
            return
        length = int(self.headers.get("Content-Length") or 0)
        received = len(self.rfile.read(length))
        heard: dict[str, Any] = {"path": self.path, "headers": dict(self.headers.items()), "received": received}
        body = json.dumps(heard).encode()
        self.send_response(200)
        self.send_header("Strict-Transport-Security", "max-age=1")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_POST = do_GET  # noqa: N815  # the server's name

    def _in_two_pieces(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", "10")
        self.end_headers()
        self.wfile.write(b"first")
        self.wfile.flush()
        _go_on.wait(30)
        self.wfile.write(b"later")

    def log_message(self, *_: object) -> None:
        """Say nothing."""


class Server(ThreadingHTTPServer):
    """Minds no caller who went away."""

    def handle_error(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def proxy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Proxy]:
    server = Server(("127.0.0.1", 0), Telling)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    behind = f"127.0.0.1:{server.server_address[1]}"
    try:
        names = ("web", "sampler", "findings", "reporting")
        with running_proxy(tmp_path_factory.mktemp("proxy"), dict.fromkeys(names, behind)) as running:
            yield running
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def browser(proxy: Proxy) -> Iterator[httpx.Client]:
    with proxy.browser() as client:
        yield client


def test_compose_tells_the_proxy_everything_that_its_configuration_asks_for(tmp_path: Path):
    told = compose_config(tmp_path).services["proxy"]["environment"]

    assert {name for name in told if name.startswith("PROXY_")} == variables()


def test_a_page_is_handed_on_as_it_was_asked_for(proxy, browser):
    heard = browser.get("/statistics/AMF-2021-3?from=2021-01-01&name=%C3%85sa%2FK").json()

    assert heard["path"] == "/statistics/AMF-2021-3?from=2021-01-01&name=%C3%85sa%2FK"
    assert heard["headers"]["Host"] == f"{NAME}:{proxy.https_port}"


@pytest.mark.parametrize("service", ["sampler", "findings", "reporting"])
def test_a_services_api_is_below_its_name(browser, service):
    heard = browser.get(f"/services/{service}/v1/control-points/AMF%202021?limit=5").json()

    assert heard["path"] == "/v1/control-points/AMF%202021?limit=5"


def test_what_a_caller_says_of_itself_is_not_believed(browser):
    claimed = {
        "X-Forwarded-For": "10.0.0.1",
        "X-Forwarded-Proto": "http",
        "X-Forwarded-Host": "elsewhere.example",
        "X-Forwarded-Port": "80",
        "X-Real-IP": "10.0.0.1",
        "Forwarded": "for=10.0.0.1",
    }

    heard = browser.get("/", headers=claimed).json()["headers"]

    assert {name: heard.get(name) for name in claimed} == {
        "X-Forwarded-For": "127.0.0.1",
        "X-Forwarded-Proto": "https",
        "X-Forwarded-Host": None,
        "X-Forwarded-Port": None,
        "X-Real-IP": None,
        "Forwarded": None,
    }


@pytest.mark.parametrize(
    "path",
    [
        "/metrics",
        "/metrics/",
        "//metrics",
        "/%6Detrics",
        "/pages/../metrics",
        "/metrics?format=text",
        "/services/sampler/metrics",
        "/services/findings/metrics",
        "/services/reporting//metrics",
        "/services/sampler/v1/../metrics",
        "/services/sampler/%2Fmetrics",
        "/services/web/metrics",
    ],
)
def test_metrics_are_not_for_outside_however_they_are_written(proxy, path):
    # A client's library would tidy the address up before sending it.
    with (
        socket.create_connection(("127.0.0.1", proxy.https_port), timeout=20) as raw,
        proxy.trusting.wrap_socket(raw, server_hostname=NAME) as sent,
    ):
        sent.sendall(f"GET {path} HTTP/1.1\r\nHost: {NAME}\r\nConnection: close\r\n\r\n".encode())
        answer = sent.makefile("rb").readline()

    assert answer == b"HTTP/1.1 404 Not Found\r\n"


@pytest.mark.parametrize("path", ["/services/", "/services/postgres/", "/services/web/", "/services/samplers/v1"])
def test_there_is_nothing_else_among_the_services(browser, path):
    assert browser.get(path).status_code == 404


def test_browsers_are_told_once_to_come_by_https_alone(browser):
    for path in ("/", "/services/sampler/v1", "/services/none"):
        assert browser.get(path).headers.get_list("Strict-Transport-Security") == [
            "max-age=31536000; includeSubDomains"
        ]


def test_without_tls_nothing_is_told_but_where_to_go(proxy):
    answer = httpx.post(f"http://127.0.0.1:{proxy.http_port}/queue?case=1", trust_env=False)

    assert answer.status_code == 308
    assert answer.headers["Location"] == f"{proxy.url}/queue?case=1"


def test_whoever_means_another_host_is_not_let_in(proxy, browser):
    with (
        socket.create_connection(("127.0.0.1", proxy.https_port), timeout=20) as raw,
        pytest.raises(ssl.SSLError, match=r"(?i)unrecognized.name"),
    ):
        proxy.trusting.wrap_socket(raw, server_hostname="elsewhere.example")
    assert browser.get("/", headers={"Host": "elsewhere.example"}).status_code == 421


def test_pages_share_one_connection(proxy):
    context = proxy.trusting
    context.set_alpn_protocols(["h2", "http/1.1"])
    with (
        socket.create_connection(("127.0.0.1", proxy.https_port), timeout=20) as raw,
        context.wrap_socket(raw, server_hostname=NAME) as agreed,
    ):
        assert agreed.selected_alpn_protocol() == "h2"
        assert agreed.version() == "TLSv1.3"


def test_a_head_that_is_too_large_goes_no_further(proxy, browser):
    answer = browser.get("/", headers={"X-Large": "x" * 20_000})

    assert answer.status_code == 400
    assert "Too Large" in answer.text
    assert browser.get("/", headers={"X-Large": "x" * 8_000}).status_code == 200


@pytest.mark.parametrize(
    ("path", "most"),
    [
        ("/frames", 257 << 20),
        ("/services/sampler/v1/frames", 257 << 20),
        ("/services/findings/v1/imports", 21 << 20),
        ("/services/reporting/v1/reports", 2 << 20),
    ],
)
def test_a_body_that_is_too_large_is_refused_before_it_is_sent(proxy, path, most):
    def answer_to(length: int) -> bytes:
        with (
            socket.create_connection(("127.0.0.1", proxy.https_port), timeout=20) as raw,
            proxy.trusting.wrap_socket(raw, server_hostname=NAME) as sent,
        ):
            head = f"POST {path} HTTP/1.1\r\nHost: {NAME}\r\nContent-Length: {length}\r\nExpect: 100-continue\r\n\r\n"
            sent.sendall(head.encode())
            return sent.makefile("rb").readline()

    assert answer_to(most + 1) == b"HTTP/1.1 413 Request Entity Too Large\r\n"
    assert answer_to(most) == b"HTTP/1.1 100 Continue\r\n"


def test_what_comes_in_pieces_is_handed_on_at_once(browser):
    _go_on.clear()
    with browser.stream("GET", "/slow", timeout=20) as answer:
        pieces = answer.iter_raw()
        first = next(pieces)
        # Only now, when the first piece has been read, is the rest sent.
        _go_on.set()
        rest = b"".join(pieces)

    assert (first, rest) == (b"first", b"later")


def test_a_file_is_handed_on_whole(browser):
    assert browser.post("/services/sampler/v1/frames", content=b"x" * 3_000_000).json()["received"] == 3_000_000


def test_the_log_tells_who_asked_for_what_but_not_what_they_searched_for(proxy, browser):
    browser.get("/queue/of-this-test?code=secret-code")

    line = next(one for one in proxy.log.read_text().splitlines() if "of-this-test" in one)

    told = json.loads(line)
    assert (told["address"], told["method"], told["path"], told["status"]) == (
        "127.0.0.1",
        "GET",
        "/queue/of-this-test",
        200,
    )
    assert "secret-code" not in line

"""Every route that takes something, given more than it takes: refused early, and never a fault."""

import re
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import get_args

import httpx
import pytest
from fastapi import FastAPI

from stickprov_contracts.http.headers import COMMAND_ID
from stickprov_kernel.http.application import BODY_LIMIT
from stickprov_kernel.http.identity import Role
from support.authorisation import routes_of, services, web_client
from support.logs import Logged, logging_to_memory
from support.pages import Pages, address, form_token, pages_without_services
from support.tokens import AUDIENCE, ISSUER, issuer

MADE_UP = "01900000-0000-7000-8000-000000000000"
JSON, FORM = "application/json", "multipart/form-data; boundary=b"
CHUNK = 100_000
MOST_READ = 2 * BODY_LIMIT + 4 * CHUNK
"""A register's form may have a megabyte beside its file, which may have none here."""
MORE = {"/v1/findings/import": 20_500_000, "/v1/findings/import/preview": 20_500_000}
"""A whole table of findings in one body."""


class Endless:
    """A body without an end and without a length, that counts what was asked of it."""

    def __init__(self, begin: bytes) -> None:
        self.begin = begin
        self.read = 0

    async def __aiter__(self) -> AsyncIterator[bytes]:
        yield self.begin
        while self.read < 100 * BODY_LIMIT:
            self.read += CHUNK
            yield b"x" * CHUNK


@pytest.fixture(autouse=True)
def logged() -> Iterator[Logged]:
    with logging_to_memory() as logged:
        yield logged


@pytest.fixture(scope="module", params=["sampler", "findings", "reporting"])
def asked(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[FastAPI, dict[str, str]]:
    signer, tmp_path = issuer(), tmp_path_factory.mktemp("keys")
    keys = {"token_issuer": ISSUER, "token_audience": AUDIENCE, "token_keys": signer.keys_file(tmp_path)}
    app = services(**keys, upload_limit=1, requests_per_second=0)[request.param]
    return app, signer.bearer("anna", *get_args(Role)) | {COMMAND_ID: MADE_UP}


def client_of(app: FastAPI) -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=httpx.ASGITransport(app, raise_app_exceptions=False), base_url="http://service")


def taking(app: FastAPI) -> list[tuple[str, str]]:
    return [
        (route.method, re.sub(r"\{[^}]+\}", MADE_UP, route.path)) for route in routes_of(app) if route.method != "GET"
    ]


async def test_a_body_without_end_is_not_read_to_its_end(asked):
    app, headers = asked
    refused = 0
    async with client_of(app) as client:
        for method, path in taking(app):
            for kind, begin in (
                (JSON, b'{"x": "'),
                (FORM, b'--b\r\nContent-Disposition: form-data; name="file"; filename="f"\r\n\r\n'),
                (FORM, b'--b\r\nContent-Disposition: form-data; name="options"\r\n\r\n'),
                (FORM, b"--b\r\n"),
            ):
                body = Endless(begin)
                answer = await client.request(method, path, content=body, headers=headers | {"Content-Type": kind})
                assert body.read <= MORE.get(path, MOST_READ), (method, path, kind)
                refused += answer.status_code in {400, 413}
    assert refused > 0


async def test_a_length_that_is_too_large_is_refused_before_anything_is_read(asked):
    app, headers = asked
    async with client_of(app) as client:
        for method, path in taking(app):
            body = Endless(b"")
            length = {"Content-Type": JSON, "Content-Length": str(1000 * BODY_LIMIT)}
            answer = await client.request(method, path, content=body, headers=headers | length)
            assert (answer.status_code, body.read) == (413, 0), (method, path)


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        (JSON, b"[" * 900_000),
        (JSON, b'{"a":' * 150_000),
        (JSON, b"[" + b"0," * 400_000 + b"0]"),
        (JSON, b"9" * 900_000),
        (JSON, b'{"' + b"a" * 900_000 + b'": 1}'),
        (FORM, b'--b\r\nContent-Disposition: form-data; name="x"\r\n\r\n1\r\n' * 15_000 + b"--b--\r\n"),
        (FORM, b'--b\r\nContent-Disposition: form-data; name="x"; filename="f"\r\n\r\n1\r\n' * 12_000 + b"--b--\r\n"),
        (FORM, b"--b\r\n" + b"X-A: y\r\n" * 100_000 + b"\r\n"),
        (FORM, b"--b\r\nContent-Disposition: " + b"a" * 900_000),
        (FORM.replace("=b", "=" + "b" * 5000), b"--b"),
        ("multipart/form-data", b"--b"),
    ],
    ids=["deep", "deeper", "long", "number", "name", "fields", "files", "headers", "header", "boundary", "none"],
)
async def test_what_is_made_to_be_hard_to_read_is_refused_at_the_door(asked, logged: Logged, kind: str, content: bytes):
    app, headers = asked
    schema = app.openapi()["paths"]
    read = [
        (route.method, re.sub(r"\{[^}]+\}", MADE_UP, route.path))
        for route in routes_of(app)
        if kind.partition(";")[0] in schema[route.path][route.method.lower()].get("requestBody", {}).get("content", {})
    ]
    async with client_of(app) as client:
        for method, path in read[:3]:  # the door is the same for all; three of them show that it is there
            answer = await client.request(method, path, content=content, headers=headers | {"Content-Type": kind})
            assert 400 <= answer.status_code < 500, (method, path, answer.text[:200])


@pytest.fixture
async def pages(tmp_path: Path) -> AsyncIterator[Pages]:
    (tmp_path / "board.jwt").write_text("nobody's", encoding="ascii")
    async with pages_without_services(
        web_client(tmp_path, requests_per_second=0, upload_limit=500_000), tmp_path
    ) as made:
        yield made


async def test_no_form_of_the_pages_is_read_beyond_what_it_takes(pages: Pages):
    many = "&".join(["x=1"] * 6000)
    plain = "application/x-www-form-urlencoded"
    async with pages.signed_in(*get_args(Role)) as browser:
        token = form_token((await browser.get("/sign-in")).text)
        for page in (page for page in pages.all if page.method == "POST"):
            endless = Endless(b"form-token=" + token.encode() + b"&x=")
            answer = await browser.post(address(page), content=endless, headers={"Content-Type": plain})
            assert (answer.status_code, endless.read) == (413, 0), page
            tall = {"Content-Type": FORM, "Content-Length": "500001"}
            answer = await browser.post(address(page), content=Endless(b"--b"), headers=tall)
            assert answer.status_code == 413, page
            answer = await browser.post(
                address(page), content=f"form-token={token}&{many}", headers={"Content-Type": plain}
            )
            assert answer.status_code == 400, page

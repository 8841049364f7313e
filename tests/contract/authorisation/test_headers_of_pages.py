"""What every page tells the browser, whatever it is and however it went; no page asks anybody else for anything."""

import re
from collections.abc import AsyncIterator
from importlib.resources import files
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI

from stickprov_client.web.headers import POLICY
from support.authorisation import ROLES, web_client
from support.pages import Pages, address, form_token, pages_without_services

ALWAYS = {
    "Content-Security-Policy": POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
OUTSIDE = ("/static/stickprov.css", "/static/none.css", "/none", "/health/live", "/metrics", "/.well-known/stickprov")
INLINE = re.compile(r"<script(?![^>]*\bsrc=)|<style|\bstyle=|\son[a-z]+=\"|javascript:", re.IGNORECASE)
ELSEWHERE = re.compile(r"(?:src|action|srcset|poster|data-[a-z-]*url)=\"(?:https?:)?//|<link[^>]*href=\"(?:https?:)?//")
TEMPLATES = files("stickprov_client.web").joinpath("templates")
STATIC = files("stickprov_client.web").joinpath("static")


@pytest.fixture(scope="module")
def tokens(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("tokens")
    (folder / "board.jwt").write_text("nobody's", encoding="ascii")
    return folder


@pytest.fixture(scope="module")
def app(tokens: Path) -> FastAPI:
    return web_client(tokens, requests_per_second=0)


@pytest.fixture
async def pages(app: FastAPI, tokens: Path) -> AsyncIterator[Pages]:
    async with pages_without_services(app, tokens) as pages:
        yield pages


def assert_protected(answer: httpx.Response, path: str) -> None:
    assert {name: answer.headers.get(name) for name in ALWAYS} == ALWAYS, path
    assert answer.headers["Cache-Control"] == "no-store", path
    assert "Server" not in answer.headers, path
    assert "Access-Control-Allow-Origin" not in answer.headers, path
    for cookie in answer.headers.get_list("Set-Cookie"):
        assert "HttpOnly" in cookie, path
        assert "samesite=lax" in cookie.lower(), path
        assert "domain=" not in cookie.lower(), path


async def test_every_page_and_form_carries_the_headers_for_nobody_and_for_everybody(pages: Pages):
    async with pages.browser() as nobody, pages.signed_in(*ROLES) as somebody:
        for browser in (nobody, somebody):
            token = form_token((await browser.get("/sign-in")).text)
            for page in (page for page in pages.all if page.path != "/sign-out"):
                typed = {"form-token": token} if page.method == "POST" else None
                assert_protected(await browser.request(page.method, address(page), data=typed), page.path)


@pytest.mark.parametrize("path", OUTSIDE)
async def test_what_is_no_page_carries_them_too(pages: Pages, path: str):
    async with pages.browser() as browser:
        assert_protected(await browser.get(path), path)


async def test_refusals_carry_them_too(pages: Pages):
    async with pages.browser() as browser:
        assert_protected(await browser.post("/sign-in"), "without a token")
        assert_protected(await browser.post("/sign-in", headers={"Sec-Fetch-Site": "cross-site"}), "from elsewhere")
        assert_protected(await browser.put("/sign-in"), "another method")
        assert_protected(await browser.get("/?lang=en"), "a chosen language")


async def test_the_page_for_a_fault_carries_them_too(tokens: Path):
    app = web_client(tokens)

    @app.get("/broken")
    async def broken() -> None:
        raise RuntimeError

    async with pages_without_services(app, tokens) as pages, pages.browser() as browser:
        answer = await browser.get("/broken")
    assert answer.status_code == 500
    assert_protected(answer, "/broken")


async def test_what_is_shown_has_nothing_inline_and_asks_nobody_else(pages: Pages):
    async with pages.signed_in(*ROLES) as browser:
        for page in (page for page in pages.all if page.method == "GET"):
            shown = (await browser.get(address(page))).text
            assert not INLINE.search(shown), page.path
            assert not ELSEWHERE.search(shown), page.path


def test_no_template_has_anything_inline_or_from_elsewhere():
    found = list(Path(str(TEMPLATES)).rglob("*.html"))
    assert len(found) > 40
    for file in found:
        text = file.read_text(encoding="utf-8")
        assert not INLINE.search(text), file.name
        assert not ELSEWHERE.search(text), file.name


def test_no_style_and_no_script_asks_anybody_else():
    for file in Path(str(STATIC)).iterdir():
        if file.suffix in {".css", ".js"}:
            text = file.read_text(encoding="utf-8")
            assert not re.search(r"url\(\s*['\"]?(?:https?:)?//|@import|fetch\(\s*['\"`]http|eval\(|new Function", text)


async def test_over_https_browsers_are_told_to_stay_there_and_every_cookie_is_for_it_alone(app: FastAPI, tokens: Path):
    async with pages_without_services(app, tokens):
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="https://127.0.0.1") as browser:
            answer = await browser.get("/sign-in?lang=en")
    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"
    cookies = answer.headers.get_list("Set-Cookie")
    assert len(cookies) == 2
    assert all("Secure" in cookie for cookie in cookies)


async def test_over_http_nothing_is_said_of_https(pages: Pages):
    async with pages.browser() as browser:
        assert "Strict-Transport-Security" not in (await browser.get("/sign-in")).headers

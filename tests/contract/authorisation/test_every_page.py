"""Every page and form of the web client, asked as nobody and as each role, and sent by somebody who should not have."""

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI

from stickprov_client.web.reviewing.drafting import ACCOUNT
from support.authorisation import ROLES, Guarded, web_client
from support.pages import Pages, address, form_token, pages_without_services

TOO_OLD, FROM_ELSEWHERE = "The form has become too old", "This did not come from Stickprov"


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


async def token_of(browser: httpx.AsyncClient) -> str:
    return form_token((await browser.get("/sign-in")).text)


async def ask(browser: httpx.AsyncClient, page: Guarded, token: str) -> httpx.Response:
    if page.method == "POST":
        typed = {"form-token": token}
        if is_a_draft(page):
            typed[ACCOUNT] = (await browser.get(address(page))).json()["account"] or ""
        return await browser.post(address(page), data=typed)
    return await browser.get(address(page))


def is_refused(answer: httpx.Response) -> bool:
    to_sign_in = answer.status_code == 303 and answer.headers["Location"].startswith("/sign-in")
    return to_sign_in or answer.status_code in {401, 403}


def is_a_draft(page: Guarded) -> bool:
    """A draft is asked for by a script, which is told that nobody is signed in any more."""
    return page.path.endswith("/draft")


async def test_there_are_pages_for_anybody_and_pages_for_roles(pages: Pages):
    assert len([page for page in pages.all if page.roles is None]) > 15
    assert len([page for page in pages.all if page.roles]) > 60


async def test_nobody_is_sent_to_the_sign_in_from_every_page_that_is_for_somebody(pages: Pages):
    async with pages.browser() as browser:
        token = await token_of(browser)
        for page in pages.all:
            answer = await ask(browser, page, token)
            assert is_refused(answer) == (page.roles is not None or is_a_draft(page)), page


@pytest.mark.parametrize("role", ROLES)
async def test_a_role_sees_its_own_pages_and_no_other(pages: Pages, role: str):
    async with pages.signed_in(role) as browser:
        token = await token_of(browser)
        let_in = set()
        for page in (page for page in pages.all if page.path != "/sign-out"):
            # Signing in at a page that one is signed in at ends the first visit, and is not what is tried here.
            if not is_refused(await ask(browser, page, token)):
                let_in.add(page)
    theirs = {page for page in pages.all if page.roles is None or role in page.roles}
    assert let_in == {page for page in theirs if page.path != "/sign-out"}


async def forms(pages: Pages) -> list[Guarded]:
    found = [page for page in pages.all if page.method != "GET"]
    assert len(found) > 25
    assert {page.method for page in found} == {"POST"}
    return found


async def test_a_form_without_the_visits_own_token_is_refused_at_every_address(pages: Pages):
    async with pages.signed_in(*ROLES) as browser, pages.signed_in(*ROLES) as other:
        of_another_visit = await token_of(other)
        async with pages_without_services(web_client(pages.tokens), pages.tokens) as restarted:
            browser_before = restarted.browser()
            browser_before.cookies = browser.cookies
            of_before_a_restart = await token_of(browser_before)
        for form in await forms(pages):
            for token in ("", "0" * 64, of_another_visit, of_before_a_restart, "åäö"):
                answer = await browser.post(address(form), data={"form-token": token})
                assert (answer.status_code, TOO_OLD in answer.text) == (403, True), (form, token)
            bare = await browser.post(address(form))
            assert (bare.status_code, TOO_OLD in bare.text) == (403, True), form


async def test_a_token_that_does_not_stand_in_the_form_is_none(pages: Pages):
    async with pages.signed_in(*ROLES) as browser:
        token = await token_of(browser)
        for form in await forms(pages):
            answer = await browser.post(
                address(form), params={"form-token": token}, headers={"form-token": token, "X-CSRF-Token": token}
            )
            assert answer.status_code == 403, form


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://elsewhere.example"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1:4711"},
    ],
    ids=str,
)
async def test_a_form_of_another_site_is_refused_at_every_address_even_with_the_right_token(pages: Pages, headers):
    async with pages.signed_in(*ROLES) as browser:
        token = await token_of(browser)
        for form in await forms(pages):
            answer = await browser.post(address(form), data={"form-token": token}, headers=headers)
            assert (answer.status_code, FROM_ELSEWHERE in answer.text) == (403, True), form


async def test_with_the_right_token_every_form_gets_further(pages: Pages):
    async with pages.signed_in(*ROLES) as browser:
        for form in await forms(pages):
            if form.path in {"/sign-in", "/sign-out"}:
                continue
            answer = await browser.post(address(form), data={"form-token": await token_of(browser)})
            assert TOO_OLD not in answer.text, form
            assert FROM_ELSEWHERE not in answer.text, form

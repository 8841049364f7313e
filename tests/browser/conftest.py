"""Chromium, and who uses it. Tests here are left out only where there is none."""

import shutil
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from support.played_stack import PlayedStack
from support.review_cases import CaseMaker
from support.review_form import REVIEWER

_CHROMIUM = shutil.which("chromium") or "/usr/bin/chromium"


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    if shutil.which(_CHROMIUM) is None:
        pytest.skip("there is no chromium; install it with: apt-get install chromium")
    with sync_playwright() as playwright:
        # Without a user namespace, as in most containers and as root, its own sandbox cannot start.
        browser = playwright.chromium.launch(executable_path=_CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def maker(played_stack: PlayedStack) -> CaseMaker:
    return CaseMaker(played_stack.url, lambda account: played_stack.token_file(account).read_text().strip())


@pytest.fixture
def signed_in(chromium: Browser, played_stack: PlayedStack) -> Iterator[Callable[..., Page]]:
    contexts = []

    def sign_in(account: str = REVIEWER, *, script: bool = True, width: int = 1440, scheme: str = "light") -> Page:
        context = chromium.new_context(
            base_url=played_stack.url,
            locale="sv-SE",
            java_script_enabled=script,
            viewport={"width": width, "height": 900},
            color_scheme=scheme,
        )
        contexts.append(context)
        page = context.new_page()
        page.goto("/sign-in")
        page.get_by_role("button", name=account).press("Enter")
        expect(page.get_by_role("button", name="Logga ut")).to_be_visible()
        return page

    yield sign_in
    for context in contexts:
        context.close()

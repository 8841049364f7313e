"""Chromium for tests of pages."""

import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright

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

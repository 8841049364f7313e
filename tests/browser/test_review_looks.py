"""Every page of the reviewing and of what follows it: nothing for axe, nothing sideways, in both themes and languages.

With ``--pictures FOLDER`` (``make pictures``) each page is also put there as it looks, by name, width and theme.
"""

from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from support.played_stack import PlayedStack
from support.review_cases import CaseMaker
from support.review_scenes import Scene, scenes_on

PAGES = [
    "queue", "queue-all", "case", "draft", "roster", "errors", "conflict", "recorded", "over-coverage", "correction",
    "correction-history", "file-review", "preview", "progress", "progress-of-all", "assign", "assign-tried", "cases",
    "move", "disagreements", "settlement", "settled-history", "actions", "action", "action-form", "conclusions",
    "conclusion-form", "plan-status", "plan-status-form",
]  # fmt: skip
AXE_AT = {("sv", "light"): 320, ("sv", "dark"): 1440, ("en", "light"): 1440, ("en", "dark"): 320}
"""Looking takes axe a second; each language has both themes, and each theme both ends of the widths."""
WIDTHS = (320, 360, 768, 1440)
PICTURED = (360, 768, 1440)


@pytest.fixture(scope="session")
def scenes(played_stack: PlayedStack, maker: CaseMaker) -> dict[str, Scene]:
    return scenes_on(played_stack, maker)


def test_each_page_is_looked_at(scenes):
    assert sorted(scenes) == sorted(PAGES)


@pytest.mark.parametrize("language", ["sv", "en"])
@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing_and_nothing_scrolls_sideways(signed_in, scenes, pytestconfig, name, language):
    scene = scenes[name]
    page = signed_in(scene.who)
    page.goto(f"/?lang={language}")
    scene.show(page)
    folder: Path | None = pytestconfig.getoption("--pictures") if language == "sv" else None
    for theme in ("light", "dark"):
        page.emulate_media(color_scheme=theme, reduced_motion="reduce")
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            assert page.evaluate(SIDEWAYS) == 0, (theme, width)
            if width == AXE_AT[language, theme]:
                _is_accessible(page)
            if folder is not None and width in PICTURED:
                page.screenshot(path=folder / f"{name}-{width}-{theme}.png", full_page=True)


SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


def _is_accessible(page: Page) -> None:
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()

"""People sign in, work and sign out in Chromium, at a real provider, with real services that believe its tokens."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from support.chromium import chromium
from support.openid_provider import OpenIdProvider, skip_without_provider, stack_settings
from support.stack import LocalStack
from support.waiting import wait_until

__all__ = ["chromium"]

ACCESS_SECONDS = 3
"""Short, so that whoever works for a moment has to have theirs renewed."""

PLAN = """\
plan: IK-2021
board: Socialnämnden
year: 2021
title: Internkontrollplan för rummen
control_points:
  - control_point: IK-2021-1
    number: "1"
    area: Norr
    measure: Ett moment som bara de här testerna använder
    questionnaire: rum
    unit_name: hushåll
"""

Open = Callable[..., Page]


@pytest.fixture(scope="module")
def stack(session_folder: Path) -> Iterator[tuple[str, OpenIdProvider]]:
    skip_without_provider()
    folder = session_folder / "signing-in"
    folder.mkdir()
    running = LocalStack(folder)
    provider = OpenIdProvider(running.url, ACCESS_SECONDS)
    settings = stack_settings(provider, running.url, folder)
    running._launcher = (str(Path(__file__).with_name("launcher.py")), settings)
    provider.start()
    try:
        running.start()
        yield running.url, provider
    finally:
        running.close()
        provider.stop()


@pytest.fixture
def opened(chromium: Browser, stack: tuple[str, OpenIdProvider]) -> Iterator[Open]:
    contexts = []

    def open_page(language: str = "sv-SE", *, script: bool = True, width: int = 1440, scheme: str = "light") -> Page:
        context = chromium.new_context(
            base_url=stack[0],
            locale=language,
            java_script_enabled=script,
            viewport={"width": width, "height": 900},
            color_scheme=scheme,
        )
        contexts.append(context)
        return context.new_page()

    yield open_page
    for context in contexts:
        context.close()


def sign_in(page: Page, who: str = "karin", onward: str = "/plans") -> None:
    """Sign in as a person does: at the door, then on the provider's own page."""
    page.goto(onward)
    page.get_by_role("main").get_by_role("button").or_(page.get_by_role("main").get_by_role("link")).first.click()
    page.fill('input[name="login"]', who)
    page.fill('input[name="password"]', "right")
    page.press('input[name="password"]', "Enter")


def test_who_signs_in_comes_to_the_page_they_wanted_and_their_work_is_recorded(opened, stack, tmp_path):
    plan = tmp_path / "plan.yaml"
    plan.write_text(PLAN, encoding="utf-8")
    page = opened(script=False)
    sign_in(page, onward="/plans/import")
    expect(page).to_have_url(f"{stack[0]}/plans/import")
    expect(page.get_by_text("karin@kommun.example")).to_be_visible()
    # The provider's cookies are of this machine, too.
    ours = [cookie for cookie in page.context.cookies(stack[0]) if cookie["name"].startswith("stickprov")]
    assert [(cookie["name"], cookie["httpOnly"]) for cookie in ours] == [("stickprov-session", True)]

    page.locator('input[type="file"]').set_input_files(plan)
    page.get_by_role("button", name="Granska filen").click()
    page.get_by_role("button", name="Spara planen").click()

    page.goto("/plans")
    expect(page.get_by_role("main")).to_contain_text("Internkontrollplan för rummen")


def test_who_works_on_has_their_token_renewed_and_notices_nothing(opened, stack):
    page = opened()
    sign_in(page)
    expect(page.get_by_role("button", name="Logga ut")).to_be_visible()
    before = stack[1].renewed()

    def renewed() -> bool:
        page.goto("/plans")
        expect(page.get_by_text("karin@kommun.example")).to_be_visible()
        return stack[1].renewed() > before + 1

    wait_until(renewed, bound=60, what="two renewed tokens")


def test_who_signs_out_is_signed_out_at_the_provider_and_going_back_shows_nothing(opened, stack):
    page = opened()
    sign_in(page)
    expect(page.get_by_text("karin@kommun.example")).to_be_visible()
    page.get_by_role("button", name="Logga ut").click()
    page.get_by_role("button", name="Yes, sign me out").click()
    expect(page.get_by_role("heading", name="Du är utloggad")).to_be_visible()
    expect(page).to_have_url(f"{stack[0]}/signed-out")

    for _ in range(5):
        page.go_back()
        expect(page.get_by_text("karin@kommun.example")).to_have_count(0)
    page.goto("/plans")
    expect(page).to_have_url(f"{stack[0]}/sign-in?next=%2Fplans")
    page.get_by_role("main").get_by_role("button", name="Logga in").click()
    # The provider asks again: its own session is over, too.
    expect(page.locator('input[name="password"]')).to_be_visible()


@pytest.mark.parametrize(
    ("language", "title", "again"),
    [("sv-SE", "Du är inte inloggad", "Pröva igen"), ("en", "You are not", "Try again")],
)
def test_who_stops_the_sign_in_is_told_so_kindly_and_can_begin_again(opened, language, title, again):
    page = opened(language)
    page.goto("/sign-in/go?next=/plans")
    page.get_by_text("Cancel").click()
    expect(page.get_by_role("heading", name=title)).to_be_visible()
    page.get_by_role("button", name=again).click()
    expect(page.get_by_role("main").get_by_role("button")).to_have_attribute("href", "/sign-in/go?next=%2Fplans")


def test_who_has_no_role_sees_what_to_do_and_can_sign_out(opened):
    page = opened()
    sign_in(page, "nils", onward="/")
    expect(page.get_by_role("heading", name="Du har ingen roll här ännu")).to_be_visible()
    expect(page.get_by_role("button", name="Logga ut")).to_be_visible()


def test_who_has_another_role_is_told_whose_page_it_is(opened):
    page = opened()
    sign_in(page, "rolf", onward="/queue")
    expect(page.get_by_text("rolf@kommun.example")).to_be_visible()
    page.goto("/frames/new")
    expect(page.get_by_role("heading", name="Inte din sida")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 768, 1440])
def test_the_door_is_for_everybody(opened, request, width, scheme):
    pictures = request.config.getoption("--pictures")
    for language in ("sv-SE", "en"):
        page = opened(language, width=width, scheme=scheme)
        for path in ("/sign-in?next=/plans", "/signed-out", "/sign-in/back?state=none"):
            page.goto(path)
            assert page.evaluate("document.documentElement.scrollWidth") <= width
            assert Axe().run(page).response["violations"] == []
            if pictures:
                name = f"door-{path.strip('/').split('?')[0].replace('/', '-')}-{language}-{width}-{scheme}.png"
                page.screenshot(path=pictures / name)

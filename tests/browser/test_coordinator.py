"""A coordinator's way through the pages, without script: sign in, try a register file, freeze it, draw, look."""

import re
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page, expect

REGISTER = "Hushåll;Sökande;Område;Belopp\n" + "".join(
    f"H{number:03};Påhittad Person;{'Norr' if number % 2 else 'Söder'};{100 + number}\n" for number in range(40)
)


@pytest.fixture
def context(chromium, played_stack):
    context = chromium.new_context(base_url=played_stack.url, locale="sv-SE", java_script_enabled=False)
    yield context
    context.close()


@pytest.fixture
def coordinator(context: BrowserContext) -> Page:
    page = context.new_page()
    page.goto("/frames")
    expect(page.get_by_role("heading", level=1)).to_have_text("Logga in")
    page.get_by_role("button", name="coordinator").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Urvalsramar")
    return page


PLAN = """
plan: PROV-2021
board: Socialnämnden
year: 2021
control_points:
  - control_point: PROV-2021-1
    number: "1"
    area: Norr
    measure: Ett moment som bara de här testerna drar ur
    unit_name: hushåll
"""


@pytest.fixture
def own_point(played_stack, tmp_path: Path) -> str:
    """A control point that no other test counts."""
    file = tmp_path / "plan.yaml"
    file.write_text(PLAN, encoding="utf-8")
    assert played_stack.stickprov("plan", "import", str(file)).returncode == 0
    return "PROV-2021-1"


@pytest.fixture
def register(tmp_path: Path) -> Path:
    file = tmp_path / "hushåll.csv"
    file.write_text(REGISTER, encoding="windows-1252")
    return file


def test_from_the_sign_in_to_a_draw_and_its_proof(own_point, coordinator, register):
    page = coordinator
    page.get_by_role("button", name="Frys en registerfil").click()
    page.get_by_label("Registerfil").set_input_files(register)
    page.get_by_label("Kontrollmoment").select_option(own_point)
    page.get_by_label("Period").fill("maj")
    page.get_by_role("button", name="Prova filen").click()

    faults = page.get_by_role("alert")
    expect(faults).to_contain_text("1 sak behöver rättas")
    faults.get_by_role("link", name="Period").click()
    assert page.url.endswith("#period")
    expect(page.get_by_label("Period")).to_have_attribute("aria-invalid", "true")
    expect(page.get_by_label("Period")).to_have_value("maj")

    page.get_by_label("Period").fill("2021-05")
    page.get_by_label("Kolumner som pekar ut en person").fill("Sökande")
    page.get_by_role("button", name="Prova filen").click()

    expect(page.get_by_role("heading", name="Vad filen innehåller")).to_be_visible()
    expect(page.locator("dl.facts").first).to_contain_text("windows-1252")
    page.get_by_role("button", name="Frys 40 enheter").click()

    expect(page.get_by_role("heading", level=1)).to_have_text(f"{own_point} 2021-05")
    page.get_by_role("button", name="Dra ur den här ramen").click()
    page.locator("#n").fill("5")
    page.get_by_role("button", name="Dra nu").click()

    expect(page).to_have_url(re.compile(r"/draws/[0-9a-f-]{36}$"))
    expect(page.get_by_role("main")).to_contain_text(f"{own_point} 2021-05")
    expect(page.get_by_role("main")).to_contain_text(re.compile(r"[0-9a-f]{64}"))


def test_signing_out_ends_it_and_the_pages_ask_for_a_sign_in_again(coordinator):
    page = coordinator

    page.get_by_role("button", name="Logga ut").click()
    expect(page.get_by_role("link", name="Logga in")).to_be_visible()
    page.goto("/frames")

    expect(page.get_by_role("heading", level=1)).to_have_text("Logga in")


def test_a_form_from_before_a_sign_in_in_another_tab_is_kept_and_can_be_sent_again(context, coordinator):
    old = coordinator
    old.goto("/draws/new")
    old.locator("#frame").fill("AMF-2021-3 2021-03")
    old.locator("#n").fill("7")
    other = context.new_page()
    other.goto("/sign-in")
    other.get_by_role("button", name="coordinator").click()

    old.get_by_role("button", name="Förhandsvisa").click()

    expect(old.get_by_role("heading", level=1)).to_have_text("Formuläret har blivit för gammalt")
    expect(old.locator("dl.typed")).to_contain_text("7")
    old.get_by_role("button", name="Skicka igen").click()
    expect(old.locator("#n")).to_have_value("7")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", ["/sign-in", "/frames", "/frames/new"])
def test_axe_finds_nothing_and_nothing_scrolls_sideways(chromium, played_stack, path, scheme):
    context = chromium.new_context(
        base_url=played_stack.url, locale="sv-SE", color_scheme=scheme, viewport={"width": 360, "height": 800}
    )
    page = context.new_page()
    page.goto("/sign-in")
    if path != "/sign-in":
        page.get_by_role("button", name="coordinator").click()
        page.goto(path)

    found = Axe().run(page)
    wider_by = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    context.close()

    assert found.violations_count == 0, found.generate_report()
    assert wider_by == 0

"""A coordinator reads a plan by score, changes a control point, and is told when somebody else was first."""

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from support.played_stack import PlayedStack

PLAN = "tests/seeds/plans/004-2022.yaml"


@pytest.fixture
def coordinator(chromium: Browser, played_stack: PlayedStack) -> Iterator[Page]:
    assert played_stack.stickprov("plan", "import", PLAN).returncode == 0
    context = chromium.new_context(base_url=played_stack.url, locale="sv-SE")
    page = context.new_page()
    page.goto("/sign-in")
    page.get_by_role("button", name="coordinator").click()
    yield page
    context.close()


def test_a_plan_is_read_by_score_and_its_pages_pass_axe(coordinator):
    for path in ("/plans", "/plans/AFN-2022/history", "/control-points/AFN-2022-7/edit", "/plans/AFN-2022"):
        coordinator.goto(path)
        found = Axe().run(coordinator)
        assert found.violations_count == 0, found.generate_report()
    expect(coordinator.get_by_role("heading", level=2)).to_have_text(
        [
            "Skattning 16: sannolik risk, allvarliga konsekvenser",
            "Skattning 15: möjlig risk, allvarliga konsekvenser",
            "Skattning 12: möjlig risk, kännbara konsekvenser",
            "Skattning 10: mindre sannolik risk, allvarliga konsekvenser",
            "Skattning 9: möjlig risk, kännbara konsekvenser",
        ]
    )
    for width in (320, 360, 768, 1440):
        coordinator.set_viewport_size({"width": width, "height": 900})
        assert coordinator.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0


def test_a_control_point_is_changed_and_who_is_late_is_told(coordinator):
    late = coordinator.context.new_page()
    late.goto("/control-points/AFN-2022-8/edit")
    coordinator.goto("/control-points/AFN-2022-8")
    coordinator.get_by_role("link", name="Ändra").click()
    coordinator.get_by_label("Tolerans").fill("5 %")
    coordinator.get_by_label("Kategorier").fill("open; Öppen\n")
    coordinator.get_by_role("button", name="Spara").click()
    expect(coordinator.get_by_role("alert")).to_contain_text("Skriv en per rad")
    coordinator.get_by_label("Kategorier").fill("open; Öppen; Open")
    coordinator.get_by_role("button", name="Spara").click()
    expect(coordinator).to_have_url("/control-points/AFN-2022-8")
    expect(coordinator.get_by_role("main")).to_contain_text("5,0 %")

    late.get_by_label("Ansvarig").fill("Direktör")
    late.get_by_role("button", name="Spara").click()

    expect(late.get_by_role("alert")).to_contain_text("Någon annan har ändrat kontrollmomentet")

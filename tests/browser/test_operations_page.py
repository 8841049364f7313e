"""The page of the logs that services hear: what was set aside is explained and tried again, a halted log goes on."""

import re
from collections.abc import Callable, Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from support.played_stack import PlayedStack
from support.stack_database import change_database

SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
ASIDE = """
INSERT INTO quarantine (source, position, type, reason)
SELECT 'findings', position, $1, $2 FROM generate_series($3::bigint, $4::bigint) AS position
ON CONFLICT (source, position) DO UPDATE SET reason = excluded.reason, requeued_at = NULL
"""
TAKEN_BACK = "UPDATE quarantine SET requeued_at = now() WHERE requeued_at IS NULL"
HALT = "UPDATE inbox SET state = 'halted', reason = 'the log ends at 3, but 5 was applied' WHERE source = 'sampler'"
TYPE = "stickprov.findings.finding-recorded.v1"


@pytest.fixture
def set_aside(played_stack: PlayedStack) -> Iterator[Callable[[int, int], None]]:
    """Have reporting hold events of findings that it does apply, as if an older release had not known them.

    Whatever a test leaves is taken back: all tests share one stack, in an order that depends on what else is run.
    """

    def aside(first: int, last: int) -> None:
        change_database(played_stack.data, "reporting", ASIDE, TYPE, f"unknown event type {TYPE}", first, last)

    yield aside
    change_database(played_stack.data, "reporting", TAKEN_BACK)


@pytest.fixture
def opened(signed_in) -> Callable[..., Page]:
    def open_page(account: str, **how: object) -> Page:
        page = signed_in(account, **how)
        page.goto("/operations")
        return page

    return open_page


def event(page: Page, position: int):
    return page.get_by_role("article", name=re.compile(f"Position {position}:"))


@pytest.mark.parametrize("script", [True, False])
def test_an_event_that_was_set_aside_is_explained_and_tried_again(opened, set_aside, script):
    set_aside(4, 4)
    page = opened("ops", script=script)

    expect(event(page, 4)).to_contain_text("känner inte till det här slaget av händelse")
    expect(event(page, 4)).to_contain_text("Uppgradera Stickprov och pröva sedan händelsen igen.")
    event(page, 4).get_by_text("Innehåll", exact=True).click()
    expect(event(page, 4).locator("pre")).to_contain_text('"control_point"')
    event(page, 4).get_by_role("button", name="Pröva igen").press("Enter")

    expect(page.get_by_role("status")).to_have_text("Position 4 i loggen från findings är nu tillämpad.")
    expect(event(page, 4)).to_have_count(0)


def test_all_events_of_a_log_are_tried_again_at_once(opened, set_aside):
    set_aside(4, 6)
    page = opened("coordinator")
    expect(page.get_by_role("heading", name="3 händelser i loggen från findings är undanlagda")).to_be_visible()

    page.get_by_role("button", name="Pröva alla igen findings").click()

    expect(page.get_by_role("status")).to_have_text("Alla händelser i loggen från findings är tillämpade.")
    expect(page.locator("main")).to_contain_text("Ingen händelse är undanlagd")


def test_an_auditor_sees_what_was_set_aside_and_changes_nothing(opened, set_aside):
    set_aside(4, 4)
    page = opened("auditor")

    expect(event(page, 4)).to_be_visible()
    expect(page.get_by_role("button", name=re.compile("^Pröva"))).to_have_count(0)
    expect(page.locator("main")).to_contain_text("stickprov doctor quarantine")
    expect(page.locator("main")).not_to_contain_text("stickprov doctor re")
    page.goto("/audit")
    expect(page.locator("main")).to_contain_text("1 händelse gick inte att räkna in och är undanlagd.")
    set_aside_again = page.request.post("/operations", form={"action": "requeue"})
    assert set_aside_again.status == 403


def test_the_command_lists_and_explains_what_was_set_aside(played_stack, set_aside):
    set_aside(4, 4)

    listed = played_stack.stickprov("doctor", "quarantine", language="sv", who="ops")
    one = played_stack.stickprov("doctor", "quarantine", "reporting", "--position", "4", language="sv", who="ops")
    told = played_stack.stickprov("doctor", "quarantine", "--json", who="auditor")
    nothing = played_stack.stickprov("doctor", "quarantine", "--position", "5", language="sv", who="ops")

    assert f"reporting: position 4 i loggen från findings, {TYPE}" in listed.stdout
    assert "→ Uppgradera Stickprov" in listed.stdout
    assert "stickprov doctor requeue reporting findings --position 4" in one.stdout
    assert '"control_point"' in one.stdout
    assert '"code": "unknown-type"' in told.stdout
    assert (nothing.returncode, "Ingen händelse på position 5 är undanlagd." in nothing.stderr) == (2, True)
    assert played_stack.stickprov("doctor", "requeue", "reporting", "findings", who="ops").returncode == 0


def test_a_halted_log_says_what_to_do_and_goes_on_when_its_source_agrees(opened, played_stack):
    change_database(played_stack.data, "findings", HALT)
    page = opened("coordinator")
    halted = page.get_by_role("article", name="findings har slutat tillämpa loggen från sampler")
    expect(halted).to_contain_text("När källan åter stämmer")
    expect(halted.get_by_role("button")).to_have_count(0)

    page = opened("ops")
    page.get_by_role("button", name="Låt loggen gå vidare sampler").click()

    expect(page.get_by_role("status")).to_have_text("Loggen från sampler går vidare.")
    assert page.locator("article.trouble").all_inner_texts() == []


def test_axe_finds_nothing_and_nothing_scrolls_sideways(opened, set_aside, played_stack, pytestconfig):
    set_aside(4, 5)
    change_database(played_stack.data, "findings", HALT)
    page = opened("ops")
    folder = pytestconfig.getoption("--pictures")
    for theme, width in (("light", 320), ("dark", 360), ("light", 768), ("dark", 1440), ("light", 1440)):
        page.emulate_media(color_scheme=theme, reduced_motion="reduce")
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate(SIDEWAYS) == 0, width
        found = Axe().run(page)
        assert found.violations_count == 0, (theme, width, found.generate_report())
        if folder is not None:
            page.screenshot(path=folder / f"operations-{width}-{theme}.png", full_page=True)
    page.get_by_role("button", name="Låt loggen gå vidare sampler").click()
    page.get_by_role("button", name="Pröva alla igen findings").click()
    expect(page.get_by_role("status")).to_contain_text("är tillämpade")

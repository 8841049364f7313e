"""Conclusions, actions and the status of a plan, as a coordinator works with them in the browser."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from support.played_stack import PlayedStack
from support.waiting import wait_until

PLAN = Path("tests/seeds/plans/004-2022.yaml")

Open = Callable[..., Page]


@pytest.fixture
def signed_in(chromium: Browser, played_stack: PlayedStack) -> Iterator[Open]:
    contexts = []

    def open_page(path: str, *, who: str = "coordinator", width: int = 1440, scheme: str = "light") -> Page:
        context = chromium.new_context(
            base_url=played_stack.url,
            viewport={"width": width, "height": 900},
            color_scheme=scheme,
            locale="sv-SE",
        )
        contexts.append(context)
        page = context.new_page()
        page.goto("/sign-in")
        page.get_by_role("button", name=re.compile(rf"\b{who}\b")).click()
        page.goto(path)
        return page

    yield open_page
    for context in contexts:
        context.close()


@pytest.fixture(scope="session")
def adopted(played_stack: PlayedStack) -> str:
    """The plan of 2022, adopted and heard of by the findings service."""
    assert played_stack.stickprov("plan", "import", str(PLAN)).returncode == 0
    report = ("plan", "report", "AFN-2022", "AFN-2022-2", "--period", "2022-T1", "--status", "done")
    wait_until(lambda: played_stack.stickprov(*report).returncode == 0, what="the plan in the findings service")
    return "AFN-2022"


def test_a_row_is_reported_and_stands_in_the_table(signed_in, adopted):
    page = signed_in(f"/plans/{adopted}/status")

    page.get_by_role("link", name="Rapportera 1, 2022-T1").click()
    page.get_by_label("Pågår").check()
    page.get_by_label("Kommentar").fill("Månadsrapporter följs upp på individnivå.")
    page.get_by_role("button", name="Spara").click()

    row = page.get_by_role("row").filter(has_text="Månadsrapporter följs upp på individnivå.")
    expect(row).to_contain_text("Pågår")
    expect(row.get_by_role("link", name="Ändra 1, 2022-T1")).to_be_visible()


def test_an_action_is_proposed_followed_up_and_told_overdue(signed_in):
    page = signed_in("/actions/new?control_point=AMF-2021-3")

    page.get_by_label("Vad som ska göras").fill("Stöd för handläggare")
    page.get_by_label("Klart senast").fill("2021-12-31")
    page.get_by_role("button", name="Spara").click()
    expect(page.get_by_text("försenad")).to_be_visible()
    page.get_by_label("Period").fill("2022-T1")
    page.get_by_label("Status från och med nu").select_option("done")
    page.get_by_label("Effekt").select_option("yes")
    page.get_by_label("Vad uppföljningen visade").fill("Stödet används av alla.")
    page.get_by_role("button", name="Spara").click()

    expect(page.get_by_text("Stödet används av alla.")).to_be_visible()
    expect(page.get_by_text("januari–april 2022")).to_be_visible()
    expect(page.get_by_text("försenad")).to_have_count(0)


def test_what_is_missing_is_said_at_the_field_and_what_was_typed_stays(signed_in):
    page = signed_in("/actions/new")

    page.get_by_label("Vad som ska göras").fill("Utan hemvist")
    page.get_by_role("button", name="Spara").click()

    expect(page.get_by_role("alert")).to_contain_text("kontrollmoment eller vilken plan")
    expect(page.get_by_label("Vad som ska göras")).to_have_value("Utan hemvist")


def test_a_control_is_concluded_and_concluded_anew(signed_in):
    page = signed_in("/conclusions/new?control_point=AMF-2021-3&period=2021-01")

    page.get_by_label("Rutinen följs", exact=True).check()
    page.get_by_label("Resultat").fill("Insättningar på konto är vanligast.")
    page.get_by_role("button", name="Spara").click()
    held = page.get_by_role("region", name="AMF-2021-3, januari 2021")
    expect(held).to_contain_text("Insättningar på konto är vanligast.")
    held.get_by_role("link", name="Skriv om slutsatsen").click()
    page.get_by_label("Rutinen följs inte").check()
    page.get_by_label("Varför den ersätts").fill("Två ärenden räknades fel.")
    page.get_by_role("button", name="Spara").click()

    expect(held).to_contain_text("Rutinen följs inte")
    expect(held).to_contain_text("Version 2")
    expect(held).to_contain_text("Insättningar på konto är vanligast.")


def test_of_two_who_change_an_action_the_later_is_told_and_loses_nothing(signed_in):
    mine = signed_in("/actions/new?control_point=AMF-2021-3")
    mine.get_by_label("Vad som ska göras").fill("Ändras av två")
    mine.get_by_role("button", name="Spara").click()
    address = mine.url
    theirs = signed_in(f"{address}/edit")
    mine.goto(f"{address}/edit")

    theirs.get_by_label("Ansvarig").fill("Direktör")
    theirs.get_by_role("button", name="Spara").click()
    mine.get_by_label("Ansvarig").fill("Enhetschef")
    mine.get_by_role("button", name="Spara").click()

    expect(mine.get_by_role("alert")).to_contain_text("Någon annan har ändrat åtgärden")
    expect(mine.get_by_label("Ansvarig")).to_have_value("Enhetschef")
    mine.get_by_role("button", name="Spara").click()
    expect(mine.get_by_text("Enhetschef")).to_be_visible()


@pytest.mark.parametrize("who", ["board", "auditor"])
def test_others_read_and_are_offered_nothing_to_write(signed_in, adopted, who):
    page = signed_in("/actions", who=who)
    expect(page.get_by_role("link", name="Föreslå en åtgärd")).to_have_count(0)
    page.goto(f"/plans/{adopted}/status")
    expect(page.get_by_role("link", name="Rapportera")).to_have_count(0)

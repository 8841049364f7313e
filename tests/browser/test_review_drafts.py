"""What a reviewer has typed survives a killed service, an ended session, a closed browser and another tab."""

import json
import os
import signal

from playwright.sync_api import expect

from support.played_stack import PlayedStack
from support.review_form import DONE, REVIEWER, SAVED, field, fill_in, review_of, send
from support.waiting import wait_until


def test_a_draft_survives_a_killed_service(maker, signed_in, played_stack):
    cases = maker.make(count=1)
    page = signed_in()
    page.goto(cases.path())
    pid = pids(played_stack)["findings"]
    os.kill(pid, signal.SIGKILL)
    field(page, "comment").fill("Skrivet medan tjänsten var borta")
    expect(field(page, "comment")).to_be_focused()

    expect(page.locator("#draft-status")).to_have_text(SAVED, timeout=60_000)
    expect(field(page, "comment")).to_be_focused()
    wait_until(lambda: pids(played_stack).get("findings") not in {None, pid}, what="the restart of findings")
    again = signed_in()
    again.goto(cases.path())

    expect(field(again, "comment")).to_have_value("Skrivet medan tjänsten var borta")


def pids(stack: PlayedStack) -> dict[str, int]:
    pids: dict[str, int] = json.loads((stack.data / "stack.json").read_text())["pids"]
    return pids


def test_a_draft_survives_a_closed_browser(maker, signed_in):
    cases = maker.make(count=1)
    page = signed_in()
    page.goto(cases.path())
    page.keyboard.press("j")
    field(page, "answers.plan-datum").fill("2021-02-28")
    expect(page.locator("#draft-status")).to_have_text(SAVED)
    page.context.close()

    again = signed_in()
    again.goto("/queue")
    expect(again.get_by_role("link", name=cases.items[0].case[:8])).to_contain_text("utkast")
    again.goto(cases.path())

    expect(field(again, "answers.plan-datum")).to_have_value("2021-02-28")
    expect(again.get_by_text("Ditt utkast från")).to_be_visible()


def test_what_is_typed_after_the_session_ended_is_kept_and_saved_after_a_new_sign_in(maker, signed_in):
    cases = maker.make(count=1)
    page = signed_in()
    page.goto(cases.path())
    fill_in(page)
    page.context.clear_cookies(name="stickprov-session")
    field(page, "comment").fill("Skrivet utan inloggning")
    trouble = page.get_by_role("status").filter(has_text="Du är utloggad.")
    expect(trouble).to_be_visible()
    send(page)
    expect(trouble).to_be_visible()

    with page.context.expect_page() as opened:
        trouble.get_by_role("link", name="Logga in").click()
    other = opened.value
    other.get_by_role("button", name=REVIEWER).click()
    expect(other.get_by_role("heading", level=1)).to_have_text("Min kö")
    page.bring_to_front()
    page.evaluate("dispatchEvent(new Event('focus'))")
    expect(page.locator("#draft-status")).to_have_text(SAVED)
    send(page)

    expect(page).to_have_url(DONE)
    assert review_of(maker, cases).comment == "Skrivet utan inloggning"


def test_without_script_an_ended_session_loses_nothing_either(maker, signed_in):
    cases = maker.make(count=1)
    page = signed_in(script=False)
    page.goto(cases.path())
    fill_in(page, comment="Skrivet utan inloggning")
    page.context.clear_cookies(name="stickprov-session")
    send(page)
    expect(page.get_by_text("Skrivet utan inloggning")).to_be_visible()

    other = page.context.new_page()
    other.goto("/sign-in")
    other.get_by_role("button", name=REVIEWER).click()
    page.get_by_role("button", name="Skicka igen").click()
    if page.get_by_role("button", name="Skicka igen").count():
        page.get_by_role("button", name="Skicka igen").click()

    expect(page).to_have_url(DONE)
    assert review_of(maker, cases).comment == "Skrivet utan inloggning"


def test_another_tab_is_told_of_the_newer_draft_and_may_replace_it(maker, signed_in):
    cases = maker.make(count=1)
    first = signed_in()
    first.goto(cases.path())
    second = first.context.new_page()
    second.goto(cases.path())
    field(first, "comment").fill("Den första fliken")
    expect(first.locator("#draft-status")).to_have_text(SAVED)

    field(second, "comment").fill("Den andra fliken")
    told = second.get_by_role("status").filter(has_text="ett nyare utkast")
    expect(told).to_be_visible()
    expect(field(second, "comment")).to_have_value("Den andra fliken")
    told.get_by_role("button", name="Spara det som står här i stället").click()

    expect(second.locator("#draft-status")).to_have_text(SAVED)
    second.goto(cases.path())
    expect(field(second, "comment")).to_have_value("Den andra fliken")

"""Which case a reviewer goes on with, what their queue counts, and what a colleague's case says."""

import re

import pytest
from playwright.sync_api import expect

from stickprov_contracts.http.findings import RecordFinding
from support.review_form import REVIEWER, SAVED, field


def status_of(maker, cases, place):
    return maker.do(REVIEWER, lambda api: api.findings.review(cases.key(place))).status


def test_a_case_that_was_only_looked_at_is_not_begun(maker, signed_in):
    cases = maker.make(None, count=2, rule="anyone")
    page = signed_in()
    page.goto(cases.path(1))
    expect(page.get_by_role("button", name="Skicka och ta nästa")).to_be_visible()
    page.goto(f"/queue?control_point={cases.control_point}")

    expect(page.get_by_role("main")).not_to_contain_text("påbörjat")
    assert status_of(maker, cases, 1) == "waiting"
    other = maker.do("reviewer-09", lambda api: api.findings.next_case(control_point=cases.control_point))
    assert other.case == cases.items[0].case


def test_a_case_that_was_handed_out_is_handed_to_nobody_else(maker, signed_in):
    cases = maker.make(None, count=2, rule="anyone")
    page = signed_in()
    page.goto(f"/queue?control_point={cases.control_point}")
    page.get_by_role("button", name="Öppna nästa ärende").click()
    expect(page).to_have_url(cases.path(0))

    other = maker.do("reviewer-09", lambda api: api.findings.next_case(control_point=cases.control_point))
    assert other.case == cases.items[1].case


@pytest.mark.parametrize("script", [True, False])
def test_the_next_is_what_one_has_begun_before_what_is_new(maker, signed_in, script):
    cases = maker.make(None, count=3)
    page = signed_in(script=script)
    page.goto(cases.path(2))
    field(page, "comment").fill("Ett utkast")
    if script:
        expect(page.get_by_text(SAVED)).to_be_visible()
    else:
        page.get_by_role("button", name="Spara utkast").click()
        expect(page.get_by_text("Utkastet är sparat.")).to_be_visible()
    assert status_of(maker, cases, 2) == "started"

    page.goto(f"/queue?control_point={cases.control_point}")
    page.get_by_role("button", name="Öppna nästa ärende").click()
    expect(page).to_have_url(cases.path(2))
    page.goto(cases.path(0))
    page.get_by_role("group", name="Finns det en anmärkning?").get_by_label("Nej").check()
    page.get_by_role("button", name="Skicka och ta nästa").click()
    expect(page).to_have_url(re.compile(re.escape(cases.path(2))))
    page.get_by_role("button", name="Nästa utan att skicka").click()
    expect(page).to_have_url(cases.path(1))


def test_the_queue_counts_what_is_asked_for_and_tells_points_of_two_plans_apart(maker, signed_in):
    done, at_work = maker.make(None, count=2, reviewer="reviewer-06"), maker.make(None, count=3, reviewer="reviewer-06")
    finding = RecordFinding(remark=False)
    for cases, place in ((done, 0), (done, 1), (at_work, 0)):
        key = cases.key(place)
        maker.do("reviewer-06", lambda api, key=key: api.findings.record(key, finding))
    page = signed_in("reviewer-06")
    page.goto(f"/queue?control_point={at_work.control_point}")
    expect(page.locator("hgroup").first).to_contain_text("2 kvar av 3 i de urval du arbetar med")
    page.goto(f"/queue?control_point={done.control_point}")
    expect(page.locator("hgroup").first).to_contain_text("Inget återstår; du har haft 2 ärenden.")
    page.goto("/queue?show=all")
    for cases in (done, at_work):
        expect(page.get_by_role("heading", name=f"Kontrollmoment {cases.control_point}, mars 2021")).to_be_visible()


def test_a_colleagues_case_says_whose_it_is_and_not_that_the_role_is_wrong(maker, signed_in):
    cases = maker.make(None, count=1, reviewer="reviewer-06")
    page = signed_in()
    page.goto(cases.path())

    expect(page.get_by_role("main")).not_to_contain_text("Din roll")
    expect(page.get_by_role("heading", level=1)).to_have_text("Ärendet är en annan granskares")
    expect(page.get_by_role("main")).to_contain_text("handläggare")
    page.get_by_role("button", name="Till kön").click()
    expect(page).to_have_url(re.compile("/queue"))


def test_reviewers_and_coordinators_call_a_case_alike(maker, signed_in):
    cases = maker.make(None, count=2)
    short = cases.items[1].case[:8]
    page = signed_in()
    page.goto(f"/queue?control_point={cases.control_point}")
    expect(page.get_by_role("listitem").filter(has_text="Ärende 2")).to_contain_text(short)
    page.goto(cases.path(1))
    expect(page.locator(".case-head")).to_contain_text(f"Nr 2 i urvalet, {short}")

    coordinator = signed_in("coordinator")
    coordinator.goto(f"/cases?control_point={cases.control_point}")
    expect(coordinator.get_by_role("main")).to_contain_text(
        "Ärendets eget nummer står på ärendets sida, för den som granskar det"
    )
    coordinator.get_by_role("link", name=f"2, {short}", exact=True).click()
    expect(coordinator.get_by_role("heading", level=1)).to_have_text(f"Ärende 2, {short}")

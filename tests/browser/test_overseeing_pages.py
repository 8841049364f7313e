"""A coordinator oversees the reviewing with nothing but the keyboard, and without script."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from stickprov_contracts.http.findings import RecordFinding
from support.review_form import REVIEWER

_MOST_STEPS = 80


def step_to(page: Page, target: Locator) -> None:
    """Press Tab until the target has the focus; nothing else may take a person there."""
    expect(target).to_be_visible()
    for _ in range(_MOST_STEPS):
        page.keyboard.press("Tab")
        if target.evaluate("element => element === document.activeElement"):
            return
    pytest.fail(f"{target} was not reached by the keyboard in {_MOST_STEPS} steps")


def press(page: Page, role: str, name: str | re.Pattern[str]) -> None:
    step_to(page, page.get_by_role(role, name=name, exact=isinstance(name, str)))
    page.keyboard.press("Enter")


@pytest.fixture(params=[True, False], ids=["script", "no-script"])
def coordinator(maker, signed_in, request):
    maker.list_staff()
    return signed_in("coordinator", script=request.param)


def test_from_the_state_to_a_control_point_and_one_reviewers_cases(maker, coordinator):
    cases = maker.make(count=2)
    maker.do(REVIEWER, lambda api: api.findings.record(cases.key(0), _answers(belopp=10)))
    page = coordinator
    page.goto("/")
    press(page, "link", "Granskning")
    press(page, "link", cases.control_point)

    figures = page.locator("dl.figures > div")
    expect(figures).to_contain_text(["1 av 2", "1", "1 med anmärkning", "0"])
    expect(page.get_by_role("region", name="Per period").get_by_role("row").nth(1)).to_contain_text("mars 2021")
    press(page, "link", "Granskare 7")

    own = page.get_by_role("region", name=re.compile("Granskare 7"))
    expect(own.get_by_role("row").filter(has_text=cases.items[0].case[:8])).to_contain_text("granskat")
    expect(own.get_by_role("row").filter(has_text=cases.items[1].case[:8])).to_contain_text("väntar")


def test_cases_are_given_out_by_a_rule_that_is_tried_first(maker, coordinator):
    cases = maker.make(count=3, rule="round_robin")
    page = coordinator
    page.goto(f"/assign?draw={cases.items[0].draw}&control_point={cases.control_point}")
    press(page, "button", "Förhandsvisa")
    outcome = page.get_by_role("region", name="3 ärenden skulle fördelas")
    expect(outcome.get_by_role("row")).to_have_count(1 + 3)
    assert given(maker, cases) == [None, None, None]

    press(page, "button", "Fördela")
    expect(page.get_by_role("heading", name="3 ärenden är fördelade")).to_be_visible()
    assert None not in given(maker, cases)
    expect(page.get_by_role("link", name="Se hur långt granskningen har kommit")).to_be_visible()
    expect(page.get_by_role("link", name="Se vem som har vilka ärenden")).to_have_attribute(
        "href", f"/cases?purpose=review&control_point={cases.control_point}&draw={cases.items[0].draw}"
    )
    press(page, "button", "Meddela granskarna med e-post")
    expect(page.get_by_text("Driften har inte ställt in någon e-postserver här.")).to_be_visible()


def test_a_share_that_is_none_is_told_at_its_field_and_nothing_is_given(maker, coordinator):
    cases = maker.make(count=1, rule="round_robin")
    page = coordinator
    page.goto(f"/assign?draw={cases.items[0].draw}&control_point={cases.control_point}")
    step_to(page, page.get_by_label("Andel"))
    page.keyboard.type("hälften")
    page.keyboard.press("Enter")

    press(page, "link", "Andel")
    expect(page.get_by_label("Andel")).to_have_accessible_description(re.compile("Skriv en andel"))
    expect(page.get_by_label("Andel")).to_have_value("hälften")
    assert given(maker, cases) == [None]


def test_the_cases_of_one_period_and_control_point_can_be_chosen(maker, coordinator):
    wanted = maker.make(None, count=1)
    page = coordinator
    page.goto("/cases")
    page.locator("select[name=period]").select_option("2021-03")
    page.locator("select[name=control_point]").select_option(wanted.control_point)
    page.get_by_role("button", name="Visa", exact=True).click()
    expect(page.get_by_role("row").filter(has_text=wanted.items[0].case[:8])).to_have_count(1)
    expect(page.locator("select[name=period]")).to_have_value("2021-03")


def test_a_case_is_moved_to_somebody_else_for_a_reason(maker, coordinator):
    cases = maker.make(count=1)
    page = coordinator
    page.goto(f"/cases?control_point={cases.control_point}")
    press(page, "link", f"Flytta 1, {cases.items[0].case[:8]}")
    expect(page.get_by_text("Det ska granskas av Granskare 7.")).to_be_visible()
    step_to(page, page.get_by_label("Granskare", exact=True))
    page.keyboard.type("Granskare 12")
    step_to(page, page.get_by_label("Varför"))
    page.keyboard.type("Ledig i april")
    press(page, "button", "Flytta")

    expect(page.get_by_role("region", name=re.compile("Granskare 12")).get_by_role("row")).to_have_count(1 + 1)
    expect(page.get_by_role("region", name=re.compile("Granskare 7"))).to_have_count(0)


def test_a_disagreement_is_found_and_settled(maker, coordinator):
    cases = maker.make(None, count=1)
    maker.review_twice(cases, RecordFinding(remark=False), RecordFinding(remark=True, categories=["money"]))
    page = coordinator
    page.goto("/disagreements")
    press(page, "link", f"1, {cases.items[0].case[:8]}")
    expect(page.get_by_role("main")).to_contain_text("av Granskare 11")
    step_to(page, page.get_by_role("group", name="Finns det en anmärkning?").get_by_label("Ja"))
    page.keyboard.press("Space")
    step_to(page, page.get_by_label("Insättningar på konto"))
    page.keyboard.press("Space")
    step_to(page, page.get_by_label("Skäl"))
    page.keyboard.type("Kontoutdragen visar det")
    press(page, "button", "Avgör")

    expect(page.get_by_role("heading", level=2).first).to_contain_text("med anmärkning")
    page.goto("/disagreements")
    expect(page.get_by_role("link", name=cases.items[0].case[:8])).to_have_count(0)


def given(maker, cases) -> list[str | None]:
    queue = maker.do("coordinator", lambda api: api.findings.queue(control_point=cases.control_point))
    return [item.reviewer for item in queue.items]


def _answers(**more: object) -> RecordFinding:
    answers = {"plan": "no", "samordnad": "na", "grund": "annan", "underlag": ["hyresavi"], "belopp": 0}
    return RecordFinding(answers=answers | more)

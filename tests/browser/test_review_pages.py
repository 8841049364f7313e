"""A reviewer fills in cases: by keyboard alone, without script, child by child, with faults, twice at once."""

import re

import pytest
from playwright.sync_api import expect

from support.review_cases import CHILDREN
from support.review_form import DONE, field, fill_in, outcomes, review_of, send


def test_a_whole_review_needs_nothing_but_the_keyboard(maker, signed_in):
    cases = maker.make(count=2)
    page = signed_in()
    page.goto(f"/queue?control_point={cases.control_point}")
    page.get_by_role("button", name="Öppna nästa ärende").press("Enter")
    expect(page).to_have_url(cases.path(0))
    key = page.keyboard

    key.press("j")
    expect(field(page, "answers.plan-datum")).to_be_focused()
    field(page, "answers.plan-datum").fill("2019-12-31")
    key.press("Enter")
    key.press("3")
    key.press("2")
    key.press("1")
    key.press("3")
    key.press("Enter")
    expect(field(page, "answers.belopp")).to_be_focused()
    key.type("1 250,50")
    key.press("Control+Enter")

    expect(page).to_have_url(re.compile(re.escape(cases.path(1))))
    expect(page.get_by_role("status").first).to_contain_text("Registrerat")
    expect(page.get_by_role("heading", level=1)).to_contain_text("2021-000")
    recorded = review_of(maker, cases)
    given = {answer.question: answer for answer in recorded.answers}
    assert recorded.status == "reviewed"
    assert sorted(recorded.categories) == ["money", "plan"]
    assert given["plan"].chosen == ["yes"]
    assert given["plan-gammal"].chosen == ["yes"]
    assert given["samordnad"].chosen == ["na"]
    assert given["grund"].chosen == ["sjuk"]
    assert given["underlag"].chosen == ["kontoutdrag", "lakarintyg"]
    assert str(given["belopp"].number) == "1250.5"


def test_what_is_wrong_is_told_in_swedish_with_links_to_the_fields_and_nothing_typed_is_lost(maker, signed_in):
    cases = maker.make(count=1)
    page = signed_in()
    page.goto(cases.path())
    fill_in(page, money="tolv", comment="Två rader\nav text")
    page.get_by_role("group", name="aktuell handlingsplan").get_by_label("Ja").check()
    field(page, "answers.plan-datum").fill("2999-01-01")
    send(page)

    summary = page.get_by_role("alert")
    expect(summary).to_contain_text("2 saker behöver rättas")
    expect(summary).to_contain_text("Datumet ligger i framtiden.")
    summary.get_by_role("link", name="6. Hur stora insättningar").press("Enter")
    expect(field(page, "answers.belopp")).to_be_focused()
    expect(field(page, "answers.belopp")).to_have_value("tolv")
    expect(field(page, "answers.belopp")).to_have_accessible_description(re.compile(r"Skriv ett tal.*kr"))
    expect(field(page, "comment")).to_have_value("Två rader\nav text")
    expect(page.get_by_label("Hyresavi")).to_be_checked()


def test_single_keys_are_letters_in_a_text_and_can_be_turned_off_for_good(maker, signed_in):
    cases = maker.make(count=2)
    page = signed_in()
    page.goto(cases.path())
    field(page, "comment").press_sequentially("jn1?")
    expect(field(page, "comment")).to_have_value("jn1?")
    expect(page.get_by_role("group", name="aktuell handlingsplan").get_by_label("Ja")).not_to_be_checked()

    page.get_by_role("heading", level=1).click()
    page.keyboard.press("?")
    dialog = page.get_by_role("dialog", name="Kortkommandon")
    dialog.get_by_role("button", name="Stäng av enstaka tangenter").click()
    page.keyboard.press("Escape")
    page.goto(cases.path(1))
    page.keyboard.press("j")

    expect(page.get_by_role("group", name="aktuell handlingsplan").get_by_label("Ja")).not_to_be_checked()
    expect(page.get_by_role("button", name="Slå på enstaka tangenter").first).to_be_visible()


def test_questions_that_do_not_apply_are_out_of_the_way_and_their_answers_are_not_sent(maker, signed_in):
    cases = maker.make(count=1)
    page = signed_in()
    page.goto(cases.path())
    expect(field(page, "answers.plan-datum")).to_be_hidden()
    page.get_by_role("group", name="aktuell handlingsplan").get_by_label("Ja").check()
    field(page, "answers.plan-datum").fill("2021-01-31")
    fill_in(page)
    expect(field(page, "answers.plan-datum")).to_be_hidden()
    send(page)

    expect(page).to_have_url(DONE)
    assert "plan-datum" not in {answer.question for answer in review_of(maker, cases).answers}


@pytest.mark.parametrize("script", [True, False])
def test_pressing_the_button_twice_records_one_finding(maker, signed_in, script):
    cases = maker.make(count=1)
    page = signed_in(script=script)
    page.goto(cases.path())
    fill_in(page)

    page.get_by_role("button", name="Skicka och ta nästa").dblclick()

    expect(page).to_have_url(DONE)
    assert outcomes(review_of(maker, cases)) == ["recorded"]


def test_without_script_a_case_is_reviewed_kept_and_marked(maker, signed_in):
    cases = maker.make(count=3)
    page = signed_in(script=False)
    page.goto(cases.path(0))
    expect(page.get_by_text("Besvaras bara om svaret på fråga 1 är “Ja”.")).to_be_visible()
    field(page, "comment").fill("Ett utkast")
    page.get_by_role("button", name="Spara utkast").click()
    expect(page.get_by_text("Utkastet är sparat.")).to_be_visible()
    expect(field(page, "comment")).to_have_value("Ett utkast")

    field(page, "comment").fill("Ett längre utkast")
    page.get_by_role("button", name="Nästa utan att skicka").click()
    expect(page).to_have_url(cases.path(1))
    fill_in(page)
    send(page)
    expect(page).to_have_url(re.compile(re.escape(cases.path(0))))
    page.get_by_role("button", name="Nästa utan att skicka").click()
    expect(page).to_have_url(cases.path(2))

    page.get_by_text("Övertäckning: det skulle inte ha varit med").click()
    page.get_by_role("button", name="Markera som övertäckning och ta nästa").click()
    expect(page.get_by_role("alert")).to_contain_text("Välj ett av svaren.")
    page.get_by_label("Avslutat före perioden").check()
    page.get_by_role("button", name="Markera som övertäckning och ta nästa").click()
    expect(page).to_have_url(re.compile(re.escape(cases.path(0))))
    expect(field(page, "comment")).to_have_value("Ett längre utkast")

    page.goto(f"/queue?control_point={cases.control_point}&show=all")
    expect(page.get_by_role("listitem").filter(has_text="Ärende")).to_have_text(
        [re.compile("utkast"), re.compile("granskat"), re.compile("övertäckning")]
    )


def test_each_child_has_its_own_questions_and_may_be_left_out_for_a_reason(maker, signed_in):
    cases = maker.make(CHILDREN, count=1, children=3)
    page = signed_in()
    page.goto(cases.path())
    for name in ("Barn 1", "Barn 3"):
        child = page.get_by_role("region", name=name)
        for question in child.get_by_role("group").all():
            question.get_by_label("Ja").check()
    left_out = page.get_by_role("region", name="Barn 2")
    left_out.get_by_label("Utfall").select_option(label="Övertäckning: Vuxet gymnasiestuderande barn")
    expect(left_out.get_by_role("group")).to_have_count(0)
    send(page)

    expect(page).to_have_url(DONE)
    found = review_of(maker, cases).found
    assert [one.outcome for one in found] == ["reviewed", "over-coverage", "reviewed"]
    assert found[1].reason == "vuxen-studerande"
    assert len(found[0].answers) == 7


def test_a_case_without_a_questionnaire_is_a_remark_with_categories(maker, signed_in):
    cases = maker.make(None, count=1)
    page = signed_in()
    page.goto(cases.path())
    page.keyboard.press("j")
    page.keyboard.press("2")
    page.keyboard.press("Control+Enter")

    expect(page).to_have_url(DONE)
    recorded = review_of(maker, cases)
    assert (recorded.remark, recorded.categories) == (True, ["money"])

"""A reviewer's way through the pages: by keyboard alone, without script, with a service that dies, in two tabs."""

import json
import os
import re
import signal
from collections.abc import Callable, Iterator
from decimal import Decimal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, Page, expect

from stickprov_contracts.http.findings import AssignCases, RecordFinding, Review
from support.played_stack import PlayedStack
from support.review_cases import CHILDREN, CaseMaker, Cases
from support.waiting import wait_until

REVIEWER = "reviewer-07"
SAVED = re.compile(r"Utkast sparat \d\d\.\d\d")
DONE = re.compile(r"\?done=/review/|\?done=/second-review/")
"""The page after a case that was sent: the next one, or the queue."""

SignIn = Callable[..., Page]


@pytest.fixture(scope="session")
def maker(played_stack: PlayedStack) -> CaseMaker:
    return CaseMaker(played_stack.url, lambda account: played_stack.token_file(account).read_text().strip())


@pytest.fixture
def signed_in(chromium: Browser, played_stack: PlayedStack) -> Iterator[SignIn]:
    contexts = []

    def sign_in(account: str = REVIEWER, *, script: bool = True, width: int = 1440, scheme: str = "light") -> Page:
        context = chromium.new_context(
            base_url=played_stack.url,
            locale="sv-SE",
            java_script_enabled=script,
            viewport={"width": width, "height": 900},
            color_scheme=scheme,
        )
        contexts.append(context)
        page = context.new_page()
        page.goto("/sign-in")
        page.get_by_role("button", name=account).press("Enter")
        expect(page.get_by_role("button", name="Logga ut")).to_be_visible()
        return page

    yield sign_in
    for context in contexts:
        context.close()


def field(page: Page, name: str) -> Locator:
    return page.locator(f"[id='{name}']")


def fill_in(page: Page, *, money: str = "0", comment: str = "") -> None:
    """Answer everything without a plan."""
    page.get_by_role("group", name="aktuell handlingsplan").get_by_label("Nej").check()
    page.get_by_role("group", name="samordnad").get_by_label("Nej").check()
    page.get_by_role("group", name="huvudsakliga grunden").get_by_label("Annan grund").check()
    page.get_by_role("group", name="underlag").get_by_label("Hyresavi").check()
    field(page, "answers.belopp").fill(money)
    field(page, "comment").fill(comment)


def send(page: Page) -> None:
    page.get_by_role("button", name="Skicka och ta nästa").click()


def review_of(maker: CaseMaker, cases: Cases, place: int = 0, *, account: str = REVIEWER) -> Review:
    return maker.do(account, lambda services: services.findings.review(cases.key(place)))


def outcomes(review: Review) -> list[str]:
    return [entry.what for entry in review.history if entry.what != "started"]


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
    expect(page).to_have_url(re.compile(re.escape(cases.path(2))))

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


def test_who_comes_second_sees_both_versions_and_can_correct_to_theirs(maker, signed_in):
    cases = maker.make(count=1)
    first = signed_in()
    first.goto(cases.path())
    second = first.context.new_page()
    second.goto(cases.path())
    fill_in(first, comment="Den första fliken")
    fill_in(second, money="500", comment="Den andra fliken")
    send(first)
    expect(first).to_have_url(DONE)
    send(second)

    expect(second.get_by_role("heading", level=2).first).to_have_text("Något är redan registrerat om ärendet")
    both = second.get_by_role("row")
    expect(both.filter(has_text="insättningar").get_by_role("cell")).to_contain_text(["0 kr", "500 kr"])
    expect(both.filter(has_text="Kommentar").get_by_role("cell")).to_contain_text(
        ["Den första fliken", "Den andra fliken"]
    )
    assert Axe().run(second).violations_count == 0
    second.get_by_role("button", name="Rätta till det jag skrev").click()
    expect(second.get_by_role("alert")).to_contain_text("Skriv något här.")
    field(second, "reason").fill("Jag hade sett kontoutdragen")
    second.get_by_role("button", name="Skicka rättelsen").click()

    expect(second.get_by_role("heading", level=2).first).to_contain_text("med anmärkning")
    after = review_of(maker, cases)
    assert outcomes(after) == ["recorded", "corrected"]
    assert after.comment == "Den andra fliken"


def test_the_same_from_two_tabs_needs_nothing_more(maker, signed_in):
    cases = maker.make(count=1)
    first = signed_in()
    first.goto(cases.path())
    second = first.context.new_page()
    second.goto(cases.path())
    for page in (first, second):
        fill_in(page)
    send(first)
    expect(first).to_have_url(DONE)
    send(second)

    expect(second.get_by_role("heading", level=2).first).to_have_text("Samma sak är redan registrerad")
    second.get_by_role("button", name="Låt det registrerade stå och ta nästa").click()
    expect(second.get_by_text("Samma sak är redan registrerad")).to_have_count(0)
    assert outcomes(review_of(maker, cases)) == ["recorded"]


def test_a_correction_and_its_reason_stay_in_the_history_and_a_finding_is_taken_back(maker, signed_in):
    cases = maker.make(count=1)
    page = signed_in()
    page.goto(cases.path())
    fill_in(page, money="500")
    send(page)
    page.goto(cases.path())
    page.get_by_role("button", name="Rätta", exact=True).click()
    field(page, "answers.belopp").fill("50")
    field(page, "reason").fill("En nolla för mycket")
    page.keyboard.press("Control+Enter")
    page.get_by_role("button", name="Historik").click()

    corrected = page.get_by_role("listitem").filter(has_text="Rättat")
    expect(corrected).to_contain_text("En nolla för mycket")
    expect(corrected.locator("del")).to_have_text("500 kr")
    expect(corrected.locator("ins")).to_have_text("50 kr")

    page.get_by_role("link", name="Tillbaka till ärendet").click()
    page.get_by_text("Återkalla", exact=True).first.click()
    page.get_by_role("button", name="Återkalla").click()
    expect(page.get_by_role("alert")).to_contain_text("Skriv något här.")
    field(page, "reason").fill("Fel ärende")
    page.get_by_role("button", name="Återkalla").click()
    expect(page.get_by_role("button", name="Skicka och ta nästa")).to_be_visible()
    assert outcomes(review_of(maker, cases)) == ["recorded", "corrected", "withdrawn"]


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


def test_a_second_review_is_blind_and_the_coordinator_settles_what_differs(maker, signed_in):
    maker.list_staff()
    cases = maker.make(None, count=1)
    first = RecordFinding(remark=False, comment="Inget att anmärka")
    maker.do(REVIEWER, lambda api: api.findings.record(cases.key(), first))
    asked = AssignCases(
        draw=cases.items[0].draw, control_point=cases.control_point, purpose="second-review", rule="group",
        group="andra", share=Decimal(1),
    )  # fmt: skip
    assert maker.do("coordinator", lambda api: api.findings.assign(asked)).given == 1

    blind = signed_in("reviewer-11")
    blind.goto(f"/queue?purpose=second-review&control_point={cases.control_point}")
    blind.get_by_role("button", name="Öppna nästa ärende").click()
    expect(blind).to_have_url(cases.path(0, "second-review"))
    expect(blind.get_by_role("main")).not_to_contain_text("Inget att anmärka")
    blind.get_by_role("group", name="Finns det en anmärkning?").get_by_label("Ja").check()
    blind.get_by_label("Insättningar på konto").check()
    field(blind, "comment").fill("Två insättningar utan förklaring")
    send(blind)
    expect(blind).to_have_url(DONE)

    coordinator = signed_in("coordinator")
    coordinator.goto(cases.path())
    coordinator.get_by_role("button", name="Avgör vad som gäller").click()
    remark = coordinator.get_by_role("row").filter(has_text="Anmärkning").first
    expect(remark.get_by_role("cell")).to_contain_text(["Nej", "Ja"])
    assert Axe().run(coordinator).violations_count == 0
    coordinator.get_by_role("group", name="Finns det en anmärkning?").get_by_label("Ja").check()
    coordinator.get_by_label("Insättningar på konto").check()
    coordinator.get_by_role("button", name="Avgör").click()
    expect(coordinator.get_by_role("alert")).to_contain_text("Skriv något här.")
    field(coordinator, "reason").fill("Den andra granskaren hade kontoutdragen")
    coordinator.get_by_role("button", name="Avgör").click()

    expect(coordinator.get_by_role("heading", level=2).first).to_contain_text("med anmärkning")
    settled = review_of(maker, cases, account="coordinator")
    assert outcomes(settled) == ["recorded", "settled"]
    assert not settled.disagrees


PAGES = ["queue", "case", "roster", "correction", "recorded", "history", "preview"]


@pytest.fixture(scope="session")
def addresses(maker: CaseMaker) -> dict[str, str]:
    cases = maker.make(count=2, reviewer="reviewer-08")
    children = maker.make(CHILDREN, count=1, children=2, reviewer="reviewer-08")
    answers = {"plan": "no", "samordnad": "na", "grund": "annan", "underlag": ["hyresavi"], "belopp": 10}
    finding = RecordFinding(answers=answers, comment="En kommentar")
    maker.do("reviewer-08", lambda api: api.findings.record(cases.key(1), finding))
    return {
        "queue": "/queue?show=all",
        "case": cases.path(0),
        "roster": children.path(),
        "correction": f"{cases.path(1)}/correction",
        "recorded": cases.path(1),
        "history": f"{cases.path(1)}/history",
        "preview": "/questionnaires/barnrattsperspektiv/preview",
    }


@pytest.mark.parametrize("language", ["sv", "en"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_and_no_page_scrolls_sideways(signed_in, addresses, scheme, language):
    page = signed_in("reviewer-08", scheme=scheme)
    page.goto(f"/queue?lang={language}")
    for name in PAGES:
        page.set_viewport_size({"width": 320, "height": 800})
        page.goto(addresses[name])
        found = Axe().run(page)
        assert found.violations_count == 0, (name, found.generate_report())
        for width in (320, 360, 768, 1440):
            page.set_viewport_size({"width": width, "height": 800})
            wider = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            assert wider == 0, (name, width)

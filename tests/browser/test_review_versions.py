"""Who was faster, what was corrected, and what two reviewers saw differently."""

from decimal import Decimal

from playwright.sync_api import expect

from stickprov_contracts.http.findings import AssignCases, RecordFinding
from support.review_form import DONE, REVIEWER, field, fill_in, outcomes, review_of, send


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
    expect(second.get_by_text("Du har redan skickat det")).to_be_visible()
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
    expect(corrected).to_contain_text("av dig")
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

"""A case that is opened again, corrected without script, looked into once more, or sent more than once by others."""

import re

import pytest
from playwright.sync_api import Page, Route, expect

from stickprov_contracts.http.findings import AssignCases, MarkCase, RecordFinding
from support.review_cases import FILE_REVIEW
from support.review_form import DONE, REVIEWER, field, fill_in, outcomes, review_of, send

SCRIPT = pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
REMARK = RecordFinding(
    answers={"plan": "no", "samordnad": "na", "grund": "annan", "underlag": ["hyresavi"], "belopp": 10}
)


@SCRIPT
def test_a_case_marked_as_over_coverage_is_opened_again_for_a_reason_and_reviewed(maker, signed_in, script):
    cases = maker.make(count=1)
    maker.do(REVIEWER, lambda api: api.findings.mark_over_coverage(cases.key(), MarkCase(reason="closed-before")))
    page = signed_in(script=script)
    page.goto(cases.path())
    expect(page.get_by_role("main")).to_contain_text("Avslutat före perioden")
    page.get_by_text("Öppna igen").first.click()
    page.get_by_role("button", name="Öppna igen").click()
    expect(page.get_by_role("alert")).to_contain_text("Skriv något här.")
    field(page, "reason").fill("Ärendet avslutades i april")
    page.get_by_role("button", name="Öppna igen").click()
    fill_in(page)
    send(page)

    expect(page).to_have_url(DONE)
    assert outcomes(review_of(maker, cases)) == ["over-coverage", "reopened", "recorded"]
    page.goto(f"{cases.path()}/history")
    expect(page.get_by_role("listitem").filter(has_text="Öppnat igen")).to_contain_text("Ärendet avslutades i april")


def test_a_mark_becomes_a_finding_by_correcting_it_without_script(maker, signed_in):
    cases = maker.make(count=1)
    maker.do(REVIEWER, lambda api: api.findings.record(cases.key(), REMARK))
    page = signed_in(script=False)
    page.goto(cases.path())
    page.get_by_role("button", name="Rätta", exact=True).click()
    field(page, "answers.belopp").fill("0")
    page.get_by_role("button", name="Skicka rättelsen").click()
    expect(page.get_by_role("alert")).to_contain_text("Skriv något här.")
    expect(field(page, "answers.belopp")).to_have_value("0")
    page.get_by_role("button", name="Spara utkast").click()
    expect(page.get_by_text("Utkastet är sparat.")).to_be_visible()
    field(page, "reason").fill("Insättningen var redovisad")
    page.get_by_role("button", name="Skicka rättelsen").click()

    expect(page.get_by_role("heading", level=2).first).to_contain_text("med anmärkning")
    after = review_of(maker, cases)
    assert outcomes(after) == ["recorded", "corrected"]
    assert after.categories == ["plan"]


def test_a_case_with_a_remark_is_looked_into_with_the_questions_of_a_file_review(maker, signed_in):
    maker.list_staff()
    cases = maker.make(count=2, file_review=FILE_REVIEW)
    maker.do(REVIEWER, lambda api: api.findings.record(cases.key(0), REMARK))
    asked = AssignCases(
        draw=cases.items[0].draw, control_point=cases.control_point, purpose="file-review", rule="handler"
    )
    assert maker.do("coordinator", lambda api: api.findings.assign(asked)).given == 1
    page = signed_in()
    page.goto("/queue")
    page.get_by_role("navigation", name="Slag av granskning").get_by_role("link", name="Aktgranskning").press("Enter")
    page.get_by_role("link", name=cases.items[0].case[:8]).press("Enter")
    expect(page).to_have_url(cases.path(0, "file-review"))
    page.keyboard.press("n")
    page.keyboard.press("j")
    expect(field(page, "answers.belopp")).to_be_focused()
    page.keyboard.type("1 250")
    page.keyboard.press("Enter")
    page.keyboard.press("j")
    page.keyboard.press("Control+Enter")

    expect(page).to_have_url(re.compile(r"\?done=/file-review/"))
    key = cases.key(0, "file-review")
    found = maker.do(REVIEWER, lambda api: api.findings.review(key))
    assert (found.status, found.remark) == ("reviewed", True)
    assert outcomes(review_of(maker, cases)) == ["recorded"], "what the first review said stands"


@SCRIPT
def test_of_two_reviewers_the_later_sees_both_versions_and_loses_no_text(maker, signed_in, script):
    cases = maker.make(count=1, rule="anyone")
    mine, theirs = signed_in(script=script), signed_in("reviewer-09", script=script)
    for page, money, comment in ((mine, "0", "Det jag såg"), (theirs, "500", "Det hon såg\npå två rader")):
        page.goto(cases.path())
        fill_in(page, money=money, comment=comment)
    send(mine)
    expect(mine).to_have_url(DONE)
    send(theirs)

    expect(theirs.get_by_role("heading", name="Något är redan registrerat om ärendet")).to_be_visible()
    expect(theirs.get_by_text("inget av det du skrev har gått förlorat")).to_be_visible()
    comment = theirs.get_by_role("row").filter(has_text="Kommentar").get_by_role("cell")
    expect(comment).to_contain_text(["Det jag såg", "Det hon såg\npå två rader"])
    assert outcomes(review_of(maker, cases)) == ["recorded"]
    theirs.get_by_role("button", name="Ändra först i det jag skrev").click()
    expect(field(theirs, "comment")).to_have_value("Det hon såg\npå två rader")
    expect(field(theirs, "answers.belopp")).to_have_value("500")


def test_a_proxy_that_sends_the_form_again_records_one_finding_and_shows_no_fault(maker, signed_in):
    cases = maker.make(count=1)
    page = signed_in()
    page.goto(cases.path())
    fill_in(page)
    answers: list[int] = []

    def twice(route: Route) -> None:
        if route.request.method != "POST":
            route.continue_()
            return
        answers.append(route.fetch(max_redirects=0).status)
        again = route.fetch(max_redirects=0)
        answers.append(again.status)
        route.fulfill(response=again)

    page.route(f"**{cases.path()}", twice)
    send(page)

    expect(page).to_have_url(DONE)
    assert answers == [303, 303]
    assert outcomes(review_of(maker, cases)) == ["recorded"]


def test_the_same_form_sent_many_times_at_the_same_moment_records_one_finding(maker, signed_in):
    cases = maker.make(count=1)
    page = signed_in()
    page.goto(cases.path())
    fill_in(page)

    answers = page.evaluate(SEND_AT_ONCE, 8)

    assert answers == ["opaqueredirect"] * 8
    assert outcomes(review_of(maker, cases)) == ["recorded"]


SEND_AT_ONCE = """async times => {
  const form = document.querySelector("#review");
  const body = new URLSearchParams(new FormData(form, form.querySelector("[data-submit]")));
  const send = () => fetch(form.getAttribute("action"), {method: "POST", body, redirect: "manual"});
  const answers = await Promise.all(Array.from({length: times}, send));
  return answers.map(answer => answer.type);
}"""


def test_landmarks_and_headings_lead_through_a_case(maker, signed_in):
    cases = maker.make(count=1)
    page = signed_in()
    page.goto(cases.path())

    assert landmarks(page) == [
        ("banner", ""),
        ("navigation", "Huvudmeny"),
        ("main", ""),
        ("navigation", "Du är här"),
        ("region", "Kan ärendet inte granskas, eller ska det inte vara med?"),
        ("complementary", "Vid sidan av ärendet"),
        ("region", "Så långt har du kommit"),
        ("region", "Tangentbord"),
        ("contentinfo", ""),
    ]
    expect(page.get_by_role("heading", level=1)).to_have_count(1)
    asked = page.get_by_role("group", name=re.compile(r"^\d"))
    expect(asked).to_have_count(4)
    for group in asked.all():
        expect(group.get_by_role("radio").or_(group.get_by_role("checkbox")).first).to_be_visible()
    expect(page.get_by_role("textbox", name=re.compile("Hur stora insättningar"))).to_be_visible()
    expect(page.get_by_role("textbox", name=re.compile("Kommentar"))).to_be_visible()


def landmarks(page: Page) -> list[tuple[str, str]]:
    """Return what a screen reader lists as landmarks of the page and of its parts, with their names."""
    named = re.findall(
        r"^\s{0,4}- (banner|navigation|main|region|complementary|contentinfo)(?: \"([^\"]*)\")?",
        page.locator("body").aria_snapshot(),
        re.MULTILINE,
    )
    return [(role, name) for role, name in named]

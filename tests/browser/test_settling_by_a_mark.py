"""Where one of two reviewers says that a case should not have been drawn, the coordinator sees it, and may agree."""

import pytest
from playwright.sync_api import expect

from stickprov_contracts.http.findings import AssignCases, MarkCase, RecordFinding
from support.review_cases import EVERY_TYPE
from support.review_form import REVIEWER, field, outcomes, review_of

ANSWERS = {"plan": "no", "samordnad": "na", "grund": "annan", "underlag": ["hyresavi"], "belopp": 0}


@pytest.fixture
def given_twice(maker):
    """Return a case that the first reviewer has a finding of, and that the second is to review."""

    def give(questionnaire=EVERY_TYPE, finding=None):
        maker.list_staff()
        cases = maker.make(questionnaire, count=1)
        maker.do(REVIEWER, lambda api: api.findings.record(cases.key(), finding or RecordFinding(answers=ANSWERS)))
        asked = AssignCases(
            draw=cases.items[0].draw, control_point=cases.control_point, purpose="second-review", rule="group",
            group="andra", share=1,
        )  # fmt: skip
        assert maker.do("coordinator", lambda api: api.findings.assign(asked)).given == 1
        return cases

    return give


@pytest.mark.parametrize("script", [True, False])
def test_over_coverage_of_the_second_reviewer_is_seen_and_can_be_what_holds(maker, signed_in, given_twice, script):
    cases = given_twice()
    mark = MarkCase(reason="closed-before", comment="Avslutat i december")
    maker.do("reviewer-11", lambda api: api.findings.mark_over_coverage(cases.key(0, "second-review"), mark))
    page = signed_in("coordinator", script=script)
    page.goto("/disagreements")
    page.get_by_role("link", name=f"1, {cases.items[0].case[:8]}", exact=True).click()

    expect(page.get_by_role("main")).to_contain_text("Andra granskning: Markerat som övertäckning")
    expect(page.get_by_role("main")).to_contain_text("av Granskare 11")
    marked = page.get_by_role("row").filter(has_text="Övertäckning")
    expect(marked.get_by_role("cell")).to_contain_text(["–", "Avslutat före perioden"])
    expect(page.get_by_label("Avslutat före perioden").first).to_be_checked()
    page.get_by_role("button", name="Avgör som övertäckning").click()
    expect(page.get_by_role("alert")).to_contain_text("Skäl")
    field(page, "reason").fill("Registret visar att ärendet avslutades")
    page.get_by_role("button", name="Avgör som övertäckning").click()

    expect(page.get_by_role("main")).to_contain_text("Avgjort av samordnaren: övertäckning")
    settled = review_of(maker, cases, account="coordinator")
    assert outcomes(settled) == ["recorded", "over-coverage"]
    assert (settled.mark_reason, settled.disagrees) == ("closed-before", False)


def test_a_second_review_that_could_not_be_done_leaves_nothing_to_settle(maker, signed_in, given_twice):
    cases = given_twice()
    mark = MarkCase(reason="file-missing")
    maker.do("reviewer-11", lambda api: api.findings.mark_non_response(cases.key(0, "second-review"), mark))
    page = signed_in("coordinator")
    page.goto(f"{cases.path()}/settlement")

    expect(page.get_by_role("main")).to_contain_text("Andra granskning: Markerat som bortfall")
    expect(page.get_by_role("main")).to_contain_text("Den andra granskaren kunde inte granska ärendet.")
    expect(page.get_by_role("heading", name="Vad som gäller")).to_have_count(0)


def test_the_same_in_other_words_is_not_marked_as_a_difference(maker, signed_in, given_twice):
    first = RecordFinding(answers=ANSWERS | {"iakttagelse": "Saknas sedan mars"}, comment="Ringt")
    second = RecordFinding(answers=ANSWERS | {"grund": "sjuk", "iakttagelse": "Borta sedan i våras"}, comment="Mejlat")
    cases = given_twice(finding=first)
    maker.do("reviewer-11", lambda api: api.findings.record(cases.key(0, "second-review"), second))
    page = signed_in("coordinator")
    page.goto(f"{cases.path()}/settlement")

    expect(page.locator("tr.differs")).to_have_count(1)
    expect(page.locator("tr.differs")).to_contain_text("huvudsakliga grunden")
    expect(page.get_by_role("row").filter(has_text="Borta sedan i våras")).not_to_contain_text("skiljer sig")

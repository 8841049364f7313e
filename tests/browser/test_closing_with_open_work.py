"""Before a period is closed, what is open in it is told; afterwards it waits for nobody, and nothing is offered."""

import pytest
from playwright.sync_api import expect

from stickprov_contracts.http.findings import RecordFinding
from support.review_form import field
from support.waiting import wait_until

PLAN = """
plan: {plan}
board: Socialnämnden
year: 2021
title: Internkontrollplan som stängs
control_points:
  - control_point: {point}
    number: "1"
    area: Norr
    measure: Ett moment med öppna ärenden
    unit_name: ärende
    reviewer_rule: handler
    categories:
      - {{id: money, sv: Insättningar, en: Deposits}}
"""


@pytest.fixture
def plan_of(played_stack, tmp_path):
    """Put a control point into a plan of its own, and return the plan's id."""

    def adopt(point: str) -> str:
        plan, file = point.replace("PROV", "PLAN"), tmp_path / "plan.yaml"
        file.write_text(PLAN.format(plan=plan, point=point), encoding="utf-8")
        adopted = played_stack.stickprov("plan", "import", str(file))
        assert adopted.returncode == 0, adopted.stderr
        return plan

    return adopt


@pytest.fixture
def close(maker, signed_in):
    """Close March on the page, and return what the page told before."""

    def closed(plan: str, cases) -> str:
        page = signed_in("coordinator", script=False)
        page.goto(f"/plans/{plan}/close")
        expect(page.get_by_role("main")).to_contain_text("granskas, rättas eller avgörs")
        page.locator("#period").fill("2021-03")
        page.get_by_role("button", name="Visa vad som stängs").click()
        told = page.get_by_role("main").inner_text()
        page.get_by_role("button", name="Stäng perioden").click()

        def heard() -> bool:
            return maker.do("coordinator", lambda api: api.findings.review(cases.key())).closed == "2021-03"

        wait_until(heard, what="the closed period in findings")
        return told

    return closed


def test_a_disagreement_is_told_before_and_no_form_is_offered_afterwards(maker, signed_in, plan_of, close):
    maker.list_staff()
    cases = maker.make(None, count=1)
    plan = plan_of(cases.control_point)
    maker.review_twice(cases, RecordFinding(remark=False), RecordFinding(remark=True, categories=["money"]))
    page = signed_in("coordinator", script=False)
    page.goto(f"{cases.path()}/settlement")
    form = page.get_by_role("heading", name="Vad som gäller")
    expect(form).to_be_visible()

    told = close(plan, cases)
    assert "Fortfarande öppet, och kan inte göras efteråt" in told
    assert "1 skillnad mellan granskare som inte är avgjord" in told
    assert "inte är granskad" not in told
    field(page, "reason").fill("För sent")
    page.get_by_role("group", name="Finns det en anmärkning?").get_by_label("Nej").check()
    page.get_by_role("button", name="Avgör", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("Perioden 2021-03 är stängd")
    expect(page.get_by_role("alert")).not_to_contain_text("har ändrats sedan du öppnade sidan")
    expect(page.get_by_role("main")).to_contain_text("För sent")
    expect(form).to_have_count(0)
    page.goto(f"/progress?control_point={cases.control_point}")
    expect(page.get_by_role("main")).not_to_contain_text("väntar på ett avgörande")
    page.goto("/disagreements")
    expect(page.get_by_role("row").filter(has_text=cases.items[0].case[:8])).to_contain_text("period stängd")


def test_cases_that_were_open_wait_for_nobody_afterwards(maker, signed_in, plan_of, close):
    cases = maker.make(None, count=3, reviewer="reviewer-05")
    plan = plan_of(cases.control_point)
    maker.do("reviewer-05", lambda api: api.findings.record(cases.key(0), RecordFinding(remark=False)))
    maker.do("reviewer-05", lambda api: api.findings.start(cases.key(1)))

    told = close(plan, cases)
    assert "2 ärenden som inte är granskade" in told
    assert "1 av granskningarna är påbörjad" in told
    page = signed_in("reviewer-05")
    page.goto(f"/queue?control_point={cases.control_point}&show=all")
    expect(page.get_by_role("button", name="Öppna nästa ärende")).to_have_count(0)
    expect(page.get_by_role("listitem").filter(has_text="period stängd").filter(has_text="Ärende")).to_have_count(2)
    coordinator = signed_in("coordinator")
    coordinator.goto(f"/progress?control_point={cases.control_point}")
    expect(coordinator.locator("dl.figures > div")).to_contain_text(["0 av 3", "0", "1", "0"])
    expect(coordinator.get_by_role("main")).to_contain_text("2 ärenden var inte granskade när perioden stängdes")

"""A control with something of everything that is counted, on a running stack, and the pages that show it."""

from datetime import date
from decimal import Decimal
from typing import Final

from stickprov_client.api import Services
from stickprov_contracts.http.findings import AssignCases, MarkCase, RecordFinding
from stickprov_contracts.http.follow_ups import ConcludeControl, ProposeAction
from support.played_stack import PlayedStack
from support.review_cases import CaseMaker, Cases
from support.waiting import eventually, wait_until

REVIEWER: Final = "reviewer-05"
MEASURE: Final = "Beslut om bistånd bygger på en aktuell handlingsplan"
COUNT: Final = 14
WITH_REMARK: Final = RecordFinding(
    answers={
        "plan": "yes",
        "plan-datum": "2021-01-31",
        "samordnad": "no",
        "grund": "arbetslos",
        "underlag": ["kontoutdrag", "hyresavi"],
        "belopp": 1250,
    }
)
WITHOUT: Final = RecordFinding(answers=WITH_REMARK.answers | {"belopp": 0})
_PLAN: Final = "tests/seeds/plans/004-2022.yaml"


def counted_control(stack: PlayedStack, maker: CaseMaker) -> Cases:
    """Of 14 cases seven have no remark and three have one; one each of over-coverage and non-response; two wait.

    Three are reviewed twice, and one of them is disagreed about. The control is concluded, an action of it is late, and
    a plan's row has a status.
    """
    maker.list_staff()
    cases = maker.make(count=COUNT, reviewer=REVIEWER, measure=MEASURE, tolerance=Decimal("0.10"), number="7")
    maker.do(REVIEWER, lambda api: _reviewed(api, cases))
    maker.do("coordinator", lambda api: _given_for_a_second_review(api, cases))
    maker.do("reviewer-11", lambda api: _reviewed_again(api, cases))
    maker.do("coordinator", lambda api: _followed_up(api, cases.control_point))
    assert stack.stickprov("plan", "import", _PLAN).returncode == 0
    report = ("plan", "report", "AFN-2022", "AFN-2022-2", "--period", "2022-T1", "--status", "deviation")
    wait_until(lambda: stack.stickprov(*report).returncode == 0, what="the plan in the findings service")
    maker.do("board", lambda api: _counted(api, cases.control_point))
    return cases


async def _reviewed(api: Services, cases: Cases) -> None:
    for place in range(10):
        await api.findings.record(cases.key(place), WITH_REMARK if place < 3 else WITHOUT)
    await api.findings.mark_over_coverage(cases.key(10), MarkCase(reason="closed-before"))
    await api.findings.mark_non_response(cases.key(11), MarkCase(reason="file-missing"))


async def _given_for_a_second_review(api: Services, cases: Cases) -> None:
    draw, point = cases.items[0].draw, cases.control_point
    asked = AssignCases(
        draw=draw, control_point=point, purpose="second-review", rule="group", group="andra", share=Decimal(1)
    )
    assert (await api.findings.assign(asked)).given == 10


async def _reviewed_again(api: Services, cases: Cases) -> None:
    for place, finding in ((0, WITH_REMARK), (1, WITHOUT), (3, WITHOUT)):
        await api.findings.record(cases.key(place, "second-review"), finding)


async def _followed_up(api: Services, point: str) -> None:
    concluded = ConcludeControl(control_point=point, period="2021-Q1", verdict="not-followed", proposal="keep")
    await api.follow_ups.conclude(concluded)
    late = ProposeAction(
        control_point=point, number="1", description="Bevaka planernas datum", responsible="Enhetschef",
        due=date(2021, 9, 30), status="under-way",
    )  # fmt: skip
    await api.follow_ups.propose_action(late)


async def _counted(api: Services, point: str) -> None:
    """Wait until reporting has heard all of it."""

    async def heard() -> bool:
        seen = await api.reporting.dashboard(2021)
        standing = next((one for one in seen.controls if one.control_point == point), None)
        told = standing is not None and standing.concluded is not None and standing.done.numerator == COUNT - 2
        late = any(action.control_point == point and action.overdue for action in seen.actions)
        rows = (await api.reporting.dashboard(2022)).plan_rows
        return told and late and any(row.statuses for row in rows)

    await eventually(heard, what="the control in reporting")

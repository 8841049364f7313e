"""Every page of the reviewing and of what follows it, with something on it: who sees it, and how to come there."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from playwright.sync_api import Page

from stickprov_client.api import Services
from stickprov_contracts.http.findings import (
    AssignCases,
    CorrectFinding,
    MarkCase,
    RecordFinding,
    SaveDraft,
    SettleDisagreement,
)
from stickprov_contracts.http.follow_ups import ConcludeControl, FollowUpAction, ProposeAction
from support.played_stack import PlayedStack
from support.review_cases import CHILDREN, FILE_REVIEW, CaseMaker, Cases
from support.review_form import field
from support.waiting import wait_until

WHO: Final = "reviewer-08"
_PLAN: Final = "tests/seeds/plans/004-2022.yaml"
_ANSWERS: Final = {
    "plan": "yes",
    "plan-datum": "2019-06-30",
    "samordnad": "no",
    "grund": "arbetslos",
    "underlag": ["kontoutdrag", "hyresavi"],
    "belopp": 1250,
}
_WITHOUT: Final = _ANSWERS | {"plan-datum": "2021-01-31", "belopp": 0}


@dataclass(frozen=True)
class Scene:
    """A page as somebody sees it.

    Attributes:
        path: where it begins. go: what leads on to the page itself, if more is needed.
    """

    path: str
    who: str = WHO
    go: Callable[[Page], None] | None = None

    def show(self, page: Page) -> None:
        """Come to the page."""
        page.goto(self.path)
        if self.go is not None:
            self.go(page)


def scenes_on(stack: PlayedStack, maker: CaseMaker) -> dict[str, Scene]:
    """Fill a running stack with cases in every state, and return the pages by name."""
    maker.list_staff()
    cases = maker.make(count=12, reviewer=WHO, measure="Kontroll av handlingsplaner och utbetalningar")
    about_children = "Barnrättsperspektivet beaktas"
    children = maker.make(CHILDREN, count=3, children=3, reviewer=WHO, number="2", measure=about_children)
    both = maker.make(count=2, reviewer=WHO, number="3", file_review=FILE_REVIEW)
    maker.do(WHO, lambda api: _reviewed(api, cases))
    maker.review_twice(
        both,
        RecordFinding(answers=_ANSWERS, comment="Planen är för gammal"),
        RecordFinding(answers=_WITHOUT, comment="Planen är från i januari"),
    )
    maker.do("coordinator", lambda api: _looked_into_again(api, both))
    maker.do("coordinator", lambda api: _settled(api, both))
    action = maker.do("coordinator", lambda api: _followed_up(api, cases.control_point))
    return (
        _of_a_reviewer(maker, cases, children, both)
        | _of_the_coordinator(cases, both)
        | _of_the_follow_up(stack, cases, action)
    )


def _of_a_reviewer(maker: CaseMaker, cases: Cases, children: Cases, both: Cases) -> dict[str, Scene]:
    def fails(page: Page) -> None:
        field(page, "answers.belopp").fill("tolv")
        field(page, "comment").fill("Ringt handläggaren")
        page.locator("[data-submit]").click()
        page.get_by_role("alert").wait_for()

    def comes_second(page: Page) -> None:
        late = maker.make(count=1, reviewer=WHO, number="4")
        page.goto(late.path())
        for question, answer in (("plan", "no"), ("samordnad", "no"), ("grund", "annan"), ("underlag", "hyresavi")):
            page.locator(f"[name='answers.{question}'][value='{answer}']").check()
        field(page, "answers.belopp").fill("500")
        field(page, "comment").fill("Det andra jag skrev")
        first = RecordFinding(answers=_WITHOUT, comment="Det första jag skrev")
        maker.do(WHO, lambda api: api.findings.record(late.key(), first))
        page.locator("[data-submit]").click()
        page.locator("section.conflict").wait_for()

    return {
        "queue": Scene("/queue"),
        "queue-all": Scene(f"/queue?show=all&control_point={cases.control_point}"),
        "case": Scene(cases.path(5)),
        "draft": Scene(cases.path(4)),
        "roster": Scene(children.path()),
        "errors": Scene(cases.path(6), go=fails),
        "conflict": Scene(cases.path(6), go=comes_second),
        "recorded": Scene(cases.path(0)),
        "over-coverage": Scene(cases.path(2)),
        "correction": Scene(f"{cases.path(0)}/correction"),
        "correction-history": Scene(f"{cases.path(0)}/history"),
        "file-review": Scene(both.path(1, "file-review")),
        "preview": Scene("/questionnaires/alla-slag/preview"),
    }


def _of_the_coordinator(cases: Cases, both: Cases) -> dict[str, Scene]:
    def tried(page: Page) -> None:
        page.locator("#rule").select_option("round_robin")
        page.locator("button[value=look]").click()
        page.locator("section.report").wait_for()

    assigning = f"/assign?draw={cases.items[0].draw}&control_point={cases.control_point}"
    scenes = {
        "progress": Scene(f"/progress?control_point={cases.control_point}"),
        "progress-of-all": Scene("/progress"),
        "assign": Scene("/assign"),
        "assign-tried": Scene(assigning, go=tried),
        "cases": Scene(f"/cases?control_point={cases.control_point}"),
        "move": Scene(f"{cases.path(7)}/move"),
        "disagreements": Scene("/disagreements"),
        "settlement": Scene(f"{both.path(0)}/settlement"),
        "settled-history": Scene(f"{both.path(1)}/history"),
    }
    return {name: Scene(scene.path, "coordinator", scene.go) for name, scene in scenes.items()}


def _of_the_follow_up(stack: PlayedStack, cases: Cases, action: str) -> dict[str, Scene]:
    assert stack.stickprov("plan", "import", _PLAN).returncode == 0
    report = ("plan", "report", "AFN-2022", "AFN-2022-2", "--period", "2022-T1", "--status", "done")
    wait_until(lambda: stack.stickprov(*report).returncode == 0, what="the plan in the findings service")
    paths = {
        "actions": "/actions?show=all",
        "action": f"/actions/{action}",
        "action-form": f"/actions/{action}/edit",
        "conclusions": f"/conclusions?control_point={cases.control_point}",
        "conclusion-form": f"/conclusions/again?control_point={cases.control_point}&period=2021-Q1",
        "plan-status": "/plans/AFN-2022/status",
        "plan-status-form": "/plans/AFN-2022/status/report?control_point=AFN-2022-1&period=2022-T3",
    }
    return {name: Scene(path, "coordinator") for name, path in paths.items()}


async def _reviewed(api: Services, cases: Cases) -> None:
    """Leave the first cases recorded and corrected, without a remark, marked in both ways, and begun."""
    findings = api.findings
    slip = RecordFinding(answers=_ANSWERS | {"belopp": 12500}, comment="Två insättningar utan förklaring i mars.")
    await findings.record(cases.key(0), slip)
    mended = CorrectFinding(
        answers=_ANSWERS, comment="Två insättningar utan förklaring i mars.", reason="En nolla för mycket i beloppet"
    )
    await findings.correct(cases.key(0), mended, version=1)
    await findings.record(cases.key(1), RecordFinding(answers=_WITHOUT))
    await findings.mark_over_coverage(cases.key(2), MarkCase(reason="closed-before", comment="Avslutat i december"))
    await findings.mark_non_response(cases.key(3), MarkCase(reason="file-missing"))
    begun: Mapping[str, list[str]] = {"answers.plan": ["yes"], "answers.plan-datum": ["2020-11-15"]}
    await findings.save_draft(cases.key(4), SaveDraft(fields=dict(begun), review_version=0), version=0)


async def _looked_into_again(api: Services, cases: Cases) -> None:
    """Give the cases for a file review."""
    draw, point = cases.items[0].draw, cases.control_point
    asked = AssignCases(draw=draw, control_point=point, purpose="file-review", rule="handler")
    assert (await api.findings.assign(asked)).given == len(cases.items)


async def _settled(api: Services, cases: Cases) -> None:
    """Settle the last case; the first is left to be settled."""
    last = cases.key(len(cases.items) - 1)
    holds = SettleDisagreement(answers=_WITHOUT, second_version=1, reason="Den nya planen låg i fel akt")
    await api.findings.settle(last, holds, version=1)


async def _followed_up(api: Services, point: str) -> str:
    """Conclude the control, and leave actions that are late, on the way and done; return the id of the late one."""
    year = 2021
    conclusion = ConcludeControl(
        control_point=point, period=f"{year}-Q1", verdict="partly-followed", proposal="keep",
        carried_out_from=date(year, 4, 1), carried_out_to=date(year, 4, 30),
        result="En av tre planer är äldre än ett år.\nI ett ärende är insättningar inte redovisade.",
        assessment="Planerna följs inte upp när handläggaren byts.",
    )  # fmt: skip
    await api.follow_ups.conclude(conclusion)
    late = ProposeAction(
        control_point=point, number="1", description="Bevakning av planernas datum i verksamhetssystemet",
        responsible="Enhetschef", due=date(year, 9, 30), status="under-way",
    )  # fmt: skip
    done = ProposeAction(
        control_point=point, number="2", description="Mall för samordnad plan med arbetsförmedlingen",
        responsible="Verksamhetsutvecklare", due=date(year, 6, 30),
    )  # fmt: skip
    open_ended = ProposeAction(control_point=point, description="Genomgång av rutinen på arbetsplatsträffar")
    kept = [await api.follow_ups.propose_action(action) for action in (late, done, open_ended)]
    for number, status in ((0, "under-way"), (1, "done")):
        found = FollowUpAction(period=f"{year}-T2", status=status, effect="partly", finding="Prövas på en enhet.")
        action = kept[number].action
        assert action is not None
        await api.follow_ups.follow_up_action(action, found)
    return str(kept[0].action)

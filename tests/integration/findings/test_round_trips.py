"""What each command of findings costs its database, counted on the wire."""

from uuid import uuid4

import pytest

from stickprov_findings.adapters.sql.migrations import FOLDERS
from support.assignments import BO, listed
from support.findings_service import running_findings
from support.follow_ups import tell
from support.questionnaires import asking
from support.reviews import CASE, DRAW, POINT, QUESTIONNAIRE, case_drawn, point_defined, published
from support.round_trips import PINNED, cost_of, let_only_commands_work
from support.wire import counting_door

ASKED, PLAN = "AMF-2021-4", "AMF-2021"
CASES = [f"{number:064x}" for number in range(1, 41)]
FINDING = {"remark": True, "categories": ["swish"]}
QUESTIONS = [f"q{number}" for number in range(8)]
ANSWERED = {"answers": dict.fromkeys(QUESTIONS, "yes"), "questionnaire_number": 1}
CONCLUSION = {"control_point": POINT, "verdict": "followed", "result": "Inget.", "assessment": "Liten."}
ACTION = {"control_point": POINT, "description": "Utbildning", "responsible": "Enhetschef", "due": "2021-09-01"}
STATUS = {"plan": PLAN, "control_point": POINT, "status": "under-way", "text": "Pågår."}


class Counter:
    """Carries out each command three times, on cases of their own, and keeps what it cost."""

    def __init__(self, service, door):
        self.service, self.door = service, door
        self.found = {}
        self._cases = iter(CASES)

    def cases(self):
        return [next(self._cases) for _ in range(3)]

    async def count(self, name, one, over=range(3)):
        """Count ``await one(x)`` for each of three."""
        self.found[name] = await cost_of(self.door, *(lambda x=x: one(x) for x in over))

    async def tell(self, path, body, **how):
        return await tell(self.service, path, body, **how)

    async def read(self, name, path, who="reviewer-01", **query):
        await self.count(name, lambda _: self.service.get(path, who=who, **query))


@pytest.fixture
async def counter(new_database, short_folder, free_port, monkeypatch):
    """The service behind a counting door, with 40 cases that anybody may review."""
    let_only_commands_work(monkeypatch)
    database = await new_database(*FOLDERS)
    async with (
        counting_door(database, short_folder) as door,
        running_findings(door.database, short_folder, f"127.0.0.1:{free_port()}") as service,
    ):
        questions = asking(*({"id": name, "type": "yes_no"} for name in QUESTIONS))
        await service.hear(
            listed(service),
            published(questions),
            point_defined(plan=PLAN),
            case_drawn(CASE, order=99),
            point_defined(ASKED, plan=PLAN, questionnaire=QUESTIONNAIRE),
            *(
                case_drawn(case, order=order, control_points=[POINT, ASKED])
                for order, case in enumerate(CASES, start=1)
            ),
        )
        await door.is_quiet()
        yield Counter(service, door)


async def test_each_command_costs_what_is_pinned(counter):
    await reviewing(counter)
    await coordinating(counter)
    await following_up(counter)
    assert counter.found == PINNED["findings"]


async def reviewing(counter):
    service, post = counter.service, counter.service.post
    await counter.read("the queue", "/v1/queue")
    await counter.read("the next case", "/v1/queue/next")
    cases = counter.cases()
    await counter.read("a review", f"/v1/reviews/{DRAW}/{POINT}/{cases[0]}")
    await counter.read("whether one may see who a case is", f"/v1/reviews/{DRAW}/{POINT}/{cases[0]}/permission")
    await counter.count("start a review", lambda case: post("start", {}, case=case), cases)
    await counter.count("submit a finding", lambda case: post("finding", FINDING, case=case), counter.cases())
    commented = FINDING | {"comment": "en insättning"}
    await counter.count("submit a finding with a comment", lambda case: post("finding", commented, case=case), cases)
    await counter.count("submit eight answers", lambda case: answer(counter, case), cases)
    same, (case, *_) = uuid4(), counter.cases()
    await post("finding", FINDING, case=case, command_id=same)
    await counter.count("submit the same once more", lambda _: post("finding", FINDING, case=case, command_id=same))
    corrected = FINDING | {"reason": "fel rad"}
    await counter.count("correct a finding", lambda case: post("correction", corrected, case=case, seen=2), cases)
    withdrawn = {"reason": "fel ärende"}
    await counter.count("withdraw a finding", lambda case: post("withdrawal", withdrawn, case=case, seen=3), cases)
    marked = {"reason": "duplicate"}
    await counter.count("mark over-coverage", lambda case: post("over-coverage", marked, case=case), counter.cases())
    await counter.count("save a draft", lambda number: service.save_draft({"comment": ["x"]}, seen=number), range(3))
    table = lambda one: import_of(counter, one)  # noqa: E731
    await counter.count("submit a table of three findings", table, [counter.cases() for _ in range(3)])


async def answer(counter, case):
    return await counter.tell(f"/v1/reviews/{DRAW}/{ASKED}/{case}/finding", ANSWERED, who="reviewer-01")


async def import_of(counter, cases):
    rows = [{"row": number, "cells": [case, "nej"]} for number, case in enumerate(cases, start=2)]
    body = {"control_point": POINT, "columns": ["case", "remark"], "rows": rows}
    return await counter.tell("/v1/findings/import", body, who="reviewer-01")


async def coordinating(counter):
    service = counter.service
    body = {"draw": str(DRAW), "control_point": ASKED}
    await counter.count("give a draw's cases to reviewers", lambda _: counter.tell("/v1/assignments", body))
    move = {"reviewer": service.actor(BO), "reason": "sjuk"}
    await counter.count(
        "move a case to somebody else",
        lambda case: counter.tell(f"/v1/reviews/{DRAW}/{POINT}/{case}/assignment", move),
        counter.cases(),
    )
    await counter.read("progress", "/v1/progress", who="coordinator")
    await counter.read("disagreements", "/v1/disagreements", who="coordinator")


async def following_up(counter):
    periods = ["2021-Q1", "2021-Q2", "2021-Q3"]
    await counter.count(
        "conclude a control", lambda period: counter.tell("/v1/conclusions", CONCLUSION | {"period": period}), periods
    )
    await counter.read("conclusions", "/v1/conclusions", who="board")
    await counter.count("propose an action", lambda _: counter.tell("/v1/actions", ACTION))
    actions = [one["action"] for one in (await counter.service.get("/v1/actions", who="board")).json()]
    told = {"period": "2021-T2", "status": "under-way", "finding": "Påbörjad."}
    await counter.count(
        "follow an action up",
        lambda action: counter.tell(f"/v1/actions/{action}/follow-ups", told, seen=1),
        actions,
    )
    await counter.read("actions", "/v1/actions", who="board")
    tertials = ["2021-T1", "2021-T2", "2021-T3"]
    await counter.count(
        "report a plan's row", lambda period: counter.tell("/v1/plan-status", STATUS | {"period": period}), tertials
    )
    await counter.read("the plan's rows", "/v1/plan-status", who="board")

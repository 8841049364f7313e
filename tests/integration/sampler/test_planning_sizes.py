"""The planner through HTTP: anybody who plans or examines may ask, and nothing is stored."""

import asyncio
import threading

import pytest

from stickprov_contracts.http.planning import PlannedSize, PlanSize
from stickprov_sampler.adapters.http import planner
from stickprov_sampler.adapters.http.planner import WAITING, Planner, PlannerBusyError
from stickprov_sampler.domain.planner.planning import plan_size


async def ask(sampler, role: str = "coordinator", **asked: object):
    return await sampler.client.post("/v1/plan-size", json=asked, headers=sampler.headers(role))


async def test_the_size_for_a_frame_of_222_is_48_and_nothing_is_stored(sampler):
    before = await sampler.counts()
    response = await ask(sampler, frame_size=222, tolerable="0.05")
    assert response.status_code == 200
    assert response.json()["attribute"]["n"] == 48
    assert response.json()["attribute"]["deviating"] == 12
    assert await sampler.counts() == before


async def test_two_stages_whose_risks_add_up_are_refused_and_others_are_offered(sampler):
    given = [{"add": 59, "allowed": 0}, {"add": 34, "allowed": 1}]
    answer = (await ask(sampler, role="auditor", tolerable="0.05", given=given)).json()
    assert answer["given"]["holds"] is False
    assert round(answer["given"]["risk"], 4) == 0.0748
    assert [stage["add"] for stage in answer["stop_or_go"]["stages"]] == [67, 37]


async def test_a_question_that_cannot_be_answered_names_its_option(sampler):
    response = await ask(sampler, tolerable="0.05", expected="0.06")
    assert response.status_code == 422
    assert response.json()["code"] == "rates-too-close"
    assert response.json()["errors"][0]["field"] == "expected"


async def test_a_reviewer_does_not_plan(sampler):
    assert (await ask(sampler, role="reviewer", tolerable="0.05")).status_code == 403


async def test_one_plan_is_computed_at_a_time_and_who_comes_when_too_many_wait_is_told_so(monkeypatch):
    go, running, most = threading.Event(), 0, 0

    def slow(asked: PlanSize) -> PlannedSize:
        nonlocal running, most
        running += 1
        most = max(most, running)
        assert go.wait(60)
        running -= 1
        return plan_size(asked)

    monkeypatch.setattr(planner, "plan_size", slow)
    desk, asked = Planner(), PlanSize(frame_size=222, tolerable="0.05")
    waiting = [asyncio.create_task(desk.plan(asked)) for _ in range(WAITING)]
    await asyncio.sleep(0)

    with pytest.raises(PlannerBusyError):
        await desk.plan(asked)
    # Whoever hangs up keeps their place: the thread still computes for them.
    waiting[0].cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting[0]
    with pytest.raises(PlannerBusyError):
        await desk.plan(asked)
    go.set()

    answers = await asyncio.gather(*waiting[1:])
    assert {answer.attribute.n for answer in answers if answer.attribute} == {48}
    assert most == 1
    assert (await desk.plan(asked)).attribute is not None

"""A period that closes while something is being stored in it: the closing wins, or comes after it in the log."""

import asyncio
import json

import asyncpg
import pytest

from stickprov_contracts.streams import plan_stream
from stickprov_sampler.adapters import open_periods
from stickprov_sampler.adapters.draws.sampling import Sampling
from stickprov_sampler.adapters.frames import freezing
from stickprov_sampler.adapters.measures.counting import Counting
from support.draws import SEED, post
from support.waiting import eventually

PLAN = {
    "board": "Arbetsmarknadsnämnden",
    "year": 2021,
    "control_points": [{"control_point": "AMF-1", "number": "1", "measure": "Möten", "unit_name": "ärende"}],
}
REGISTER = "id\n1\n2\n"
IN_MARCH = {"control_point": "AMF-1", "period": "2021-03"}


@pytest.fixture
async def planned(sampler):
    """Return a sampler with a plan and a frame of its only point."""
    response = await sampler.client.put("/v1/plans/AMF-2021", json=PLAN, headers=sampler.headers())
    assert response.status_code == 200, response.text
    await sampler.freeze(REGISTER, frame_name="A", **IN_MARCH)
    return sampler


async def close(sampler, period="2021-T1"):
    response = await sampler.client.post(
        "/v1/plans/AMF-2021/closed-periods", json={"period": period}, headers=sampler.headers()
    )
    assert response.status_code == 200, response.text


@pytest.fixture
def while_working(monkeypatch):
    """Return a way to have something happen in the middle of a piece of work that runs in a thread."""

    def arrange(owner, name, happen):
        work, loop = getattr(owner, name), asyncio.get_running_loop()

        def interrupted(*args, **named):
            asyncio.run_coroutine_threadsafe(happen(), loop).result(timeout=60)
            return work(*args, **named)

        monkeypatch.setattr(owner, name, interrupted)

    return arrange


def refused(response):
    return response.status_code, response.json()["code"]


async def test_a_freeze_under_way_when_the_period_closes_is_refused_and_leaves_nothing(planned, while_working):
    files = planned.files()
    while_working(freezing, "write", lambda: close(planned))
    response = await planned.upload(REGISTER, frame_name="B", **IN_MARCH)
    assert refused(response) == (409, "period-closed")
    assert "Period 2021-T1 of plan AMF-2021 is closed for control point AMF-1" in response.json()["detail"]
    assert planned.files() == files
    assert [frame["frame_name"] for frame in (await planned.get("/v1/frames")).json()] == ["A"]
    assert len(await planned.rows("SELECT FROM vault.series_key")) == 1


async def test_a_draw_under_way_when_the_period_closes_is_refused(planned, while_working):
    while_working(Sampling, "select", lambda: close(planned))
    assert refused(await planned.draw(frame="A", n=1)) == (409, "period-closed")
    assert await planned.rows("SELECT FROM event WHERE type LIKE '%sample-drawn%' OR type LIKE '%case-drawn%'") == []
    assert await planned.rows("SELECT FROM vault.identity") == []


async def test_a_measure_under_way_when_the_period_closes_is_refused(planned, while_working):
    while_working(Counting, "count", lambda: close(planned))
    response = await planned.client.post(
        "/v1/measures", json={"frame": "A", "title": "Alla", "rule": "month = '2021-03'"}, headers=planned.headers()
    )
    assert refused(response) == (409, "period-closed")
    assert (await planned.get("/v1/measures")).json() == []


@pytest.mark.parametrize(("path", "body"), [("extension", {"n": 1}), ("replacements", {"reason": "moved"})])
async def test_what_is_added_to_a_draw_when_the_period_closes_is_refused(planned, while_working, path, body):
    draw = (await planned.drawn(frame="A", n=1, seed=SEED))["draw"]
    case = (await planned.cases(draw))[0]["case"]
    wanted = body | ({"case": case} if path == "replacements" else {})
    while_working(Sampling, "select", lambda: close(planned))
    assert refused(await post(planned, f"/v1/draws/{draw}/{path}", **wanted)) == (409, "period-closed")
    known = await planned.rows("SELECT case_id FROM vault.identity")
    assert [row["case_id"] for row in known] == [one["case"] for one in await planned.cases(draw)] == [case]


async def test_another_period_that_closes_meanwhile_is_no_obstacle(planned, while_working):
    while_working(freezing, "write", lambda: close(planned, "2021-T2"))
    assert (await planned.freeze(REGISTER, frame_name="B", **IN_MARCH))["size"] == 2


async def test_a_plan_that_is_changed_meanwhile_is_no_obstacle(planned, while_working):
    changed = PLAN | {"control_points": [PLAN["control_points"][0] | {"measure": "Att möten hålls"}]}

    async def change():
        response = await planned.client.put("/v1/plans/AMF-2021", json=changed, headers=planned.headers())
        assert response.status_code == 200, response.text

    while_working(freezing, "write", change)
    assert (await planned.freeze(REGISTER, frame_name="B", **IN_MARCH))["size"] == 2


@pytest.mark.parametrize("first", ["closing", "freeze"])
async def test_whoever_comes_first_at_the_very_end_comes_first_in_the_log(planned, first):
    works = {
        "closing": lambda: close(planned),
        "freeze": lambda: planned.upload(REGISTER, frame_name="B", **IN_MARCH),
    }
    second = "freeze" if first == "closing" else "closing"
    connection = await asyncpg.connect(planned.database.superuser_url)

    async def waiting(count):
        rows = await planned.rows("SELECT FROM pg_locks WHERE locktype = 'advisory' AND objsubid = 2 AND NOT granted")
        return len(rows) == count

    try:
        transaction = connection.transaction()
        await transaction.start()
        await connection.execute(open_periods._ALONE, open_periods._LOCKS, plan_stream("AMF-2021"))
        tasks = {first: asyncio.create_task(works[first]())}
        await eventually(lambda: waiting(1), what="the first to wait for the lock")
        tasks[second] = asyncio.create_task(works[second]())
        await eventually(lambda: waiting(2), what="the second to wait too")
        await transaction.rollback()
    finally:
        await connection.close()
    await asyncio.gather(*tasks.values())
    assert tasks["freeze"].result().status_code == (409 if first == "closing" else 201)
    await planned.sequenced()
    rows = await planned.rows("SELECT data, type FROM event JOIN ledger ON event_id = id ORDER BY position")
    told = [json.loads(row["data"]).get("frame_name", "closed") for row in rows if row["type"].split(".")[2] in _TOLD]
    assert told == (["A", "closed"] if first == "closing" else ["A", "B", "closed"])


_TOLD = {"frame-frozen", "period-closed"}

"""What each command of the sampler costs its database, counted on the wire."""

import pytest

from stickprov_kernel.database.migrations import LOG
from stickprov_sampler.app import SAMPLER
from support.draws import COLUMNS, SPRING, SPRING_PERIOD
from support.round_trips import PINNED, cost_of, let_only_commands_work
from support.wire import counting_door

POINT = "AMF-2021-4"
PLAN = {
    "board": "Arbetsmarknadsnämnden",
    "year": 2017,
    "risks": [{"id": "R1", "text": "Omoderna system", "score": 16}],
    "control_points": [
        {
            "control_point": f"AN-2017-{number}",
            "number": str(number),
            "measure": "Uppföljning",
            "unit_name": "deltagare",
        }
        for number in range(1, 6)
    ],
}
QUESTIONNAIRE = {"sv": "Frågor", "en": "Questions", "questions": [{"id": "q", "sv": "?", "en": "?", "type": "yes_no"}]}


class Counter:
    """Carries out each command three times and keeps what it cost."""

    def __init__(self, sampler, door):
        self.sampler, self.door = sampler, door
        self.found = {}

    async def count(self, name, one):
        """Count ``await one(0)``, ``one(1)`` and ``one(2)``."""
        self.found[name] = await cost_of(self.door, *(lambda x=x: one(x) for x in range(3)))

    async def send(self, method, path, body, role="coordinator"):
        return await self.sampler.client.request(method, f"/v1{path}", json=body, headers=self.sampler.headers(role))

    async def read(self, name, path, role="coordinator"):
        await self.count(name, lambda _: self.sampler.get(f"/v1{path}", role))


@pytest.fixture
async def counter(sampler_at, new_database, short_folder, monkeypatch):
    let_only_commands_work(monkeypatch)
    async with (
        counting_door(await new_database(LOG, SAMPLER), short_folder) as door,
        sampler_at(door.database) as sampler,
    ):
        assert (await sampler.define()).status_code == 200
        await door.is_quiet()
        yield Counter(sampler, door)


async def test_each_command_costs_what_is_pinned(counter):
    await planning(counter)
    await drawing(counter)
    await erasing(counter)
    assert counter.found == PINNED["sampler"]


async def planning(counter):
    await counter.count("adopt a plan of five points", lambda x: counter.send("PUT", f"/plans/AN-201{x}", plan(x)))
    await counter.read("a plan", "/plans/AN-2010")
    await counter.count("define a control point", lambda x: counter.sampler.define(f"AMF-2021-{x + 10}"))
    await counter.read("the control points", "/control-points")
    await counter.count(
        "publish a questionnaire", lambda x: counter.send("PUT", f"/questionnaires/form-{x}", QUESTIONNAIRE)
    )
    staff = {"staff": [{"sign_in": f"reviewer-{number:02}", "unit": "Nord"} for number in range(1, 13)]}
    await counter.count("list twelve people", lambda _: counter.send("PUT", "/staff", staff))
    await counter.count(
        "close a period",
        lambda x: counter.send("POST", f"/plans/AN-201{x}/closed-periods", {"period": f"201{x}-T1"}),
    )


def plan(number):
    points = [point | {"control_point": f"AN-201{number}-{point['number']}"} for point in PLAN["control_points"]]
    return PLAN | {"year": 2010 + number, "control_points": points}


async def drawing(counter):
    sampler = counter.sampler
    options = {"period": SPRING_PERIOD, "control_point": POINT, **COLUMNS}
    await counter.count(
        "freeze a frame of 87 units", lambda x: sampler.upload(SPRING, frame_name=f"Frame {x}", **options)
    )
    await counter.read("the frames", "/frames")
    wanted = {"design": "stratified", "stratify_by": "month", "per_stratum": 5}
    body = {"frame": "Frame 0"} | wanted
    await counter.count("preview a draw", lambda _: counter.send("POST", "/draws/preview", body))
    await counter.count("draw 20 cases by month", lambda x: sampler.draw(frame=f"Frame {x}", **wanted))
    draws = [one["draw"] for one in (await sampler.get("/v1/draws")).json()]
    await counter.read("the draws", "/draws")
    await counter.read("a draw's cases", f"/draws/{draws[0]}/cases")
    cases = [(await sampler.cases(draw))[0]["case"] for draw in draws]
    shown = {"control_point": POINT, "why": "coordination"}
    await counter.count(
        "show who a case is", lambda x: counter.send("POST", f"/draws/{draws[x]}/cases/{cases[x]}/identity", shown)
    )
    await counter.count(
        "replace a case",
        lambda x: counter.send("POST", f"/draws/{draws[x]}/replacements", {"case": cases[x], "reason": "closed"}),
    )
    await counter.count(
        "extend a draw by four", lambda x: counter.send("POST", f"/draws/{draws[x]}/extension", {"per_stratum": 1})
    )
    await sampler.sequenced()
    await counter.read("verify a draw", f"/draws/{draws[0]}/verification")
    counted = {"frame": "Frame 0", "title": "Räkning", "kind": "share", "rule": "stratum = 'N'"}
    await counter.count("count a register measure", lambda x: counter.send("POST", "/measures", counted))


async def erasing(counter):
    kept = {"months": 0}
    await counter.count("decide a retention", lambda _: counter.send("PUT", f"/retentions/{POINT}", kept))
    await counter.read("what is due for erasure", "/erasures/due")
    draws = [one["draw"] for one in (await counter.sampler.get("/v1/draws")).json()]
    await counter.count("erase a draw's identities", lambda x: counter.send("POST", f"/erasures/draws/{draws[x]}", {}))

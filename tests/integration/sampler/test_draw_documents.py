"""The draws of the source documents, each from its YAML file: plan adopted, frames frozen, the right counts drawn."""

from collections import Counter
from itertools import cycle
from pathlib import Path

import pytest
import yaml

from stickprov_client.api.plans import PlansClient
from stickprov_client.api.retrying import NO_RETRY
from stickprov_client.api.transport import Transport
from stickprov_client.documents.plan_file import read_plan
from stickprov_contracts.events.sampler import SampleDrawn
from support.draws import by_month, events, register

DRAWS = sorted(Path("tests/seeds/draws").glob("*.yaml"))


@pytest.fixture
def plans(sampler):
    token = sampler.headers()["Authorization"].removeprefix("Bearer ")
    return PlansClient(Transport("sampler", sampler.client, lambda: token, NO_RETRY))


def register_of(groups):
    """Return a register of groups of units. A column's values take turns; a number stands for so many names."""
    columns = [name for name in groups[0] if name != "count"]
    rows = []
    for number, group in enumerate(groups):
        values = [
            cycle(group[name] if isinstance(group[name], list) else [f"{name}{number}-{n}" for n in range(group[name])])
            for name in columns
        ]
        rows += [(f"{number}-{unit:05}", *map(next, values)) for unit in range(group["count"])]
    return register(";".join(["Id", *columns]), rows)


@pytest.mark.parametrize("file", DRAWS, ids=lambda file: file.stem)
async def test_a_documents_draws_have_the_right_counts_and_verify(sampler, plans, file):
    await carried_out(sampler, plans, control_in(file))


def control_in(file):
    return yaml.safe_load(file.read_text(encoding="utf-8"))


async def carried_out(sampler, plans, control):
    plan = read_plan(Path(f"tests/seeds/plans/{control['plan']}.yaml"))
    await plans.adopt(plan.plan, plan.content)
    frames = {}
    for frame in control["frames"]:
        content = register_of(frame.pop("register"))
        frames[frame["frame_name"]] = await sampler.freeze(content, **frame)
    for draw in control["draws"]:
        request, expected = draw["request"], draw["expected"]
        made = await sampler.drawn(**request)
        cases = await sampler.cases(made["draw"])
        frame = frames[request["frame"]]
        assert (made["size"], made["drawn"], len(cases)) == (expected["size"], expected["drawn"], expected["drawn"])
        assert made["control_points"] == request.get("control_points", [frame["control_point"]])
        assert by_month(cases) == expected.get("by_month", by_month(cases))
        assert Counter(case["stratum"] for case in cases) == expected.get("by_stratum", {"": len(cases)})
        assert sum(case["subunits"] for case in cases) == expected.get("subunits", 0)
        assert frame["subunits"] == expected.get("subunits_of_frame")
        assert (await sampler.verification(made["draw"]))["verdict"] == "verified"


def test_every_control_of_the_documents_that_draws_has_its_file():
    drawn = {point for file in DRAWS for point in points_of(control_in(file))}
    assert drawn == {"AN-2017-1", "SDN-2013-1", "AMF-2021-1", "AMF-2021-3", "AMF-2021-4", "AMF-2021-5"}


def points_of(control):
    frames = {frame["control_point"] for frame in control["frames"]}
    return frames.union(*(draw["request"].get("control_points", ()) for draw in control["draws"]))


async def test_each_units_share_is_its_number_of_handlers_and_its_cases_have_that_chance(sampler, plans):
    await carried_out(sampler, plans, control_in(Path("tests/seeds/draws/003-1-one-case-of-each-handler.yaml")))
    (sample,) = map(SampleDrawn.model_validate, await events(sampler, "sample-drawn"))
    assert sample.handlers == {"A": 30, "B": 16, "C": 10, "D": 8}
    cases = await sampler.cases(sample.draw)
    assert {case["inclusion_probability"] for case in cases} == {30 / 200, 16 / 231, 10 / 150, 8 / 154}


async def test_six_per_cent_of_last_months_households_is_rounded_up_exactly(sampler):
    """0.06 * 2650 is 159 exactly, and 159.00000000000003 in floats."""
    await sampler.freeze(register("Hushåll", [(f"H{n:05}",) for n in range(2650)]), period="2021-01")
    draw = await sampler.drawn(rate="0.06")
    assert (draw["drawn"], draw["rate"]) == (159, "0.06")
    assert (await sampler.verification(draw["draw"]))["verdict"] == "verified"


async def test_fifteen_in_proportion_to_11_35_and_38_would_have_been_2_6_and_7(sampler):
    sizes = {"2021-08": 11, "2021-09": 35, "2021-10": 38}
    groups = [{"count": n, "Datum": [f"{month}-10"]} for month, n in sizes.items()]
    await sampler.freeze(register_of(groups), month_column="Datum", period="2021-08-01/2021-11-01")
    draw = await sampler.drawn(design="stratified", stratify_by="month", allocate="proportional", n=15)
    assert [cell["drawn"] for cell in draw["allocation"]] == [2, 6, 7]

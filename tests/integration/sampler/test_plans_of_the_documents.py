"""The plan of every document: adopted, written as YAML, read and adopted again without a change."""

from pathlib import Path

import pytest

from stickprov_client.api.plans import PlansClient
from stickprov_client.api.retrying import NO_RETRY
from stickprov_client.api.transport import Transport
from stickprov_client.documents.plan_file import as_yaml, content_of, read_plan
from stickprov_client.language.plan_wording import by_score

SEEDS = sorted(Path("tests/seeds/plans").glob("*.yaml"))
COUNTS = {"AN-2017": (0, 1), "AN-2018": (0, 1), "SDN-2013": (0, 7), "AMF-2021": (0, 5), "AFN-2022": (10, 24)}


@pytest.fixture
def plans(sampler) -> PlansClient:
    token = sampler.headers()["Authorization"].removeprefix("Bearer ")
    return PlansClient(Transport("sampler", sampler.client, lambda: token, NO_RETRY))


async def test_every_documents_plan_comes_back_as_it_was_imported(plans, tmp_path):
    for file in SEEDS:
        read = read_plan(file)
        await plans.adopt(read.plan, read.content)
        exported = tmp_path / file.name
        exported.write_text(as_yaml(read.plan, content_of(await plans.plan(read.plan))), encoding="utf-8")
        again = read_plan(exported)
        assert again.content == read.content
        assert (await plans.adopt(again.plan, again.content)).changes == []
    summaries = {plan.plan: (plan.risks, plan.control_points) for plan in await plans.plans()}
    assert summaries == COUNTS


async def test_the_points_of_2017_are_followed_into_2018(plans):
    for name in ("000-2017", "001-2018"):
        read = read_plan(Path(f"tests/seeds/plans/{name}.yaml"))
        await plans.adopt(read.plan, read.content)
    (step,) = (await plans.lineage("AN-2017-1")).later
    assert (step.later, step.how, step.measure) == (
        "AN-2018-1",
        "reformulated",
        "Uppföljning av gemensamma och förankrade handlingsplaner",
    )


async def test_the_24_rows_stand_by_score_with_the_odd_labels_warned_of(plans):
    read = read_plan(Path("tests/seeds/plans/004-2022.yaml"))
    await plans.adopt(read.plan, read.content)
    plan = await plans.plan("AFN-2022")
    groups = by_score(plan, "sv")
    assert [(group.heading, len(group.areas), sum(len(area.points) for area in group.areas)) for group in groups] == [
        ("Skattning 16: sannolik risk, allvarliga konsekvenser", 2, 4),
        ("Skattning 15: möjlig risk, allvarliga konsekvenser", 3, 6),
        ("Skattning 12: möjlig risk, kännbara konsekvenser", 1, 3),
        ("Skattning 10: mindre sannolik risk, allvarliga konsekvenser", 3, 9),
        ("Skattning 9: möjlig risk, kännbara konsekvenser", 1, 2),
    ]
    assert [(warning.field, warning.code) for warning in plan.warnings] == [("risks.9.score", "score-differs")]

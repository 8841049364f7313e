"""What is drawn, and how the log proves it."""

import hashlib
import hmac
import json
from collections import Counter
from uuid import UUID

from support.draws import SEED, SPRING, freeze_spring


async def test_the_drawn_cases_have_the_smallest_tickets_of_their_month(sampler):
    frame = await freeze_spring(sampler)
    draw = await sampler.drawn(design="stratified", stratify_by="month", per_stratum=3, seed=SEED)
    key = (await sampler.series_keys())[UUID(frame["series"])]
    expected = []
    for month in ("2021-04", "2021-05", "2021-06", "2021-07"):
        units = [row.split(";")[0] for row in SPRING.split("\n")[1:] if row.split(";")[2].startswith(month)]
        tickets = sorted(
            (hashlib.sha256(f"{SEED}|{case}".encode()).hexdigest(), case) for case in map(pseudonym(key), units)
        )
        expected += [(month, order, case, ticket) for order, (ticket, case) in enumerate(tickets[:3], start=1)]
    cases = await sampler.cases(draw["draw"])
    assert [(case["month"], case["order"], case["case"], case["ticket"]) for case in cases] == expected


def pseudonym(key):
    return lambda unit: hmac.new(key, unit.encode(), "sha256").hexdigest()


async def test_strata_of_the_register_are_drawn_from_over_all_months(sampler):
    await freeze_spring(sampler)
    draw = await sampler.drawn(design="stratified", stratify_by="stratum", per_stratum=5)
    cases = await sampler.cases(draw["draw"])
    assert Counter(case["stratum"] for case in cases) == {"N": 5, "S": 5}
    assert (await sampler.verification(draw["draw"]))["verdict"] == "verified"


async def test_the_log_has_the_frame_then_the_seed_then_the_sample_then_its_cases(sampler):
    await freeze_spring(sampler)
    draw = await sampler.drawn(n=4)
    await sampler.sequenced()
    rows = await sampler.rows("SELECT type FROM ledger JOIN event ON id = event_id ORDER BY position")
    names = [row["type"].removeprefix("stickprov.sampler.") for row in rows]
    assert names == [
        "control-point-defined.v1",
        "frame-frozen.v1",
        "seed-drawn.v1",
        "sample-drawn.v1",
        *["case-drawn.v1"] * 4,
    ]
    shown = (await sampler.get(f"/v1/draws/{draw['draw']}", "board")).json()
    assert (shown["frame_position"], shown["seed_position"], shown["sample_position"]) == (2, 3, 4)
    assert (await sampler.get("/v1/draws")).json() == [shown]


async def test_a_seed_of_the_system_is_new_for_every_draw(sampler):
    await freeze_spring(sampler)
    seeds = {(await sampler.drawn(n=1))["seed"] for _ in range(3)}
    assert len(seeds) == 3
    assert {len(seed) for seed in seeds} == {48}


async def test_a_drawn_case_tells_month_stratum_handler_and_chance_and_serves_the_frames_point(sampler):
    await freeze_spring(sampler)
    await sampler.drawn(design="stratified", stratify_by="month", per_stratum=3)
    rows = await sampler.rows("SELECT data FROM event WHERE type LIKE '%case-drawn.v1'")
    cases = [json.loads(row["data"]) for row in rows]
    assert {(case["month"], case["inclusion_probability"]) for case in cases} == {
        ("2021-04", 3 / 23),
        ("2021-05", 3 / 29),
        ("2021-06", 3 / 20),
        ("2021-07", 3 / 15),
    }
    assert {case["stratum"] for case in cases} <= {"N", "S"}
    assert {tuple(case["control_points"]) for case in cases} == {("AMF-2021-4",)}
    assert {case["handler"] for case in cases} <= {sampler.issuer.actor(f"hl{n}") for n in range(7)}


async def test_two_control_points_can_share_a_draw(sampler):
    await sampler.define("AMF-2021-5")
    await freeze_spring(sampler)
    draw = await sampler.drawn(n=3, control_points=["AMF-2021-4", "AMF-2021-5"])
    assert draw["control_points"] == ["AMF-2021-4", "AMF-2021-5"]


async def test_only_drawn_cases_have_their_identity_in_the_vaults_table(sampler):
    frame = await freeze_spring(sampler)
    draw = await sampler.drawn(n=5)
    drawn = {case["case"] for case in await sampler.cases(draw["draw"])}
    identities = await sampler.identities()
    assert {one.case for one in identities.values()} == drawn
    rows = await sampler.rows("SELECT series, protected, research_day FROM vault.identity")
    assert {(str(row["series"]), row["protected"], row["research_day"]) for row in rows} == {
        (frame["series"], False, False)
    }
    register_rows = {line.split(";")[0]: line.split(";")[1] for line in SPRING.split("\n")}
    assert all(register_rows[unit] == json.loads(one.fields)["Namn"] for unit, one in identities.items())


async def test_a_case_drawn_twice_from_one_frame_keeps_its_identity(sampler):
    await freeze_spring(sampler)
    draws = {UUID((await sampler.drawn(n=87))["draw"]) for _ in range(2)}
    known = await sampler.rows(
        "SELECT draw, count(*) FROM vault.drawn_case JOIN vault.identity USING (case_id) GROUP BY 1"
    )
    assert {row["draw"]: row["count"] for row in known} == dict.fromkeys(draws, 87)
    assert len(await sampler.identities()) == 87


async def test_a_larger_sample_with_the_same_seed_begins_with_the_smaller_one(sampler):
    await freeze_spring(sampler)
    small = await sampler.cases((await sampler.drawn(n=7, seed=SEED))["draw"])
    large = await sampler.cases((await sampler.drawn(n=20, seed=SEED))["draw"])
    assert [case["case"] for case in large[:7]] == [case["case"] for case in small]

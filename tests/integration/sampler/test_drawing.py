"""Drawing and verifying samples through the HTTP API: the source documents' draws, and everything that can go wrong."""

import asyncio
import hashlib
import hmac
import json
from collections import Counter
from uuid import UUID, uuid4, uuid5

import pytest

SEED = "13824381127973166541"


def register(**sizes):
    """Return a register with so many units a month: ``register(m2021_01=23)``."""
    rows = [
        f"{month}-{number:03};Namn {number};{month}-10;{'NS'[number % 2]};hl{number % 7}"
        for month, size in ((name[1:].replace("_", "-"), size) for name, size in sizes.items())
        for number in range(size)
    ]
    return "\n".join(["Ärende;Namn;Datum;Område;Handläggare", *rows])


SPRING = register(m2021_04=23, m2021_05=29, m2021_06=20, m2021_07=15)
AUTUMN = register(m2021_08=11, m2021_09=35, m2021_10=38)
COLUMNS = {
    "month_column": "Datum",
    "stratum_column": "Område",
    "handler_column": "Handläggare",
    "identity_columns": ["Namn"],
}
SPRING_PERIOD, AUTUMN_PERIOD = "2021-04-01/2021-08-01", "2021-08-01/2021-11-01"


async def freeze_spring(sampler):
    return await sampler.freeze(SPRING, **COLUMNS, period=SPRING_PERIOD)


def by_month(cases):
    return dict(sorted(Counter(case["month"] for case in cases).items()))


# The draws of the source documents


async def test_three_a_month_of_23_29_20_15(sampler):
    await freeze_spring(sampler)
    draw = await sampler.drawn(design="stratified", stratify_by="month", per_stratum=3)
    assert (draw["size"], draw["drawn"]) == (87, 12)
    cases = await sampler.cases(draw["draw"])
    assert by_month(cases) == {"2021-04": 3, "2021-05": 3, "2021-06": 3, "2021-07": 3}
    assert (await sampler.verification(draw["draw"]))["verdict"] == "verified"


async def test_three_six_six_of_11_35_38(sampler):
    await sampler.freeze(AUTUMN, **COLUMNS, period=AUTUMN_PERIOD)
    allocation = [{"stratum": month, "n": n} for month, n in (("2021-08", 3), ("2021-09", 6), ("2021-10", 6))]
    draw = await sampler.drawn(design="stratified", stratify_by="month", allocation=allocation)
    cases = await sampler.cases(draw["draw"])
    assert by_month(cases) == {"2021-08": 3, "2021-09": 6, "2021-10": 6}
    assert (await sampler.verification(draw["draw"]))["verdict"] == "verified"


async def test_twenty_of_222(sampler):
    await sampler.freeze("Ärende\n" + "\n".join(f"{n:04}" for n in range(222)), period="2017")
    draw = await sampler.drawn(n=20)
    assert (draw["size"], draw["drawn"], draw["design"]) == (222, 20, "simple")
    cases = await sampler.cases(draw["draw"])
    assert [case["order"] for case in cases] == list(range(1, 21))
    assert [case["ticket"] for case in cases] == sorted(case["ticket"] for case in cases)
    assert (await sampler.verification(draw["draw"]))["verdict"] == "verified"


# What is drawn, and how it is proved


async def test_the_drawn_cases_have_the_smallest_tickets_of_their_month(sampler):
    frame = await freeze_spring(sampler)
    draw = await sampler.drawn(design="stratified", stratify_by="month", per_stratum=3, seed=SEED)
    key = (await sampler.rows("SELECT key FROM vault.series_key WHERE series = $1", UUID(frame["series"])))[0]["key"]
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
    rows = await sampler.rows("SELECT case_id, series, unit_id, fields->>'Namn' AS name FROM vault.case_identity")
    assert {row["case_id"] for row in rows} == drawn
    assert {str(row["series"]) for row in rows} == {frame["series"]}
    register_rows = {line.split(";")[0]: line.split(";")[1] for line in SPRING.split("\n")}
    assert all(register_rows[row["unit_id"]] == row["name"] for row in rows)


async def test_a_case_drawn_twice_from_one_frame_keeps_its_identity(sampler):
    await freeze_spring(sampler)
    await sampler.drawn(n=87)
    await sampler.drawn(n=87)
    assert (await sampler.rows("SELECT count(*) FROM vault.case_identity"))[0]["count"] == 87


async def test_a_larger_sample_with_the_same_seed_begins_with_the_smaller_one(sampler):
    await freeze_spring(sampler)
    small = await sampler.cases((await sampler.drawn(n=7, seed=SEED))["draw"])
    large = await sampler.cases((await sampler.drawn(n=20, seed=SEED))["draw"])
    assert [case["case"] for case in large[:7]] == [case["case"] for case in small]


# Retries


async def test_a_retry_gets_the_first_answer_and_draws_nothing_more(sampler):
    await freeze_spring(sampler)
    command_id = uuid4()
    first = await sampler.draw(n=5, command_id=command_id)
    before = await sampler.counts()
    again = await sampler.draw(n=5, command_id=command_id)
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json() == first.json()
    assert await sampler.counts() == before


async def test_the_same_command_sent_many_times_at_once_draws_once(sampler):
    await freeze_spring(sampler)
    command_id = uuid4()
    responses = await asyncio.gather(*(sampler.draw(n=5, command_id=command_id) for _ in range(4)))
    assert {response.status_code for response in responses} <= {200, 201}
    assert len({response.text for response in responses}) == 1
    assert len((await sampler.get("/v1/draws")).json()) == 1


async def test_a_command_id_stands_for_one_draw(sampler):
    await freeze_spring(sampler)
    command_id = uuid4()
    await sampler.draw(n=5, command_id=command_id)
    response = await sampler.draw(n=6, command_id=command_id)
    assert (response.status_code, response.json()["code"]) == (409, "command-id-reused")


async def interrupted(sampler, command_id):
    """Send a draw whose second commit, with the sample and its identities, fails."""
    await sampler.rows(f"REVOKE INSERT ON vault.case_identity FROM {sampler.database.service_role}")
    assert (await sampler.draw(n=5, command_id=command_id)).status_code == 500
    await sampler.rows(f"GRANT INSERT ON vault.case_identity TO {sampler.database.service_role}")


async def test_a_draw_that_was_interrupted_after_its_seed_goes_on_with_that_seed(sampler):
    await freeze_spring(sampler)
    command_id = uuid4()
    draw = uuid5(command_id, "draw")
    await interrupted(sampler, command_id)
    response = await sampler.get(f"/v1/draws/{draw}")
    assert response.status_code == 404
    assert "has a seed and no sample" in response.json()["detail"]
    (event,) = await sampler.rows("SELECT data FROM event WHERE stream = $1", f"draw/{draw}")
    answer = (await sampler.draw(n=5, command_id=command_id)).json()
    assert (answer["draw"], answer["seed"]) == (str(draw), json.loads(event["data"])["seed"])
    assert (await sampler.verification(answer["draw"]))["verdict"] == "verified"


async def test_an_interrupted_draw_cannot_go_on_as_another_one(sampler):
    await freeze_spring(sampler)
    command_id = uuid4()
    await interrupted(sampler, command_id)
    response = await sampler.draw(n=6, command_id=command_id)
    assert (response.status_code, response.json()["code"]) == (409, "command-id-reused")


async def test_an_identity_file_that_is_gone_stops_the_draw_before_its_seed(sampler):
    frame = await freeze_spring(sampler)
    (sampler.vault_folder / f"{frame['frame']}.{frame['frame_hash'][:16]}.parquet").unlink()
    before = await sampler.counts()
    response = await sampler.draw(n=5)
    assert (response.status_code, response.json()["code"]) == (500, "frame-file-changed")
    assert "The identity file of frame “Möten” is gone." in response.json()["detail"]
    assert await sampler.counts() == before


async def test_frames_and_draws_are_there_after_a_restart(sampler_at, new_database):
    database = await new_database()
    async with sampler_at(database) as before:
        await before.define()
        await before.freeze(SPRING, **COLUMNS, period=SPRING_PERIOD)
        first = await before.drawn(n=5)
    async with sampler_at(database) as after:
        assert (await after.verification(first["draw"]))["verdict"] == "verified"
        assert len(await after.cases(first["draw"])) == 5


# Bad input


@pytest.mark.parametrize(
    ("request_", "code", "fields"),
    [
        ({"n": 88}, "allocation-impossible", ["n"]),
        ({}, "design-unclear", ["n"]),
        ({"n": 0}, "bad-input", ["n"]),
        ({"n": 3, "seed": "abc"}, "bad-input", ["seed"]),
        ({"n": 3, "seed": "X" * 20}, "bad-input", ["seed"]),
        ({"n": 3, "frame": "Ingen"}, "frame-not-frozen", ["frame"]),
        ({"n": 3, "frame": str(uuid4())}, "frame-not-frozen", ["frame"]),
        ({"n": 3, "control_points": ["AMF-1999-1"]}, "control-point-unknown", ["control_points"]),
        (
            {"design": "stratified", "stratify_by": "month", "per_stratum": 16},
            "allocation-impossible",
            ["per_stratum"],
        ),
        (
            {"design": "stratified", "stratify_by": "month", "allocation": [{"stratum": "2021-09", "n": 1}]},
            "allocation-impossible",
            ["allocation.0.stratum", *["allocation"] * 4],
        ),
        ({"design": "cluster", "n": 3}, "design-unclear", ["design"]),
        ({"design": "snowball", "n": 3}, "bad-input", ["design"]),
    ],
)
async def test_a_wrong_request_is_named_by_option_and_leaves_no_seed(sampler, request_, code, fields):
    await freeze_spring(sampler)
    before = await sampler.counts()
    response = await sampler.draw(**request_)
    assert (response.status_code, response.json()["code"]) == (422, code)
    assert [error["field"] for error in response.json()["errors"]] == fields
    assert await sampler.counts() == before


async def test_n_greater_than_the_frame_says_what_to_do(sampler):
    await freeze_spring(sampler)
    response = await sampler.draw(n=88)
    assert response.json()["detail"] == "n is 88, and frame “Möten” has 87 units. Ask for at most that many."


async def test_only_a_coordinator_draws(sampler):
    for role in ("reviewer", "protected-reviewer", "board", "auditor", "service", "ops"):
        response = await sampler.client.post("/v1/draws", json={"frame": "x", "n": 1}, headers=sampler.headers(role))
        assert (role, response.status_code) == (role, 403)


async def test_cases_and_verification_are_for_coordinator_and_auditor(sampler):
    await freeze_spring(sampler)
    draw = (await sampler.drawn(n=2))["draw"]
    roles = ("coordinator", "auditor", "reviewer", "protected-reviewer", "board", "service", "ops")
    for what in ("cases", "verification"):
        allowed = [role for role in roles if (await sampler.get(f"/v1/draws/{draw}/{what}", role)).status_code == 200]
        assert (what, allowed) == (what, ["coordinator", "auditor"])


async def test_an_unknown_draw_is_not_found(sampler):
    for what in ("", "/cases", "/verification"):
        response = await sampler.get(f"/v1/draws/{uuid4()}{what}")
        assert (what, response.status_code, response.json()["code"]) == (what, 404, "draw-unknown")


# Verification doubts everything


async def drawn_spring(sampler):
    frame = await freeze_spring(sampler)
    draw = await sampler.drawn(design="stratified", stratify_by="month", per_stratum=3, seed=SEED)
    return frame, draw["draw"]


async def test_a_draw_that_follows_the_rule_is_verified_by_named_checks(sampler):
    _, draw = await drawn_spring(sampler)
    found = await sampler.verification(draw)
    assert (found["verdict"], found["first_difference"]) == ("verified", None)
    assert "the drawn cases are those with the smallest tickets" in [name for name, _ in found["checks"]]
    assert all(held for _, held in found["checks"])


async def replace_in_event(sampler, type_, old, new):
    await sampler.tamper(
        "UPDATE event SET data = convert_to(replace(convert_from(data, 'UTF8'), $1, $2), 'UTF8') WHERE type = $3",
        old,
        new,
        f"stickprov.sampler.{type_}.v1",
    )


async def test_a_case_swapped_in_the_log_is_found(sampler):
    _, draw = await drawn_spring(sampler)
    victim = (await sampler.cases(draw))[4]["case"]
    await replace_in_event(sampler, "case-drawn", victim, "f" * 64)
    found = await sampler.verification(draw)
    assert found["verdict"] == "different"
    assert f"Case {victim} has one of the smallest tickets" in found["first_difference"]


@pytest.mark.parametrize(
    ("type_", "old", "new", "difference"),
    [
        ("sample-drawn", SEED, "0" * 20, f"SampleDrawn names seed {'0' * 20}, expected {SEED}."),
        (
            "seed-drawn",
            '"frame_position":2',
            '"frame_position":1',
            "SeedDrawn says the frame is at position 1, the log has it at 2.",
        ),
        ("sample-drawn", '"drawn":12', '"drawn":13', "SampleDrawn says n = 13, and 12 are counted."),
        ("case-drawn", '"order":1,', '"order":2,', "has order 2, computed again 1."),
        (
            "case-drawn",
            '"month":"2021-04"',
            '"month":"2021-05"',
            " 0 cases are drawn, and the allocation says ",
        ),
        (
            "case-drawn",
            '"inclusion_probability":0.2,',
            '"inclusion_probability":0.9,',
            "has inclusion probability 0.9, computed again 0.2.",
        ),
        ("frame-frozen", '"size":87', '"size":88', "SampleDrawn says N = 87, and 88 are counted."),
        ("case-drawn", '"draw"', '"drew"', "An event of the draw or its frame cannot be read"),
    ],
)
async def test_whatever_is_changed_in_the_log_is_told_in_words(sampler, type_, old, new, difference):
    _, draw = await drawn_spring(sampler)
    await sampler.sequenced()
    await replace_in_event(sampler, type_, old, new)
    found = await sampler.verification(draw)
    assert found["verdict"] == "different"
    assert difference in found["first_difference"]


def frame_file(sampler, frame):
    return sampler.frame_folder / frame["frame_hash"][:2] / f"{frame['frame_hash'][2:]}.parquet"


async def test_a_single_flipped_bit_in_the_frame_file_is_found_and_nothing_more_is_drawn_from_it(sampler):
    frame, draw = await drawn_spring(sampler)
    file = frame_file(sampler, frame)
    file.chmod(0o600)
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)
    found = await sampler.verification(draw)
    assert found["verdict"] == "different"
    assert found["first_difference"] == (
        f"The frame file's SHA-256 is {hashlib.sha256(content).hexdigest()}, and the log says {frame['frame_hash']}."
    )
    before = await sampler.counts()
    response = await sampler.draw(n=5)
    assert (response.status_code, response.json()["code"]) == (500, "frame-file-changed")
    assert await sampler.counts() == before


async def test_a_frame_file_that_is_gone_is_told(sampler):
    frame, draw = await drawn_spring(sampler)
    frame_file(sampler, frame).unlink()
    found = await sampler.verification(draw)
    assert found["first_difference"] == "The frame file is gone, so nothing can be drawn from it again."
    assert "is gone. Restore the file" in (await sampler.draw(n=5)).json()["detail"]


async def test_a_seed_that_has_its_place_before_the_frame_is_told(sampler):
    _, draw = await drawn_spring(sampler)
    await sampler.sequenced()
    await sampler.tamper("ALTER TABLE ledger DISABLE TRIGGER insert_only")
    await sampler.tamper("UPDATE ledger SET position = 1000 WHERE position = 2")
    found = await sampler.verification(draw)
    assert found["first_difference"] == "SeedDrawn says the frame is at position 2, the log has it at 1000."

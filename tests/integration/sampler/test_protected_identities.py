"""Protected identities: read from the register, kept in the vault alone, shown to those who are cleared."""

import json
from uuid import uuid4

import pytest

from stickprov_contracts.http.headers import COMMAND_ID

REGISTER = (
    "Ärende;Namn;Handläggare;Skydd\n"
    "101;Åsa Ek;reviewer-01;nej\n"
    "102;Bo Al;reviewer-01;Sekretessmarkering\n"
    "103;Cia Alm;reviewer-01;\n"
)
POINT = "AMF-2021-4"
OPTIONS = {
    "unit_id_column": "Ärende",
    "identity_columns": ["Namn"],
    "handler_column": "Handläggare",
    "protection_column": "Skydd",
    "period": "2021-01",
}
CLEARED = {"who": "reviewer-01", "roles": ("protected-reviewer",)}
UNCLEARED = [
    {"who": "reviewer-01", "roles": ("reviewer",)},
    {"who": "coordinator-01", "roles": ("coordinator",), "why": "coordination"},
    {"who": "reviewer-01", "roles": ("reviewer", "coordinator")},
]


@pytest.fixture
async def drawn(sampler):
    """Draw everybody; return the draw and the cases by their numbers."""
    await sampler.freeze(REGISTER, **OPTIONS)
    draw = (await sampler.drawn(n=3))["draw"]
    return draw, {unit: one.case for unit, one in (await sampler.identities()).items()}


async def show(sampler, draw, case, *, who, roles, **request):
    headers = sampler.issuer.bearer(who, *roles) | {COMMAND_ID: str(uuid4())}
    path = f"/v1/draws/{draw}/cases/{case}/identity"
    return await sampler.client.post(path, json={"control_point": POINT} | request, headers=headers)


async def found(sampler, *numbers, who, roles, **request):
    headers = sampler.issuer.bearer(who, *roles) | {COMMAND_ID: str(uuid4())}
    body = {"control_point": POINT, "unit_ids": numbers} | request
    answer = await sampler.client.post("/v1/case-numbers", json=body, headers=headers)
    return [one["unit_id"] for one in answer.json()["cases"]]


async def protected(sampler):
    """Return what services are told."""
    return (await sampler.get("/v1/protections", role="service")).json()


async def protect(sampler, draw, case, *, protect=True, role="protected-reviewer", command_id=None):
    body = {"draw": str(draw), "case": case, "protected": protect}
    return await sampler.client.post("/v1/protections", json=body, headers=sampler.headers(role, command_id))


def without_correlation(problem):
    return {name: value for name, value in problem.items() if name not in {"correlation_id", "instance"}}


async def test_a_look_tells_how_many_are_protected_and_not_which(sampler):
    report = (await sampler.upload(REGISTER, to="/v1/frames/preview", **OPTIONS)).json()
    assert (report["accepted"], report["protected"], report["rejected"]) == (3, 1, [])
    assert "102" not in json.dumps(report)
    without = (await sampler.upload(REGISTER, to="/v1/frames/preview", **OPTIONS | {"protection_column": None})).json()
    assert without["protected"] is None


@pytest.mark.parametrize(
    "written", ["ja", "J", "x", "1", "TRUE", " Skyddad folkbokföring ", "Fingerade personuppgifter"]
)
async def test_what_registers_write_is_understood(sampler, written):
    register = REGISTER.replace("Sekretessmarkering", written)
    report = (await sampler.upload(register, to="/v1/frames/preview", **OPTIONS)).json()
    assert (report["accepted"], report["protected"]) == (3, 1)


async def test_a_word_that_says_neither_is_refused_with_what_to_write(sampler):
    answer = await sampler.upload(REGISTER.replace("nej", "kanske"), **OPTIONS)
    [fault] = answer.json()["errors"]
    assert (answer.status_code, fault["row"], fault["field"], fault["code"]) == (422, 2, "Skydd", "no-protection")
    assert "Write ja, nej" in fault["message"]
    assert "kanske" not in answer.text


@pytest.mark.parametrize(
    "used",
    [
        {"kept_columns": ["Skydd"]},
        {"stratum_column": "Skydd"},
        {"handler_column": "Skydd"},
        {"identity_columns": ["Skydd"]},
        {"filter": "Skydd = 'nej'"},
    ],
    ids=lambda used: next(iter(used)),
)
async def test_the_column_is_used_for_nothing_else(sampler, used):
    answer = await sampler.upload(REGISTER, **OPTIONS | used)
    assert answer.status_code == 422
    assert "Skydd" in answer.json()["errors"][0]["message"]


async def test_only_the_vault_knows_who_is_protected(sampler, drawn):
    _, cases = drawn
    assert (await protected(sampler))["cases"] == [cases["102"]]
    lists = [await sampler.get(f"/v1/{path}") for path in ("frames", "draws", "log")]
    frame = lists[0].json()[0]
    listing = await sampler.get(f"/v1/frames/{frame['frame']}/listing")
    stored = await sampler.rows("SELECT data AS bytes FROM event UNION ALL SELECT answer FROM command")
    told = [answer.text.casefold() for answer in (*lists, listing)] + [
        row["bytes"].decode().casefold() for row in stored
    ]
    assert len(stored) > len(cases)
    for text in told:
        assert "sekretess" not in text
        assert "protected" not in text.replace('"protected":null', "")
    # Each unit has the same columns in the frame, with the same values, whoever is protected.
    lines = listing.text.splitlines()
    assert "skydd" not in lines[0].casefold()
    assert (len(lines), len({tuple(line.split("\t")[1:]) for line in lines[2:]})) == (5, 1)


@pytest.mark.parametrize("caller", UNCLEARED, ids=lambda caller: "+".join(caller["roles"]))
async def test_to_whoever_is_not_cleared_a_protected_case_is_as_if_not_drawn(sampler, drawn, caller):
    draw, cases = drawn
    refused, unknown = await show(sampler, draw, cases["102"], **caller), await show(sampler, draw, "0" * 64, **caller)
    assert (refused.status_code, refused.json()["code"]) == (404, "case-unknown")
    assert without_correlation(refused.json()) == without_correlation(unknown.json())
    assert await found(sampler, "101", "102", "999", **caller) == ["101"]
    shown = await sampler.rows("SELECT data FROM event WHERE type = 'stickprov.sampler.identity-shown.v1'")
    assert [json.loads(row["data"])["case"] for row in shown] == [cases["101"]]


async def test_who_is_cleared_is_shown_the_case_and_told_that_it_is_protected(sampler, drawn):
    draw, cases = drawn
    for number, is_protected in (("101", False), ("102", True)):
        answer = (await show(sampler, draw, cases[number], **CLEARED)).json()
        assert (answer["unit_id"], answer["protected"]) == (number, is_protected)
    assert await found(sampler, "101", "102", **CLEARED) == ["101", "102"]


async def test_only_services_are_told_all_and_as_of_where_the_log_is(sampler, drawn):
    await sampler.sequenced()
    head = (await sampler.get("/v1/log/head", role="service")).json()["position"]
    assert (await protected(sampler))["position"] == head
    for role in ("coordinator", "auditor", "protected-reviewer", "ops"):
        assert (await sampler.get("/v1/protections", role=role)).status_code == 403


async def test_a_case_is_protected_later_and_the_log_says_only_that_something_changed(sampler, drawn):
    draw, cases = drawn
    command_id = uuid4()
    for _ in range(2):
        assert (await protect(sampler, draw, cases["101"], command_id=command_id)).status_code == 204
    assert (await protected(sampler))["cases"] == sorted([cases["101"], cases["102"]])
    assert (await show(sampler, draw, cases["101"], **UNCLEARED[0])).status_code == 404

    assert (await protect(sampler, draw, cases["101"], protect=False)).status_code == 204
    assert (await protect(sampler, draw, cases["101"], protect=False)).status_code == 204
    assert (await show(sampler, draw, cases["101"], **UNCLEARED[0])).status_code == 200
    changes = await sampler.rows("SELECT stream, data FROM event WHERE type LIKE '%protections-changed%'")
    assert [(row["stream"], row["data"]) for row in changes] == [("protections", b"{}")] * 2
    answers = await sampler.rows("SELECT answer FROM command")
    assert not [row for row in answers if b"protected" in row["answer"].replace(b'"protected":null', b"")]


async def test_only_who_is_cleared_protects_and_only_what_was_drawn(sampler, drawn):
    draw, cases = drawn
    for role in ("coordinator", "reviewer", "auditor", "service"):
        assert (await protect(sampler, draw, cases["101"], role=role)).status_code == 403
    assert (await protect(sampler, draw, "0" * 64)).json()["code"] == "case-unknown"
    assert (await protect(sampler, uuid4(), cases["101"])).json()["code"] == "case-unknown"


async def test_a_newer_register_of_the_series_protects_who_was_drawn_before_and_lifts_nothing(sampler, drawn):
    draw, cases = drawn
    newer = REGISTER.replace("Sekretessmarkering", "nej").replace(
        "103;Cia Alm;reviewer-01;", "103;Cia Alm;reviewer-01;ja"
    )
    await sampler.freeze(newer, **OPTIONS | {"frame_name": "Senare", "series": "Möten"})
    assert (await protected(sampler))["cases"] == sorted([cases["102"], cases["103"]])

    await sampler.drawn(frame="Senare", n=3)
    assert (await protected(sampler))["cases"] == sorted([cases["102"], cases["103"]])
    assert (await show(sampler, draw, cases["103"], **UNCLEARED[0])).status_code == 404


async def test_a_protection_outlives_the_identity_so_what_was_found_stays_with_who_is_cleared(sampler, drawn):
    draw, cases = drawn
    asked = sampler.headers("coordinator", uuid4())
    answer = await sampler.client.post(
        "/v1/erasures/cases", json={"draw": str(draw), "case": cases["102"]}, headers=asked
    )
    assert answer.status_code == 201, answer.text

    assert (await protected(sampler))["cases"] == [cases["102"]]
    unknown = await show(sampler, draw, "0" * 64, **UNCLEARED[0], why="review")
    erased = await show(sampler, draw, cases["102"], **UNCLEARED[0], why="review")
    assert erased.status_code == unknown.status_code == 404
    assert erased.json()["code"] == unknown.json()["code"] != "identity-erased"
    assert (await protect(sampler, draw, cases["102"], protect=False)).json()["code"] == "identity-erased"


async def test_who_deletes_an_identity_behind_the_services_back_lifts_no_protection(sampler, drawn):
    _, cases = drawn

    await sampler.tamper("DELETE FROM vault.identity WHERE case_id = $1", cases["102"])

    assert (await protected(sampler))["cases"] == [cases["102"]]

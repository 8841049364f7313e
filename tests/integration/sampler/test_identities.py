"""Who a drawn case is: shown to those who may review it, recorded each time, and kept out of log and answers."""

import asyncio
import json
from uuid import uuid4

import pytest

from stickprov_contracts.events import type_name
from stickprov_contracts.events.sampler import CaseDrawn, ControlPointDefined
from stickprov_contracts.http.headers import COMMAND_ID
from stickprov_kernel.database.migrations import LOG
from stickprov_sampler.app import SAMPLER
from support.assignments import listed
from support.findings_service import FindingsService, running_findings
from support.serving import served

REGISTER = "Ärende;Namn;Handläggare\n101;Åsa Ek;reviewer-01\n102;Bo Al;reviewer-02\n103;Cia Alm;reviewer-03\n"
POINT = "AMF-2021-4"


@pytest.fixture
async def drawn(sampler):
    return await draw_all(sampler)


async def draw_all(sampler):
    """Draw the whole register; return the draw's id and the cases by their numbers."""
    await sampler.freeze(
        REGISTER, unit_id_column="Ärende", identity_columns=["Namn"], handler_column="Handläggare", period="2021-01"
    )
    draw = (await sampler.drawn(n=3))["draw"]
    return draw, {unit: one.case for unit, one in (await sampler.identities()).items()}


async def show(sampler, draw, case, *, who="reviewer-01", roles=("reviewer",), command_id=None, **request):
    body = {"control_point": POINT} | request
    headers = sampler.issuer.bearer(who, *roles) | {COMMAND_ID: str(command_id or uuid4())}
    return await sampler.client.post(f"/v1/draws/{draw}/cases/{case}/identity", json=body, headers=headers)


async def find(sampler, *numbers, who="reviewer-01", roles=("reviewer",), command_id=None, **request):
    body = {"control_point": POINT, "unit_ids": numbers} | request
    headers = sampler.issuer.bearer(who, *roles) | {COMMAND_ID: str(command_id or uuid4())}
    answer = await sampler.client.post("/v1/case-numbers", json=body, headers=headers)
    assert answer.status_code == 200, answer.text
    return [(one["unit_id"], one["draw"], one["case"]) for one in answer.json()["cases"]]


async def told(sampler):
    rows = await sampler.rows("SELECT actor, data FROM event WHERE type = 'stickprov.sampler.identity-shown.v1'")
    return [(row["actor"], json.loads(row["data"])) for row in rows]


async def test_a_handler_is_shown_their_own_case_and_the_log_says_so(sampler, drawn):
    draw, cases = drawn
    answer = await show(sampler, draw, cases["101"])
    assert (answer.status_code, answer.json()) == (
        200,
        {"case": cases["101"], "unit_id": "101", "fields": {"Namn": "Åsa Ek"}, "protected": False},
    )
    event = {"draw": draw, "control_point": POINT, "case": cases["101"], "why": "review"}
    assert await told(sampler) == [(sampler.issuer.actor("reviewer-01"), event)]


async def test_another_handlers_case_is_not_shown(sampler, drawn):
    draw, cases = drawn
    answer = await show(sampler, draw, cases["102"])
    assert (answer.status_code, answer.json()["code"]) == (403, "identity-not-shown")
    assert (await show(sampler, draw, cases["101"], why="second-review")).status_code == 403
    assert (await show(sampler, draw, cases["101"], why="coordination")).status_code == 403
    assert await told(sampler) == []


async def test_where_anybody_reviews_anybody_is_shown_the_case(sampler, drawn):
    draw, cases = drawn
    await sampler.define(POINT, reviewer_rule="anyone")
    assert (await show(sampler, draw, cases["102"])).status_code == 200


async def test_the_coordinator_is_shown_any_case_and_others_none(sampler, drawn):
    draw, cases = drawn
    coordinating = {"who": "coordinator-01", "roles": ("coordinator",), "why": "coordination"}
    assert (await show(sampler, draw, cases["102"], **coordinating)).status_code == 200
    for role in ("board", "auditor", "ops", "service"):
        assert (await show(sampler, draw, cases["102"], who=role, roles=(role,))).status_code == 403
    assert [event["why"] for _, event in await told(sampler)] == ["coordination"]


async def test_each_showing_is_recorded_and_a_retry_of_one_is_not(sampler, drawn):
    draw, cases = drawn
    command_id = uuid4()
    for repeated in (command_id, command_id, uuid4()):
        assert (await show(sampler, draw, cases["101"], command_id=repeated)).json()["unit_id"] == "101"
    assert len(await told(sampler)) == 2


async def test_many_at_once_are_all_recorded(sampler, drawn):
    draw, cases = drawn
    await sampler.define(POINT, reviewer_rule="anyone")
    answers = await asyncio.gather(*(show(sampler, draw, cases["103"], who=f"reviewer-{n:02}") for n in range(1, 4)))
    assert [answer.status_code for answer in answers] == [200, 200, 200]
    assert len(await told(sampler)) == 3


async def test_what_is_stored_says_nothing_of_who_it_is(sampler, drawn):
    draw, cases = drawn
    await show(sampler, draw, cases["101"])
    stored = await sampler.rows("SELECT data AS bytes FROM event UNION ALL SELECT answer FROM command")
    assert not [row for row in stored if "Åsa".encode() in row["bytes"]]


async def test_an_erased_case_and_a_case_of_another_draw_are_not_there(sampler, drawn):
    draw, cases = drawn
    assert (await show(sampler, uuid4(), cases["101"])).json()["code"] == "case-unknown"
    assert (await show(sampler, draw, "0" * 64)).json()["code"] == "case-unknown"
    assert (await show(sampler, draw, cases["101"], control_point="AMF-2021-3")).json()["code"] == "case-unknown"
    await sampler.rows("DELETE FROM vault.identity WHERE case_id = $1", cases["101"])
    assert (await show(sampler, draw, cases["101"])).json()["code"] == "identity-erased"
    assert await told(sampler) == []


async def test_cases_are_found_by_their_numbers_and_the_log_says_so(sampler, drawn):
    draw, cases = drawn
    await sampler.define(POINT, reviewer_rule="anyone")
    command_id = uuid4()
    for _ in range(2):
        found = await find(sampler, "102", "101", "999", "101", command_id=command_id)
        assert found == [("101", draw, cases["101"]), ("102", draw, cases["102"])]
    actor, why = sampler.issuer.actor("reviewer-01"), {"control_point": POINT, "why": "review"}
    assert sorted(await told(sampler), key=lambda one: one[1]["case"]) == [
        (actor, {"draw": draw, "case": case} | why) for case in sorted([cases["101"], cases["102"]])
    ]
    stored = await sampler.rows("SELECT answer FROM command")
    assert not [row for row in stored if cases["101"].encode() in row["answer"]]


async def test_of_a_case_that_is_not_ones_own_not_even_that_it_was_drawn_is_told(sampler, drawn):
    draw, cases = drawn
    assert await find(sampler, "101", "102", "999") == [("101", draw, cases["101"])]
    assert await find(sampler, "102", "999") == await find(sampler, "101", why="coordination") == []
    assert len(await told(sampler)) == 1
    coordinating = {"who": "coordinator-01", "roles": ("coordinator",), "why": "coordination"}
    assert [one[0] for one in await find(sampler, "102", "103", **coordinating)] == ["102", "103"]


async def test_cases_are_found_in_the_draws_of_the_control_point_alone(sampler, drawn):
    first, cases = drawn
    again = (await sampler.drawn(n=3))["draw"]
    both = sorted([("101", first, cases["101"]), ("101", again, cases["101"])])
    assert await find(sampler, "101") == both
    assert await find(sampler, "101", draw=again) == [("101", again, cases["101"])]
    assert await find(sampler, "101", draw=str(uuid4())) == await find(sampler, "101", control_point="AMF-2021-3") == []


async def heard(sampler, findings: FindingsService) -> None:
    """Let findings hear of the sampler's points and cases."""
    rows = await sampler.rows("SELECT type, data FROM event ORDER BY seq")
    for kind in (ControlPointDefined, CaseDrawn):
        events = [row["data"] for row in rows if row["type"] == type_name(kind)]
        await findings.hear(*(kind.model_validate_json(data) for data in events))


async def test_findings_is_asked_who_may_review_a_case(sampler_at, new_database, tmp_path, free_port):
    port = free_port()
    async with sampler_at(await new_database(LOG, SAMPLER), findings_url=f"http://127.0.0.1:{port}") as sampler:
        await sampler.define(POINT, reviewer_rule="colleague")
        draw, cases = await draw_all(sampler)
        unreachable = await show(sampler, draw, cases["101"], who="reviewer-02")
        assert (unreachable.status_code, unreachable.json()["code"]) == (503, "findings-unavailable")
        folder = tmp_path / "findings"
        folder.mkdir()
        bootstrap = f"127.0.0.1:{free_port()}"
        async with (
            running_findings(await new_database(), folder, bootstrap, signer=sampler.issuer) as findings,
            served(findings.app, port),
        ):
            assert (await show(sampler, draw, cases["101"], who="reviewer-02")).status_code == 404
            await heard(sampler, findings)
            await findings.hear(listed(findings))
            assert (await show(sampler, draw, cases["101"], who="reviewer-02")).status_code == 200
            assert (await show(sampler, draw, cases["101"], who="reviewer-01")).status_code == 403
            second = {"who": "reviewer-03", "why": "second-review"}
            assert (await show(sampler, draw, cases["101"], **second)).status_code == 403
            moved = await move_case(findings, draw, cases["101"], "reviewer-03")
            assert moved.status_code == 201, moved.text
            assert (await show(sampler, draw, cases["101"], **second)).status_code == 200
        shown = [(actor, event["why"]) for actor, event in await told(sampler)]
        assert shown == [
            (sampler.issuer.actor("reviewer-02"), "review"),
            (sampler.issuer.actor("reviewer-03"), "second-review"),
        ]


async def move_case(findings: FindingsService, draw: str, case: str, to: str):
    headers = findings.signed_in("coordinator") | {COMMAND_ID: str(uuid4())}
    body = {"reviewer": findings.actor(to), "reason": "slump"}
    path = f"/v1/second-reviews/{draw}/{POINT}/{case}/assignment"
    return await findings.client.post(path, json=body, headers=headers)

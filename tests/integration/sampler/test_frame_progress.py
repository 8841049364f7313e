"""Stages of a long import, told a line at a time, and what a client that goes away leaves."""

import json
from uuid import uuid4

import httpx
import pytest

from stickprov_contracts.http.progress import NDJSON

REGISTER = "Ärende;Barn\n" + "".join(f"{number:05};{number % 3}\n" for number in range(20))
STAGES = ["reading", "checking", "naming", "sorting", "writing", "storing"]


def lines_of(response):
    assert response.headers["content-type"].startswith(NDJSON)
    *stages, outcome = [json.loads(line) for line in response.text.splitlines()]
    return [(stage["stage"], stage["rows"]) for stage in stages], outcome


@pytest.fixture
def send(sampler):
    """Return a way to send a register that asks for lines."""

    async def sent(content=REGISTER, *, to="/v1/frames", command_id=None, client=None, **options):
        wanted = {"frame_name": "Möten", "control_point": "AMF-2021-4", "period": "2021-T1"} | options
        return await (client or sampler.client).post(
            to,
            files={"file": ("register.csv", content.encode())},
            data={"options": json.dumps(wanted)},
            headers=sampler.headers(command_id=command_id) | {"Accept": f"{NDJSON}, application/json;q=0.5"},
        )

    return sent


async def test_a_freeze_tells_its_stages_with_rows_and_then_its_answer(sampler, send):
    response = await send()
    stages, outcome = lines_of(response)
    assert response.status_code == 200
    assert stages == [("reading", None), *((stage, 20) for stage in STAGES[1:])]
    assert outcome["status"] == 201
    await sampler.sequenced()
    assert (await sampler.get("/v1/frames")).json()[0]["frame_hash"] == outcome["answer"]["frame"]["frame_hash"]


async def test_a_dry_run_tells_its_stages_too(sampler, send):
    stages, outcome = lines_of(await send(to="/v1/frames/preview"))
    assert stages == [("reading", None), ("checking", 20)]
    assert (outcome["status"], outcome["answer"]["accepted"]) == (200, 20)
    assert await sampler.counts() == (1, 0)


async def test_a_refusal_is_the_last_line_and_names_the_rows(send):
    stages, outcome = lines_of(await send(REGISTER.replace("00003;", ";")))
    assert stages == [("reading", None), ("checking", 20)]
    assert outcome["status"] == outcome["answer"]["status"] == 422
    assert [(fault["row"], fault["field"]) for fault in outcome["answer"]["errors"]] == [(5, "Ärende")]


async def test_options_that_cannot_be_read_are_an_ordinary_problem(send):
    response = await send(unit="Enhet")
    assert (response.status_code, response.json()["errors"][0]["field"]) == (422, "unit")


async def test_a_retry_gets_the_first_answer_with_lines_and_without(sampler, send):
    command = uuid4()
    _, first = lines_of(await send(command_id=command))
    stages, again = lines_of(await send(command_id=command))
    plain = await sampler.upload(REGISTER.encode(), command_id=command)
    assert (stages, again["status"], plain.status_code) == ([], 200, 200)
    assert again["answer"] == first["answer"] == plain.json()
    assert len((await sampler.get("/v1/frames")).json()) == 1


async def test_a_client_that_goes_away_leaves_a_frame_that_its_retry_finds(sampler, send):
    async def leaves(scope, receive, sending):
        async def gone(message):
            if message["type"] == "http.response.body":
                raise OSError("the connection is gone")
            await sending(message)

        await sampler.client._transport.app(scope, receive, gone)

    command = uuid4()
    async with httpx.AsyncClient(transport=httpx.ASGITransport(leaves), base_url="http://sampler") as client:
        with pytest.raises(OSError, match="gone"):
            await send(command_id=command, client=client)
    stages, again = lines_of(await send(command_id=command))
    assert (stages, again["status"], again["answer"]["frame"]["size"]) == ([], 200, 20)

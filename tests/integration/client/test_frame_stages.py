"""Stages of a long import as the client hears them."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from uuid import UUID

import pytest
from fastapi import FastAPI, Request
from starlette.responses import JSONResponse, Response

from stickprov_client.api import Addresses, ApiProblem, Services, Unreachable, open_services
from stickprov_client.api.retrying import Retry
from stickprov_client.api.sampler import upload_of
from stickprov_contracts.http.progress import NDJSON
from stickprov_contracts.http.sampler import FrameOptions
from support.serving import serving

COMMAND = UUID("0198c0de-0000-7000-8000-000000000001")
OPTIONS = FrameOptions(frame_name="Mars", control_point="AMF-2021-3", period="2021-03")
REPORT = {
    "format": "csv",
    "encoding": "utf-8",
    "delimiter": ";",
    "columns": [],
    "rows": 2,
    "accepted": 2,
    "rejected_rows": 0,
    "rejected": [],
    "duplicates": 0,
    "strata": [],
    "subunits": None,
}
STAGES = ({"stage": "reading"}, {"stage": "checking", "rows": 2})
PROBLEM = {
    "type": "urn:stickprov:problem:bad-input",
    "title": "No",
    "status": 422,
    "detail": "No.",
    "code": "bad-input",
}


def lines(*entries: object) -> Response:
    return Response("".join(json.dumps(entry) + "\n" for entry in entries), media_type=NDJSON)


def away() -> dict[str, object]:
    return {"status": 503, "answer": PROBLEM | {"status": 503}}


@asynccontextmanager
async def answering(*answers: Response) -> AsyncIterator[tuple[Services, list[tuple[str, str, bytes]]]]:
    """Run an application that gives these answers in order, and remembers each request's head and body."""
    left, asked = list(answers), []
    app = FastAPI()

    async def answer(request: Request) -> Response:
        head = request.headers
        asked.append((head["accept"], head.get("idempotency-key", ""), await request.body()))
        return left.pop(0)

    app.add_route("/{path:path}", answer, methods=["POST"])
    with serving(app) as url:
        addresses = Addresses(sampler=url, findings=url, reporting=url, version="0")
        async with open_services(addresses, lambda: "a.b.c", retry=Retry(attempts=3, first_wait=0.01)) as services:
            yield services, asked


@pytest.fixture
def register(tmp_path):
    """Return an upload, and the list that hears its stages."""
    file = tmp_path / "register.csv"
    file.write_text("Id\n1\n2\n", encoding="utf-8")
    heard = []
    upload = upload_of(file, OPTIONS)
    return replace(upload, told=lambda stage: heard.append((stage.stage, stage.rows))), heard


async def test_stages_are_heard_and_the_last_line_is_the_answer(register):
    upload, heard = register
    async with answering(lines(*STAGES, {"status": 200, "answer": REPORT})) as (services, asked):
        report = await services.sampler.preview(upload)
    assert report.accepted == 2
    assert heard == [("reading", None), ("checking", 2)]
    assert asked[0][0].startswith(NDJSON)


async def test_a_service_that_tells_no_stages_is_understood(register):
    upload, heard = register
    async with answering(JSONResponse(REPORT)) as (services, _):
        assert (await services.sampler.preview(upload)).rows == 2
    assert heard == []


async def test_a_refusal_in_the_last_line_is_a_problem(register):
    upload, _ = register
    async with answering(lines(*STAGES, {"status": 422, "answer": PROBLEM})) as (services, _asked):
        with pytest.raises(ApiProblem, match="No"):
            await services.sampler.preview(upload)


@pytest.mark.parametrize("first", [lines(*STAGES), lines(*STAGES, away()), lines({"stage": "sleeping"})])
async def test_an_answer_that_breaks_off_is_asked_for_again_with_the_same_command(register, first):
    upload, heard = register
    refused = lines({"status": 409, "answer": PROBLEM | {"status": 409}})
    async with answering(first, refused) as (services, asked):
        with pytest.raises(ApiProblem):
            await services.sampler.freeze(upload, command=COMMAND)
    assert asked[0] == asked[1]
    assert asked[0][1] == str(COMMAND)
    assert heard[:1] in ([], [("reading", None)])


async def test_an_answer_that_always_breaks_off_is_nobody_there(register):
    upload, _ = register
    async with answering(*(lines(*STAGES) for _ in range(3))) as (services, asked):
        with pytest.raises(Unreachable, match="broke off"):
            await services.sampler.preview(upload)
    assert len(asked) == 3

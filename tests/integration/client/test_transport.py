"""How calls behave on the wire: retries, command ids, problems. The service here only counts and breaks things."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import UUID, uuid4

import pytest
from fastapi import FastAPI, Request
from starlette.responses import JSONResponse, Response

from stickprov_client.api import Addresses, ApiProblem, MalformedAnswer, Services, Unreachable, discover, open_services
from stickprov_client.api.findings import ReviewKey
from stickprov_client.api.retrying import NO_RETRY, Retry
from stickprov_client.api.sampler import upload_of
from stickprov_contracts.http.findings import CorrectFinding, RecordFinding
from stickprov_contracts.http.sampler import FrameOptions
from support.serving import serving

QUICK = Retry(attempts=4, first_wait=0.01)
REVIEW = ReviewKey(UUID("0198c0de-0000-7000-8000-000000000001"), "AMF-2021-3", "3f" * 32)
RECORDED = {
    "event": "0198c0de-0000-7000-8000-0000000000aa",
    "draw": str(REVIEW.draw),
    "control_point": REVIEW.control_point,
    "case": REVIEW.case,
    "version": 1,
}
STALE = {
    "type": "urn:stickprov:problem:stale-version",
    "title": "This has changed since you read it",
    "status": 412,
    "detail": "The review is at version 3, not 2.",
    "code": "stale-version",
    "errors": [{"field": "remark", "code": "x", "message": "Say it again.", "row": None}],
    "current_version": 3,
}


class Wayward:
    """An application that answers with what it is told, in order, and remembers what it was asked."""

    def __init__(self, *answers: Response) -> None:
        self.answers = list(answers)
        self.asked: list[tuple[str, str, dict[str, str], bytes]] = []
        self.app = FastAPI()
        self.app.add_route("/{path:path}", self._answer, methods=["GET", "POST", "PUT"])

    async def _answer(self, request: Request) -> Response:
        headers = {name.lower(): value for name, value in request.headers.items()}
        self.asked.append((request.method, request.url.path, headers, await request.body()))
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


def problem(status: int, **headers: str) -> Response:
    content = STALE | {"status": status, "code": "unavailable"}
    return JSONResponse(content, status_code=status, headers=headers, media_type="application/problem+json")


@asynccontextmanager
async def services_at(url: str) -> AsyncIterator[Services]:
    addresses = Addresses(sampler=url, findings=url, reporting=url, version="0")
    async with open_services(addresses, lambda: "a.b.c", retry=QUICK) as services:
        yield services


async def test_a_command_sent_again_keeps_its_id_and_its_body():
    wayward = Wayward(problem(503), problem(502), JSONResponse(RECORDED))
    with serving(wayward.app) as url:
        async with services_at(url) as services:
            recorded = await services.findings.record(REVIEW, RecordFinding(remark=True, categories=["deposits"]))

    assert recorded.version == 1
    ids = [headers["idempotency-key"] for _, _, headers, _ in wayward.asked]
    assert len(ids) == 3
    assert len(set(ids)) == 1
    assert UUID(ids[0])
    assert len({body for *_, body in wayward.asked}) == 1


async def test_one_request_too_many_is_sent_again_when_the_service_said():
    wayward = Wayward(problem(429, **{"Retry-After": "0"}), JSONResponse(RECORDED))
    with serving(wayward.app) as url:
        async with services_at(url) as services:
            recorded = await services.findings.record(REVIEW, RecordFinding(remark=False))

    assert recorded.version == 1
    assert len(wayward.asked) == 2


async def test_two_commands_have_two_ids():
    wayward = Wayward(JSONResponse(RECORDED))
    with serving(wayward.app) as url:
        async with services_at(url) as services:
            await services.findings.record(REVIEW, RecordFinding(remark=False))
            await services.findings.record(REVIEW, RecordFinding(remark=False))

    first, second = (headers["idempotency-key"] for _, _, headers, _ in wayward.asked)
    assert first != second


async def test_a_correction_carries_the_version_it_saw_and_the_token():
    wayward = Wayward(JSONResponse(RECORDED))
    with serving(wayward.app) as url:
        async with services_at(url) as services:
            await services.findings.correct(REVIEW, CorrectFinding(remark=False, reason="wrong month"), version=2)

    method, path, headers, _ = wayward.asked[0]
    assert (method, path) == ("POST", f"/v1/reviews/{REVIEW.draw}/AMF-2021-3/{REVIEW.case}/correction")
    assert headers["if-match"] == '"2"'
    assert headers["authorization"] == "Bearer a.b.c"


async def test_a_refusal_is_an_exception_with_the_whole_problem_and_is_not_repeated():
    wayward = Wayward(JSONResponse(STALE, status_code=412))
    with serving(wayward.app) as url:
        async with services_at(url) as services:
            with pytest.raises(ApiProblem) as refused:
                await services.findings.record(REVIEW, RecordFinding(remark=False))

    assert refused.value.problem.current_version == 3
    assert refused.value.problem.errors[0].field == "remark"
    assert refused.value.is_our_fault
    assert refused.value.service == "findings"
    assert len(wayward.asked) == 1


async def test_a_service_that_stays_away_is_given_up_after_the_last_attempt():
    wayward = Wayward(problem(503, **{"X-Correlation-ID": "0198c0de"}))
    with serving(wayward.app) as url:
        async with services_at(url) as services:
            with pytest.raises(ApiProblem) as refused:
                await services.sampler.control_points()

    assert refused.value.problem.status == 503
    assert refused.value.correlation_id == "0198c0de"
    assert not refused.value.is_our_fault
    assert len(wayward.asked) == 4


async def test_nobody_listening_is_unreachable_and_names_the_service_and_the_address(free_port):
    url = f"http://127.0.0.1:{free_port()}"
    async with services_at(url) as services:
        with pytest.raises(Unreachable) as away:
            await services.reporting.control_points()

    assert away.value.service == "reporting"
    assert str(away.value).startswith(f"reporting does not answer at {url} (")


async def test_a_connection_that_dies_after_the_request_leads_to_the_same_command_again():
    """The service may have committed: only the id makes the second sending harmless."""
    heard: list[bytes] = []

    async def die_once(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        heard.append(head)
        if len(heard) > 1:
            body = JSONResponse(RECORDED).body
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n")
            writer.write(b"Content-Length: %d\r\n\r\n" % len(body) + bytes(body))
            await writer.drain()
        writer.close()
        await writer.wait_closed()

    server = await asyncio.start_server(die_once, "127.0.0.1", 0, family=socket.AF_INET)
    port = server.sockets[0].getsockname()[1]
    async with server, services_at(f"http://127.0.0.1:{port}") as services:
        recorded = await services.findings.record(REVIEW, RecordFinding(remark=False))

    assert recorded.version == 1
    first, second = (line for head in heard for line in head.lower().splitlines() if b"idempotency-key" in line)
    assert first == second


async def test_a_page_of_somebody_else_is_named_as_such():
    with serving(Wayward(Response("<html>", media_type="text/html")).app) as url:
        with pytest.raises(MalformedAnswer, match="stickprov at"):
            await discover(url, NO_RETRY)
        async with services_at(url) as services:
            with pytest.raises(MalformedAnswer, match="answered something else than expected"):
                await services.sampler.draws()


async def test_an_error_page_that_is_no_problem_document_is_named_as_such():
    with serving(Wayward(Response("busy", status_code=418)).app) as url:
        async with services_at(url) as services:
            with pytest.raises(MalformedAnswer, match="HTTP 418 without a problem document"):
                await services.sampler.draws()


async def test_a_file_is_sent_again_from_its_start_as_the_same_bytes(tmp_path):
    file = tmp_path / "hushåll.csv"
    file.write_bytes("Hushållsnummer;Område\r\n1;Åsen\r\n".encode("windows-1252"))
    options = FrameOptions(frame_name="a frame", control_point="AMF-2021-3", period="2021-03")
    frozen = {"frame": FRAME, "report": REPORT}
    wayward = Wayward(problem(503), JSONResponse(frozen))
    sent: list[int] = []
    with serving(wayward.app) as url:
        async with services_at(url) as services:
            answer = await services.sampler.freeze(upload_of(file, options, sent.append), command=uuid4())

    assert answer.frame.size == 2663
    (_, _, headers, first), (_, _, _, second) = wayward.asked
    assert first == second
    assert file.read_bytes() in first
    assert headers["content-length"] == str(len(first))
    assert sent == [file.stat().st_size] * 2


async def test_the_parts_of_an_upload_are_read_back_by_a_real_parser(tmp_path):
    file = tmp_path / 'hus"håll.csv'
    file.write_bytes(b"a;b\r\n1;2\r\n")
    seen: dict[str, object] = {}
    app = FastAPI()

    @app.post("/v1/frames/preview")
    async def preview(request: Request) -> Response:
        async with request.form() as form:
            seen["options"] = form["options"]
            seen["file"] = await form["file"].read()
        return JSONResponse(REPORT)

    options = FrameOptions(frame_name="a frame", control_point="AMF-2021-3", period="2021-03")
    with serving(app) as url:
        async with services_at(url) as services:
            report = await services.sampler.preview(upload_of(file, options))

    assert report.rows == 2663
    assert seen["file"] == b"a;b\r\n1;2\r\n"
    assert FrameOptions.model_validate_json(str(seen["options"])) == options


async def test_a_frame_is_found_by_a_name_with_spaces_and_slashes():
    wayward = Wayward(JSONResponse(FRAME))
    with serving(wayward.app) as url:
        async with services_at(url) as services:
            await services.sampler.frame("AMF 2021/03 å")

    assert wayward.asked[0][1] == "/v1/frames/AMF 2021/03 å"


async def test_somebody_else_may_use_the_same_connections():
    wayward = Wayward(JSONResponse([]))
    with serving(wayward.app) as url:
        async with services_at(url) as services:
            await services.sampler.draws()
            await services.signed_in_with(lambda: "d.e.f").sampler.draws()

    assert [headers["authorization"] for _, _, headers, _ in wayward.asked] == ["Bearer a.b.c", "Bearer d.e.f"]


def test_waits_grow_and_are_bounded_also_against_a_service_that_asks_for_more():
    retry = Retry(attempts=9, first_wait=0.1, longest_wait=2.0)

    assert 0.05 <= retry.wait(0, None) <= 0.1
    assert 0.4 <= retry.wait(3, None) <= 0.8
    assert retry.wait(20, None) <= 2.0
    assert retry.wait(0, 3600.0) == 2.0
    assert retry.wait(0, 1.0) == 1.0


FRAME = {
    "frame": str(uuid4()),
    "frame_name": "a frame",
    "control_point": "AMF-2021-3",
    "period": {"start": "2021-03-01", "end": "2021-04-01", "label": "2021-03"},
    "series": str(uuid4()),
    "size": 2663,
    "subunits": None,
    "strata": [],
    "frame_hash": "ab" * 32,
    "source_hash": "cd" * 32,
    "position": None,
}
REPORT = {
    "encoding": "windows-1252",
    "delimiter": ";",
    "columns": [],
    "rows": 2663,
    "accepted": 2663,
    "rejected_rows": 0,
    "rejected": [],
    "duplicates": 0,
    "strata": [],
    "subunits": None,
}

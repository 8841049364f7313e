"""The same request under the same id is a retry; anything else under that id can be told from it."""

import hmac
from datetime import UTC, datetime
from hashlib import sha256
from typing import Annotated, Any
from uuid import UUID

import httpx
import pytest
from fastapi import Body, Depends, File, UploadFile

from stickprov_kernel.http.commands import command, command_head, hashed_with, if_match
from stickprov_kernel.http.identity import Authenticator
from stickprov_kernel.log.records import CommandContext
from support.api import Api
from support.tokens import AUDIENCE, ISSUER, STAFF_KEY

ID = "01900000-0000-7000-8000-00000000000a"
CORRELATION = "01900000-0000-7000-8000-00000000000c"
TRACEPARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


@pytest.fixture
def contexts(api: Api) -> list[CommandContext]:
    seen: list[CommandContext] = []

    @api.route("POST", "/v1/things/{name}")
    @api.route("PUT", "/v1/things/{name}")
    async def write(
        name: str,
        context: Annotated[CommandContext, Depends(command("reviewer"))],
        body: Annotated[Any, Body()] = None,
        y: str = "",
    ) -> None:
        seen.append(context)

    @api.route("POST", "/v1/files")
    async def upload(
        context: Annotated[CommandContext, Depends(command_head("reviewer"))], file: Annotated[UploadFile, File()]
    ) -> None:
        seen.append(hashed_with(context, await file.read()))

    return seen


async def write(api: Api, path: str = "/v1/things/a", method: str = "POST", **request: Any) -> int:
    headers = {"Idempotency-Key": ID} | request.pop("headers", {})
    answer = await api.call(method, path, "reviewer", headers=headers, **request)
    return answer.status_code


async def test_a_command_knows_its_id_actor_time_and_correlation(api: Api, contexts):
    before = datetime.now(UTC)
    await write(api, json={"x": 1}, headers={"X-Correlation-ID": CORRELATION})
    after = datetime.now(UTC)
    [context] = contexts
    assert context.command_id == UUID(ID)
    assert context.actor == api.issuer.actor("anna")
    assert context.correlation_id == UUID(CORRELATION)
    assert context.causation_id is None
    assert before <= context.time <= after


async def test_a_command_keeps_the_trace_context_of_its_request_and_its_hash_does_not(api: Api, contexts, logged):
    await write(api, json={"x": 1}, headers={"traceparent": TRACEPARENT})
    await write(api, json={"x": 1})

    assert [context.traceparent for context in contexts] == [TRACEPARENT, None]
    assert contexts[0].request_hash == contexts[1].request_hash
    traced, untraced = [line for line in logged.lines() if line["event"] == "request"]
    assert traced["trace_id"] == "0af7651916cd43dd8448eb211c80319c"
    assert "trace_id" not in untraced


@pytest.mark.parametrize(
    "malformed",
    [
        "",
        TRACEPARENT.upper(),
        TRACEPARENT + "-more",
        TRACEPARENT[:-1],
        "ff" + TRACEPARENT[2:],
        "00-" + "0" * 32 + TRACEPARENT[35:],
        TRACEPARENT[:36] + "0" * 16 + "-01",
    ],
)
async def test_a_malformed_trace_context_is_passed_over(api: Api, contexts, malformed: str):
    assert await write(api, json={"x": 1}, headers={"traceparent": malformed}) == 200
    assert [context.traceparent for context in contexts] == [None]


async def test_two_trace_contexts_are_none(api: Api, contexts):
    headers = [("Idempotency-Key", ID), *api.issuer.bearer("anna", "reviewer").items()]
    two = [("traceparent", TRACEPARENT), ("traceparent", TRACEPARENT)]
    async with httpx.AsyncClient(transport=httpx.ASGITransport(api.build()), base_url="http://api.test") as client:
        answer = await client.post("/v1/things/a", json={"x": 1}, headers=[*headers, *two])

    assert answer.status_code == 200
    assert [context.traceparent for context in contexts] == [None]


async def test_a_retry_has_the_same_hash_whenever_and_wherever_it_comes_from(api: Api, contexts):
    await write(api, json={"x": 1}, headers={"X-Correlation-ID": CORRELATION, "User-Agent": "one"})
    await write(api, json={"x": 1}, headers={"User-Agent": "two"})
    first, second = contexts
    assert first.request_hash == second.request_hash


async def test_another_method_path_query_version_or_body_has_another_hash(api: Api, contexts):
    await write(api, json={"x": 1})
    await write(api, json={"x": 1}, method="PUT")
    await write(api, "/v1/things/b", json={"x": 1})
    await write(api, "/v1/things/a?y=2", json={"x": 1})
    await write(api, json={"x": 1}, headers={"If-Match": '"3"'})
    await write(api, json={"x": 2})
    await write(api)
    assert len({context.request_hash for context in contexts}) == 7


async def test_nothing_can_move_from_one_part_of_a_request_into_another(api: Api, contexts):
    await write(api, "/v1/things/a?y=b", content=b"")
    await write(api, "/v1/things/a", content=b"y=b")
    await write(api, "/v1/things/ay=b", content=b"")
    assert len({context.request_hash for context in contexts}) == 3


async def test_an_upload_retried_with_another_boundary_has_the_same_hash(api: Api, contexts):
    for boundary in ("one", "two"):
        content_type = {"Content-Type": f"multipart/form-data; boundary={boundary}"}
        assert await write(api, "/v1/files", files={"file": b"a;b\n1;2\n"}, headers=content_type) == 200
    first, second = contexts
    assert first.request_hash == second.request_hash


async def test_an_upload_of_another_content_has_another_hash(api: Api, contexts):
    for content in (b"a;b\n1;2\n", b"a;b\n1;3\n"):
        await write(api, "/v1/files", files={"file": content})
    first, second = contexts
    assert first.request_hash != second.request_hash


async def test_who_has_the_hashes_alone_cannot_try_numbers_until_one_fits(api: Api, contexts):
    body = b'{"unit_ids":["198503152385"]}'
    await write(api, content=body)
    await write(api, "/v1/files", files={"file": body})

    parts = [b"POST", b"/v1/things/a", b"", b""]
    plain = sha256(b"".join(len(part).to_bytes(8, "big") + part for part in parts)).digest()
    completed = sha256(b"".join(len(part).to_bytes(8, "big") + part for part in (plain, body))).digest()
    keyed = hmac.new(STAFF_KEY, b"".join(len(part).to_bytes(8, "big") + part for part in parts), "sha256").digest()
    assert not {context.request_hash for context in contexts} & {plain, completed, keyed}


async def test_services_with_another_staff_key_have_other_hashes(api: Api, contexts):
    await write(api, json={"x": 1})
    other = Authenticator(api.issuer.keys(), ISSUER, AUDIENCE, bytes(32))
    api.build().state.request_key = other.request_key
    await write(api, json={"x": 1})

    assert contexts[0].request_hash != contexts[1].request_hash


async def test_a_command_without_an_id_is_refused(api: Api, contexts):
    answer = await api.call("POST", "/v1/things/a", "reviewer", json={})
    assert (answer.status_code, answer.json()["code"]) == (400, "command-id-missing")
    assert contexts == []


@pytest.mark.parametrize("malformed", ["", "7", ID + "0", "{" + ID + "}", "urn:uuid:" + ID, ID.replace("-", "")])
async def test_a_command_id_that_is_no_uuid_is_refused(api: Api, contexts, malformed):
    answer = await api.call("POST", "/v1/things/a", "reviewer", headers={"Idempotency-Key": malformed})
    assert (answer.status_code, answer.json()["code"]) == (400, "command-id-malformed")
    assert contexts == []


@pytest.fixture
def reading(api: Api) -> None:
    from stickprov_kernel.http.identity import require

    @api.route("GET", "/v1/version", dependencies=[Depends(require("reviewer"))])
    async def version(seen: Annotated[int | None, Depends(if_match)]) -> int | None:
        return seen


@pytest.mark.parametrize(("header", "seen"), [('"3"', 3), ('W/"3"', 3), ('"0"', 0), (' "12" ', 12)])
async def test_if_match_is_the_version_in_quotes(api: Api, reading, header, seen):
    assert (await api.call("GET", "/v1/version", "reviewer", headers={"If-Match": header})).json() == seen


async def test_without_if_match_there_is_no_version(api: Api, reading):
    assert (await api.call("GET", "/v1/version", "reviewer")).json() is None


@pytest.mark.parametrize("header", ["3", "*", '"3", "4"', '"-1"', '"3.0"', '"03"', '""', '"' + "9" * 19 + '"', "w/'3'"])
async def test_an_if_match_that_is_no_version_is_refused(api: Api, reading, header):
    answer = await api.call("GET", "/v1/version", "reviewer", headers={"If-Match": header})
    assert (answer.status_code, answer.json()["code"]) == (400, "version-malformed")

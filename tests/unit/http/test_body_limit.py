"""A body that is too large is refused before it is read to its end, whether it says its length or not."""

from collections.abc import AsyncIterator
from typing import Annotated, Any

import pytest
from fastapi import Body, Depends, File, UploadFile

from stickprov_kernel.http.identity import require
from support.api import Api

GUARD = [Depends(require("coordinator"))]


@pytest.fixture(autouse=True)
def routes(api: Api) -> None:
    api.options = {"body_limit": 100, "body_limits": {"/v1/frames": 1000, "/v1/frames/preview": 500}}

    @api.route("POST", "/v1/things", dependencies=GUARD)
    async def write(body: Annotated[Any, Body()]) -> int:
        return len(body)

    @api.route("POST", "/v1/framesets", dependencies=GUARD)
    async def write_other(body: Annotated[Any, Body()]) -> int:
        return len(body)

    @api.route("POST", "/v1/frames", dependencies=GUARD)
    @api.route("POST", "/v1/frames/{frame}/rows", dependencies=GUARD)
    @api.route("POST", "/v1/frames/preview", dependencies=GUARD)
    async def upload(file: Annotated[UploadFile, File()]) -> int:
        return len(await file.read())


class Chunks:
    """A body that comes in pieces without saying how long it will be, and counts what was asked of it."""

    def __init__(self, *chunks: bytes) -> None:
        self.chunks = chunks
        self.read = 0

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for chunk in self.chunks:
            self.read += 1
            yield chunk


async def post(api: Api, path: str, content: Any, **headers: str) -> Any:
    return await api.call("POST", path, "coordinator", content=content, headers=headers)


JSON = {"Content-Type": "application/json"}


async def test_a_body_of_the_limit_passes_and_one_byte_more_does_not(api: Api):
    assert (await post(api, "/v1/things", b'"' + b"x" * 98 + b'"', **JSON)).json() == 98
    answer = await post(api, "/v1/things", b'"' + b"x" * 99 + b'"', **JSON)
    assert (answer.status_code, answer.json()["code"]) == (413, "too-large")
    assert answer.json()["detail"] == "The body is larger than the 100 bytes that this route takes."


async def test_a_body_without_a_length_is_measured_as_it_comes_in(api: Api):
    assert (await post(api, "/v1/things", Chunks(b'"', b"x" * 98, b'"'), **JSON)).json() == 98
    endless = Chunks(*[b"x" * 60] * 1000)
    answer = await post(api, "/v1/things", endless, **JSON)
    assert (answer.status_code, answer.json()["code"]) == (413, "too-large")
    assert answer.headers["content-type"] == "application/problem+json"


async def test_a_declared_length_that_lies_helps_nobody(api: Api):
    answer = await post(api, "/v1/things", Chunks(b'"' + b"x" * 200 + b'"'), **JSON, **{"Content-Length": "10"})
    assert answer.status_code == 413


@pytest.mark.parametrize("length", ["9" * 30, "9" * 5000])
async def test_a_declared_length_beyond_measure_is_refused(api: Api, length):
    answer = await post(api, "/v1/things", Chunks(b"x"), **JSON, **{"Content-Length": length})
    assert answer.status_code == 413


@pytest.mark.parametrize(
    ("path", "size", "status"),
    [
        ("/v1/frames", 700, 200),
        ("/v1/frames", 1000, 413),  # with the form around it
        ("/v1/frames/7/rows", 700, 200),
        ("/v1/frames/preview", 300, 200),
        ("/v1/frames/preview", 700, 413),
    ],
)
async def test_a_route_may_take_more_and_the_longest_path_decides(api: Api, path, size, status):
    answer = await api.call("POST", path, "coordinator", files={"file": b"x" * size})
    assert answer.status_code == status


async def test_a_path_that_only_begins_alike_takes_no_more(api: Api):
    assert (await post(api, "/v1/framesets", b'"' + b"x" * 200 + b'"', **JSON)).status_code == 413


async def test_an_upload_without_a_length_is_measured_too(api: Api):
    head = b'--b\r\nContent-Disposition: form-data; name="file"; filename="f"\r\n\r\n'
    body = Chunks(head, *[b"x" * 100] * 50, b"\r\n--b--\r\n")
    answer = await post(api, "/v1/frames", body, **{"Content-Type": "multipart/form-data; boundary=b"})
    assert (answer.status_code, answer.json()["code"]) == (413, "too-large")


async def test_nobodys_body_is_not_read_at_all(api: Api):
    body = Chunks(*[b"x"] * 10)
    answer = await api.call("POST", "/v1/things", content=body)
    assert (answer.status_code, body.read) == (401, 0)

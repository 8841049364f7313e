"""Whatever is wrong is said as a problem that names the place, and nothing that anybody sends is a fault of ours."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any, Literal
from uuid import UUID

import asyncpg
import pytest
from fastapi import Depends, Form, Query
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import Field

from stickprov_contracts.http.base import Request
from stickprov_contracts.problems import FieldProblem, Problem
from stickprov_kernel.errors import BadInputError, ConflictError, UnavailableError, VersionConflictError
from stickprov_kernel.http.identity import require
from stickprov_kernel.http.validation import read_part
from support.api import Api

GUARD = [Depends(require("reviewer"))]


class Inner(Request):
    size: int = Field(ge=1)


class Thing(Request):
    name: str = Field(min_length=1)
    kind: Literal["a", "b"] = "a"
    parts: list[Inner] = Field(default=[])
    anything: Any = None


@pytest.fixture
def things(api: Api) -> list[Thing]:
    seen: list[Thing] = []

    @api.route("POST", "/v1/things", dependencies=GUARD)
    async def write(body: Thing) -> None:
        seen.append(body)

    @api.route("GET", "/v1/things/{thing}", dependencies=GUARD)
    async def read(thing: UUID, limit: Annotated[int, Query(le=1000)] = 10) -> int:
        return limit

    @api.route("GET", "/v1/names/{name}", dependencies=GUARD)
    async def by_name(name: str, like: str = "") -> str:
        return name + like

    @api.route("POST", "/v1/parts", dependencies=GUARD)
    async def write_part(options: Annotated[str, Form()]) -> None:
        seen.append(read_part(Thing, options, "options"))

    return seen


def problem(answer) -> Problem:
    assert answer.headers["content-type"] == "application/problem+json"
    found = Problem.model_validate_json(answer.content)
    assert found.status == answer.status_code
    assert found.type == f"urn:stickprov:problem:{found.code}"
    return found


async def test_every_wrong_field_is_named_with_what_to_do(api: Api, things):
    body = {"kind": "c", "parts": [{"size": 1}, {"size": 0}], "colour": "red"}
    found = problem(await api.call("POST", "/v1/things", "reviewer", json=body))
    assert (found.status, found.code, found.detail) == (422, "bad-input", "Correct the fields named in errors.")
    assert found.errors == [
        FieldProblem(field="name", code="missing", message="This is required; give a value."),
        FieldProblem(field="kind", code="literal-error", message="Write one of a, b."),
        FieldProblem(field="parts.1.size", code="greater-than-equal", message="Write 1 or more."),
        FieldProblem(
            field="colour",
            code="extra-forbidden",
            message="There is no such field; check its spelling or leave it out.",
        ),
    ]
    assert things == []


async def test_what_was_sent_is_not_repeated(api: Api, things):
    body = {"name": "", "kind": "Svea Svensson", "parts": [{"size": "850709-9805"}]}
    answer = await api.call("POST", "/v1/things", "reviewer", json=body)
    assert answer.status_code == 422
    assert "Svea" not in answer.text
    assert "850709" not in answer.text


async def test_path_and_query_are_named_without_where_they_stand(api: Api, things):
    found = problem(await api.call("GET", "/v1/things/7?limit=many", "reviewer"))
    assert [(error.field, error.code) for error in found.errors] == [
        ("thing", "uuid-parsing"),
        ("limit", "int-parsing"),
    ]


async def test_a_thousand_errors_are_told_by_the_first_hundred(api: Api, things):
    body = {"name": "x", "parts": [{}] * 1000}
    found = problem(await api.call("POST", "/v1/things", "reviewer", json=body))
    assert len(found.errors) == 100


@pytest.mark.parametrize(
    "body", [b"{", b"{'name': 1}", b"\xff\xfe", b'{"a":' * 100_000, b"1" * 5000, b'{"name": "\x00"}']
)
async def test_a_body_that_is_not_json_is_malformed(api: Api, things, body):
    headers = {"Content-Type": "application/json"}
    found = problem(await api.call("POST", "/v1/things", "reviewer", content=body, headers=headers))
    assert (found.status, found.code) == (400, "malformed")


@pytest.mark.parametrize("headers", [{"Content-Type": "text/plain"}, {}])
async def test_a_body_that_does_not_say_it_is_json_is_told_to(api: Api, things, headers):
    found = problem(await api.call("POST", "/v1/things", "reviewer", content=b'{"name": "x"}', headers=headers))
    assert (found.status, found.errors[0].field) == (422, "body")
    assert found.errors[0].message == "Send a JSON object, with Content-Type: application/json."


async def test_a_form_that_cannot_be_read_is_malformed(api: Api, things):
    headers = {"Content-Type": "multipart/form-data; boundary=x"}
    found = problem(await api.call("POST", "/v1/parts", "reviewer", content=b"--y\r\n", headers=headers))
    assert found.status in {400, 422}


async def test_json_in_a_form_is_read_as_strictly_as_a_body(api: Api, things):
    assert (await api.call("POST", "/v1/parts", "reviewer", data={"options": '{"name": "x"}'})).status_code == 200
    assert things == [Thing(name="x")]

    for options, expected in {
        '{"parts": [{}], "name": "x"}': ("options.parts.0.size", "missing"),
        "{": ("options", "json-invalid"),
        "[" * 100_000: ("options", "json-invalid"),
        '{"name": "\\u0000"}': ("options.name", "unstorable-text"),
        '{"name": "\\ud800"}': ("options.name", "unstorable-text"),
        '{"name": "x", "anything": 9223372036854775808}': ("options.anything", "too-large-number"),
    }.items():
        found = problem(await api.call("POST", "/v1/parts", "reviewer", data={"options": options}))
        assert (found.status, [(error.field, error.code) for error in found.errors]) == (422, [expected])


UNSTORABLE = {
    '{"name": "a\\u0000b"}': ("name", "unstorable-text"),
    '{"name": "\\ud800"}': ("name", "unstorable-text"),
    '{"name": "\\uDFFF\\ud800"}': ("name", "unstorable-text"),
    '{"name": "x", "anything": [{"deep": ["\\u0000"]}]}': ("anything.0.deep.0", "unstorable-text"),
    '{"name": "x", "bad\\u0000key": 1}': ("bad\\0key", "unstorable-text"),
    '{"name": "x", "bad\\udc00key": 1}': ("bad\\udc00key", "unstorable-text"),
    '{"name": "x", "anything": 9223372036854775808}': ("anything", "too-large-number"),
    '{"name": "x", "anything": -99999999999999999999}': ("anything", "too-large-number"),
}


@pytest.mark.parametrize(("body", "expected"), UNSTORABLE.items(), ids=UNSTORABLE.keys())
async def test_what_no_column_can_hold_is_refused_at_the_edge(api: Api, things, body, expected):
    headers = {"Content-Type": "application/json"}
    found = problem(await api.call("POST", "/v1/things", "reviewer", content=body.encode(), headers=headers))
    assert found.status == 422
    assert [(error.field, error.code) for error in found.errors] == [expected]
    assert things == []


async def test_an_escaped_pair_of_surrogates_and_a_large_enough_integer_are_welcome(api: Api, things):
    body = b'{"name": "\\ud83d\\ude00 \\\\u0000", "anything": 9223372036854775807}'
    headers = {"Content-Type": "application/json"}
    assert (await api.call("POST", "/v1/things", "reviewer", content=body, headers=headers)).status_code == 200
    assert things == [Thing(name="😀 \\u0000", anything=2**63 - 1)]


@pytest.mark.parametrize("path", ["/v1/names/a%00b", "/v1/names/a?like=%00"])
async def test_a_nul_in_path_or_query_is_refused(api: Api, things, path):
    found = problem(await api.call("GET", path, "reviewer"))
    assert (found.status, found.errors[0].code) == (422, "unstorable-text")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(codec=None)),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(st.characters(codec=None)), inner, max_size=4),
    max_leaves=12,
)


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(body=st.binary(max_size=200) | JSON.map(json.dumps).map(str.encode))
async def test_no_body_is_a_fault_of_ours(api: Api, things, body):
    headers = {"Content-Type": "application/json"}
    answer = await api.call("POST", "/v1/things", "reviewer", content=body, headers=headers)
    assert answer.status_code in {200, 400, 422}


async def test_an_unknown_path_and_an_unknown_method_are_problems(api: Api, things):
    unknown = problem(await api.call("GET", "/v2/things"))
    assert (unknown.status, unknown.code) == (404, "not-found")
    answer = await api.call("DELETE", "/v1/things", "reviewer")
    assert (problem(answer).status, answer.headers["Allow"]) == (405, "POST")


def failing(api: Api, error: Callable[[], BaseException]) -> None:
    @api.route("GET", "/v1/failing", dependencies=GUARD)
    async def fail() -> None:
        raise error()


async def test_an_error_of_ours_says_its_code_fields_and_version(api: Api):
    class NameTakenError(ConflictError):
        code = "name-taken"
        title = "There is one of that name"

    field = FieldProblem(field="name", code="taken", message="Choose another name.", row=7)
    failing(api, lambda: NameTakenError("There is a frame of that name.", errors=[field], current_version=3))
    assert problem(await api.call("GET", "/v1/failing", "reviewer")) == Problem(
        type="urn:stickprov:problem:name-taken",
        title="There is one of that name",
        status=409,
        detail="There is a frame of that name.",
        code="name-taken",
        errors=[field],
        current_version=3,
    )


async def test_a_stream_that_moved_on_says_to_which_version(api: Api):
    failing(api, lambda: VersionConflictError("review/x", expected=1, actual=2))
    found = problem(await api.call("GET", "/v1/failing", "reviewer"))
    assert (found.status, found.current_version) == (409, 2)


@pytest.mark.parametrize(
    "fault",
    [
        RuntimeError("password=hunter2"),
        KeyError("Svea Svensson"),
        asyncpg.UniqueViolationError("Key (name)=(Svea Svensson) already exists."),
        asyncpg.exceptions.DataError("invalid input: Svea Svensson"),
        asyncpg.exceptions._base.DataError("invalid input for query argument $1: 'Svea Svensson' (expected int)"),
        ExceptionGroup("several", [ValueError("Svea Svensson")]),
    ],
    ids=lambda fault: type(fault).__name__,
)
async def test_a_fault_of_ours_tells_nothing_of_its_cause(api: Api, fault, capsys):
    failing(api, lambda: fault)
    answer = await api.call("GET", "/v1/failing", "reviewer")
    found = problem(answer)
    assert (found.status, found.code) == (500, "failed")
    assert "Svea" not in answer.text
    assert "hunter2" not in answer.text


@pytest.mark.parametrize(
    "fault",
    [
        asyncpg.InterfaceError("connection is closed"),
        asyncpg.ConnectionDoesNotExistError("gone"),
        asyncpg.AdminShutdownError("terminating connection"),
        asyncpg.CannotConnectNowError("starting up"),
        asyncpg.TooManyConnectionsError("sorry"),
        ConnectionRefusedError(),
        FileNotFoundError("no such socket"),
        TimeoutError(),
        UnavailableError("Kafka is away."),
    ],
    ids=lambda fault: type(fault).__name__,
)
async def test_what_is_away_for_now_is_a_503_that_says_when_to_come_back(api: Api, fault):
    failing(api, lambda: fault)
    answer = await api.call("GET", "/v1/failing", "reviewer")
    assert (problem(answer).status, problem(answer).code, answer.headers["Retry-After"]) == (503, "unavailable", "1")


async def test_a_database_that_is_not_there_is_a_503(api: Api, tmp_path: Path):
    @api.route("GET", "/v1/connecting", dependencies=GUARD)
    async def connect() -> None:
        await asyncpg.connect(host=str(tmp_path), database="none", user="nobody")

    assert problem(await api.call("GET", "/v1/connecting", "reviewer")).status == 503


def overflowing() -> Exception:
    error = asyncpg.exceptions._base.DataError("invalid input for query argument $1: 2**64 (value out of int64 range)")
    error.__cause__ = OverflowError("value out of int64 range")
    return error


@pytest.mark.parametrize(
    "make",
    [
        overflowing,
        lambda: asyncpg.CharacterNotInRepertoireError("invalid byte sequence for encoding: 0x00"),
        lambda: asyncpg.UntranslatableCharacterError("unsupported Unicode escape sequence"),
        lambda: asyncpg.NumericValueOutOfRangeError("integer out of range"),
    ],
)
async def test_what_only_the_database_found_unstorable_is_still_the_callers_to_correct(api: Api, make):
    failing(api, make)
    assert problem(await api.call("GET", "/v1/failing", "reviewer")).status == 422


async def test_an_error_with_half_a_pair_in_its_text_can_still_be_said(api: Api):
    failing(api, lambda: BadInputError("What is \ud800?"))
    assert problem(await api.call("GET", "/v1/failing", "reviewer")).status == 422

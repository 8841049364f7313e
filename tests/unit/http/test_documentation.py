"""The OpenAPI document says what is really asked and answered."""

import re
from typing import Annotated, Any

import jsonschema
import pytest
from fastapi import Depends

from stickprov_contracts.http.base import Answer, Request
from stickprov_contracts.problems import Problem
from stickprov_kernel.http.commands import command, if_match
from stickprov_kernel.http.identity import Caller, require
from stickprov_kernel.log.records import CommandContext
from support.api import Api


class WriteThing(Request):
    name: str


class Thing(Answer):
    name: str


@pytest.fixture
def document(api: Api) -> dict[str, Any]:
    @api.route("GET", "/v1/things/{thing}")
    async def read(thing: int, caller: Annotated[Caller, Depends(require("reviewer"))]) -> Thing:
        return Thing(name=f"{thing}{caller.actor}")

    @api.route("PUT", "/v1/things/{thing}", responses={409: {"model": Problem, "description": "`taken`"}})
    async def write(
        thing: int,
        body: WriteThing,
        context: Annotated[CommandContext, Depends(command("reviewer"))],
        seen: Annotated[int | None, Depends(if_match)],
    ) -> Thing:
        return Thing(name=f"{body.name}{thing}{context.actor}{seen}")

    return api.build().openapi()


def test_the_document_is_openapi_3_1(document):
    assert document["openapi"].startswith("3.1.")


def test_every_route_documents_its_problems_and_no_other_kind_of_error(document):
    operations = [operation for path in document["paths"].values() for operation in path.values()]
    assert len(operations) == 2
    for operation in operations:
        assert set(operation["responses"]) - {"409"} == {"200", "4XX", "5XX"}
        for status, response in operation["responses"].items():
            if status != "200":
                assert response["content"] == {
                    "application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}
                }
    assert not {"HTTPValidationError", "ValidationError"} & set(document["components"]["schemas"])


def test_the_documented_problem_is_the_one_that_is_answered(document):
    schema = {"$ref": "#/components/schemas/Problem", "components": document["components"]}
    problem = Problem(type="urn:stickprov:problem:x", title="x", status=400, detail="x", code="x")
    jsonschema.validate(problem.model_dump(exclude_none=True), schema, jsonschema.Draft202012Validator)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({"title": "x"}, schema, jsonschema.Draft202012Validator)


def test_headers_with_a_meaning_are_documented(document):
    parameters = {one["name"]: one for one in document["paths"]["/v1/things/{thing}"]["put"]["parameters"]}
    assert set(parameters) == {"thing", "Idempotency-Key", "If-Match"}
    assert parameters["Idempotency-Key"]["required"] is True
    assert parameters["Idempotency-Key"]["schema"] == {"type": "string", "format": "uuid"}
    assert parameters["If-Match"]["required"] is False
    assert re.fullmatch(parameters["If-Match"]["schema"]["pattern"], '"3"')


def test_the_bearer_token_is_documented(document):
    [requirement] = document["paths"]["/v1/things/{thing}"]["get"]["security"]
    [scheme] = requirement
    assert document["components"]["securitySchemes"][scheme]["scheme"] == "bearer"


async def test_the_document_is_served_as_it_is_printed(api: Api, document):
    assert (await api.call("GET", "/openapi.json")).json() == document
    assert "/health/live" not in document["paths"]


async def test_there_are_no_pages_that_load_scripts_from_elsewhere(api: Api):
    for path in ("/docs", "/redoc"):
        assert (await api.call("GET", path)).status_code == 404

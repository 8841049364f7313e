"""A misspelt filter is refused and named; it must not give the unfiltered answer."""

from typing import Annotated

import pytest
from fastapi import Depends, Query
from pydantic import BaseModel, Field

from stickprov_contracts.problems import FieldProblem, Problem
from stickprov_kernel.http.identity import require
from support.api import Api

GUARD = [Depends(require("board"))]


class Paging(BaseModel):
    page_size: int = Field(default=10, alias="limit")
    offset: int = 0


async def period(since: str = "", until: str = "") -> str:
    return f"{since}/{until}"


@pytest.fixture(autouse=True)
def routes(api: Api) -> None:
    @api.route("GET", "/v1/statistics", dependencies=GUARD)
    async def statistics(
        within: Annotated[str, Depends(period)], control_point: Annotated[str, Query(alias="control-point")] = ""
    ) -> str:
        return f"{within} {control_point}"

    @api.route("GET", "/v1/pages", dependencies=GUARD)
    async def pages(paging: Annotated[Paging, Query()]) -> int:
        return paging.page_size

    @api.route("GET", "/v1/plain", dependencies=GUARD)
    async def plain() -> str:
        return "plain"


async def test_known_parameters_pass_wherever_the_route_names_them(api: Api):
    answer = await api.call("GET", "/v1/statistics?since=a&until=b&control-point=c", "board")
    assert answer.json() == "a/b c"
    assert (await api.call("GET", "/v1/pages?limit=7&offset=1", "board")).json() == 7


@pytest.mark.parametrize(
    ("path", "name", "there_are"),
    [
        ("/v1/statistics?contol-point=3", "contol-point", "there are control-point, since, until"),
        ("/v1/statistics?since=a&control_point=3", "control_point", "there are control-point, since, until"),
        ("/v1/pages?page_size=7", "page_size", "there are limit, offset"),
        ("/v1/plain?x", "x", "there are none here"),
    ],
)
async def test_an_unknown_parameter_is_named_with_those_that_there_are(api: Api, path, name, there_are):
    answer = await api.call("GET", path + ("" if "=" in path else "="), "board")
    assert answer.status_code == 422
    assert Problem.model_validate_json(answer.content).errors == [
        FieldProblem(field=name, code="unknown-parameter", message=f"No such parameter; {there_are}.")
    ]


@pytest.mark.parametrize("path", ["/health/live?probe=1", "/metrics?name[]=process_cpu_seconds_total"])
async def test_outside_the_api_nobody_minds(api: Api, path):
    assert (await api.call("GET", path)).status_code == 200

"""A service does not start with a route that anybody could call."""

from typing import Annotated

import pytest
from fastapi import APIRouter, Depends, File, UploadFile
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from stickprov_kernel.http.commands import command, command_head
from stickprov_kernel.http.identity import Caller, require
from stickprov_kernel.http.roles import GuardedRoute, UnguardedRouteError, UnusableRouteError, guarded_routes
from stickprov_kernel.log.records import CommandContext
from support.api import Api


def test_a_route_of_the_api_without_a_role_is_refused(api: Api):
    @api.route("GET", "/v1/thing")
    async def thing() -> str:
        return "anybody may read this"

    with pytest.raises(UnguardedRouteError, match=r"/v1/thing \(thing\) names no role"):
        api.build()


def test_a_route_of_an_included_router_is_refused_too(api: Api):
    inner = APIRouter(prefix="/v1/inner")

    @inner.get("/thing")
    async def thing() -> str:
        return "anybody may read this"

    api.router.include_router(inner)
    with pytest.raises(UnguardedRouteError, match="/v1/inner/thing"):
        api.build()


def test_a_route_of_a_kind_that_cannot_name_roles_is_refused(api: Api):
    async def thing(_request: Request) -> Response:
        return PlainTextResponse("anybody may read this")

    api.router.routes.append(Route("/v1/thing", thing))
    with pytest.raises(UnguardedRouteError, match="not an ordinary route"):
        api.build()


def test_a_role_may_be_named_by_a_dependency_of_a_dependency_or_by_the_router(api: Api):
    async def name(caller: Annotated[Caller, Depends(require("board", "auditor"))]) -> str:
        return caller.subject

    guarded = APIRouter(prefix="/v1/guarded", dependencies=[Depends(require("ops"))])

    @guarded.get("/a")
    async def by_the_router() -> str:
        return "a"

    @api.route("GET", "/v1/b")
    async def by_a_dependency(found: Annotated[str, Depends(name)]) -> str:
        return found

    @api.route("POST", "/v1/c")
    async def by_its_command(context: Annotated[CommandContext, Depends(command("reviewer"))]) -> str:
        return context.actor

    api.router.include_router(guarded)
    assert sorted(guarded_routes(api.build().routes), key=lambda route: route.path) == [
        GuardedRoute("GET", "/v1/b", frozenset({"board", "auditor"})),
        GuardedRoute("POST", "/v1/c", frozenset({"reviewer"})),
        GuardedRoute("GET", "/v1/guarded/a", frozenset({"ops"})),
    ]


def test_of_two_requirements_both_must_be_met_so_their_common_roles_count(api: Api):
    @api.route("GET", "/v1/thing", dependencies=[Depends(require("board", "auditor"))])
    async def thing(caller: Annotated[Caller, Depends(require("auditor", "ops"))]) -> str:
        return caller.subject

    assert guarded_routes(api.build().routes) == [GuardedRoute("GET", "/v1/thing", frozenset({"auditor"}))]


def test_health_metrics_and_the_document_need_no_role(api: Api):
    assert guarded_routes(api.build().routes) == []


@pytest.mark.parametrize("path", ["/health/live", "/health/ready", "/metrics", "/openapi.json"])
async def test_nobody_may_read_how_the_service_is(api: Api, path):
    assert (await api.call("GET", path)).status_code == 200


def test_a_form_whose_command_hashes_the_body_is_refused(api: Api):
    @api.route("POST", "/v1/frames")
    async def upload(
        context: Annotated[CommandContext, Depends(command("coordinator"))], file: Annotated[UploadFile, File()]
    ) -> str:
        return f"{context.actor} {file.filename}"

    with pytest.raises(UnusableRouteError, match="command_head"):
        api.build()


def test_a_form_with_the_head_of_a_command_is_built(api: Api):
    @api.route("POST", "/v1/frames")
    async def upload(
        context: Annotated[CommandContext, Depends(command_head("coordinator"))], file: Annotated[UploadFile, File()]
    ) -> str:
        return f"{context.actor} {file.filename}"

    assert [route.path for route in guarded_routes(api.build().routes)] == ["/v1/frames"]

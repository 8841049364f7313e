"""Every route of every service, asked as nobody and as each role: who is not named for it gets as far as the edge.

The applications are the real ones, and nothing behind them is open: whoever is let in meets a handler that fails.
"""

import asyncio
import re
from collections.abc import Iterator

import httpx
import pytest

from stickprov_contracts.http.headers import COMMAND_ID
from support.authorisation import ROLES, Guarded, routes_of, services
from support.logs import Logged, logging_to_memory
from support.tokens import AUDIENCE, ISSUER, Issuer, issuer

SERVICES = ("sampler", "findings", "reporting")
MADE_UP = "01900000-0000-7000-8000-000000000000"
PATIENCE = 30


class Asked:
    """One service, and what it says to whom."""

    def __init__(self, name: str, folder) -> None:
        self.issuer: Issuer = issuer()
        self.app = services(
            token_issuer=ISSUER,
            token_audience=AUDIENCE,
            token_keys=self.issuer.keys_file(folder),
            requests_per_second=0,
            stranger_requests_per_second=0,
        )[name]
        self.routes = routes_of(self.app)

    async def ask(self, client: httpx.AsyncClient, route: Guarded, headers: dict[str, str]) -> tuple[int, str]:
        """Return status and code of the answer; a fault behind the edge is 500."""
        path = re.sub(r"\{[^}]+\}", MADE_UP, route.path)
        request = client.request(route.method, path, headers=headers | {COMMAND_ID: MADE_UP})
        answer = await asyncio.wait_for(request, PATIENCE)
        told = answer.headers.get("content-type", "").startswith("application/problem+json")
        return answer.status_code, answer.json()["code"] if told else ""

    def client(self) -> httpx.AsyncClient:
        transport = httpx.ASGITransport(self.app, raise_app_exceptions=False)
        return httpx.AsyncClient(transport=transport, base_url="http://service")


@pytest.fixture(scope="module", params=SERVICES)
def asked(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Asked:
    return Asked(request.param, tmp_path_factory.mktemp("keys"))


@pytest.fixture(autouse=True)
def logged() -> Iterator[Logged]:
    with logging_to_memory() as logged:
        yield logged


def test_there_is_something_to_ask(asked: Asked):
    assert len(asked.routes) > 15
    assert all(route.roles and route.roles <= set(ROLES) for route in asked.routes)


async def test_nobody_gets_anywhere(asked: Asked):
    stale = asked.issuer.bearer("anna", *ROLES, lives=-3600)
    elsewhere = issuer().bearer("anna", *ROLES)
    async with asked.client() as client:
        for route in asked.routes:
            for headers in ({}, stale, elsewhere, {"Authorization": "Bearer guessed"}):
                assert await asked.ask(client, route, headers) == (401, "not-signed-in"), (route, headers)


async def test_somebody_without_a_role_gets_nowhere(asked: Asked):
    async with asked.client() as client:
        for route in asked.routes:
            for roles in ([], ["administrator"], ["Coordinator"]):
                headers = asked.issuer.bearer("anna", *roles)
                assert await asked.ask(client, route, headers) == (403, "not-allowed"), (route, roles)


@pytest.mark.parametrize("role", ROLES)
async def test_a_role_gets_to_its_own_routes_and_to_no_other(asked: Asked, role: str):
    let_in = set()
    async with asked.client() as client:
        for route in asked.routes:
            status, code = await asked.ask(client, route, asked.issuer.bearer("anna", role))
            assert status != 401, route
            if (status, code) != (403, "not-allowed"):
                let_in.add(route)
    assert let_in == {route for route in asked.routes if route.roles and role in route.roles}


async def test_all_other_roles_together_open_no_route(asked: Asked):
    async with asked.client() as client:
        for route in asked.routes:
            others = sorted(set(ROLES) - (route.roles or set()))
            if others:
                headers = asked.issuer.bearer("anna", *others)
                assert await asked.ask(client, route, headers) == (403, "not-allowed"), route


async def test_what_is_not_under_the_api_is_known_and_tells_nothing_of_cases(asked: Asked):
    paths = {str(getattr(route, "path", "")) for route in asked.app.routes}
    outside = {path for path in paths if path and not path.startswith("/v1")}
    assert outside <= {"/health/live", "/health/ready", "/metrics", "/openapi.json"}

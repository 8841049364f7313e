"""Whoever asks too much is told when to come back, and nobody else notices."""

from typing import Annotated

import httpx
import pytest
from fastapi import Depends

from stickprov_contracts.serving.allowance import Allowance
from stickprov_kernel.http.identity import Caller, require
from stickprov_kernel.http.rate_limit import Allowances
from support.api import Api

SLOW = Allowance(0.1, 2)


@pytest.fixture(autouse=True)
def routes(api: Api) -> None:
    api.options = {"allowances": Allowances(SLOW, SLOW)}

    @api.route("GET", "/v1/things")
    @api.route("POST", "/v1/things")
    async def things(caller: Annotated[Caller, Depends(require("reviewer", "service"))]) -> str:
        return caller.actor


async def ask(api: Api, subject: str | None, *, address: str = "192.0.2.7", path: str = "/v1/things", **request):
    headers = api.issuer.bearer(subject, *request.pop("roles", ["reviewer"])) if subject else {}
    transport = httpx.ASGITransport(api.build(), client=(address, 1))
    async with httpx.AsyncClient(transport=transport, base_url="http://api.test") as client:
        return await client.request(request.pop("method", "GET"), path, headers=headers | request.pop("headers", {}))


async def statuses(api: Api, subject: str | None, times: int = 3, **request) -> list[int]:
    return [(await ask(api, subject, **request)).status_code for _ in range(times)]


async def test_one_request_too_many_is_a_problem_that_says_when_to_come_back(api: Api):
    await statuses(api, "anna", 2)

    answer = await ask(api, "anna")

    assert (answer.status_code, answer.json()["code"]) == (429, "too-many-requests")
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["Retry-After"] == "10"
    assert answer.json()["detail"] == "You ask more often than one caller may. Try again in 10 s."


async def test_a_limited_actor_limits_nobody_else_at_the_same_address(api: Api):
    assert await statuses(api, "anna") == [200, 200, 429]
    assert await statuses(api, "bert") == [200, 200, 429]


async def test_an_actor_is_one_caller_wherever_they_ask_from(api: Api):
    assert await statuses(api, "anna", 2, address="192.0.2.1") == [200, 200]
    assert await statuses(api, "anna", 1, address="192.0.2.2") == [429]


async def test_strangers_are_counted_by_address_and_never_cost_somebody_who_is_signed_in(api: Api):
    assert await statuses(api, None) == [401, 401, 429]
    assert await statuses(api, None, headers={"Authorization": "Bearer guessed"}) == [429, 429, 429]
    assert await statuses(api, None, address="192.0.2.8") == [401, 401, 429]
    assert await statuses(api, "anna", 2) == [200, 200]


async def test_what_needs_no_sign_in_is_counted_too_but_for_the_sign_of_life(api: Api):
    assert await statuses(api, None, path="/health/ready") == [200, 200, 429]
    assert await statuses(api, None, path="/openapi.json") == [429, 429, 429]
    assert await statuses(api, None, 10, path="/health/live") == [200] * 10


async def test_other_services_read_as_fast_as_they_can_and_change_things_like_anybody(api: Api):
    assert await statuses(api, "findings", 10, roles=["service"]) == [200] * 10
    assert await statuses(api, "findings", roles=["service"], method="POST") == [200, 200, 429]


async def test_what_somebody_writes_about_their_own_address_is_not_believed(api: Api):
    for number in range(3):
        answer = await ask(api, None, headers={"X-Forwarded-For": f"198.51.100.{number}"})
    assert answer.status_code == 429


async def test_refusals_are_counted_by_kind_of_caller(api: Api):
    await statuses(api, "anna", 5)
    await statuses(api, None, 4)

    def refused(caller: str) -> float | None:
        return api.registry.get_sample_value("stickprov_trial_requests_limited_total", {"caller": caller})

    assert (refused("actor"), refused("stranger")) == (3, 2)


async def test_the_usual_allowance_is_more_than_a_program_at_full_speed_needs(api: Api):
    api.options = {}

    assert await statuses(api, "anna", 400) == [200] * 400

"""Ready says of each condition whether it is so; live says only that the process still answers."""

import asyncio

import pytest

from stickprov_kernel.http.health import Condition, Health
from support.api import Api


async def database() -> Condition:
    return Condition(ok=True, detail="connected")


async def lagging() -> Condition:
    return Condition(ok=False, detail="1200 events behind")


async def test_a_service_with_every_condition_met_is_ready(api: Api):
    api.health.add("database", database)
    answer = await api.call("GET", "/health/ready")
    assert (answer.status_code, answer.json()) == (
        200,
        {"status": "ready", "conditions": [{"name": "database", "ok": True, "detail": "connected"}]},
    )


async def test_one_condition_that_is_not_met_makes_it_not_ready_and_is_named(api: Api):
    api.health.add("database", database)
    api.health.add("relay", lagging)
    answer = await api.call("GET", "/health/ready")
    assert (answer.status_code, answer.json()) == (
        503,
        {
            "status": "not-ready",
            "conditions": [
                {"name": "database", "ok": True, "detail": "connected"},
                {"name": "relay", "ok": False, "detail": "1200 events behind"},
            ],
        },
    )


async def test_a_check_that_breaks_is_a_condition_not_met_without_its_words(api: Api):
    async def broken() -> Condition:
        raise ConnectionRefusedError("postgresql://stickprov:hunter2@db/sampler")

    api.health.add("database", broken)
    answer = await api.call("GET", "/health/ready")
    assert answer.status_code == 503
    assert answer.json()["conditions"] == [{"name": "database", "ok": False, "detail": "ConnectionRefusedError"}]


async def test_a_check_that_never_answers_holds_up_nobody(api: Api):
    async def silent() -> Condition:
        await asyncio.Event().wait()
        raise AssertionError

    api.health = Health(check_seconds=0.01)
    api.health.add("kafka", silent)
    api.health.add("database", database)
    answer = await api.call("GET", "/health/ready")
    assert [condition["detail"] for condition in answer.json()["conditions"]] == [
        "no answer within 0.01 s",
        "connected",
    ]


async def test_a_service_that_is_not_ready_is_alive(api: Api):
    api.health.add("relay", lagging)
    answer = await api.call("GET", "/health/live")
    assert (answer.status_code, answer.text) == (200, "alive\n")


def test_two_conditions_cannot_have_one_name(api: Api):
    api.health.add("database", database)
    with pytest.raises(ValueError, match="named database already"):
        api.health.add("database", lagging)

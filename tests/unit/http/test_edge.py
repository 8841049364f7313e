"""Every request is correlated, counted and logged once, without a word of what it carried."""

import re
from typing import Annotated
from uuid import UUID

import pytest
from fastapi import APIRouter, Depends, FastAPI
from starlette.responses import StreamingResponse

from stickprov_kernel.http.identity import Caller, require
from stickprov_kernel.metrics import Metrics, new_registry
from support.api import Api
from support.logs import Logged

CORRELATION = "01900000-0000-7000-8000-00000000000c"
NAME = "Svea Svensson"


@pytest.fixture(autouse=True)
def routes(api: Api) -> None:
    inner = APIRouter(prefix="/v1/inner")

    @inner.get("/things/{thing}")
    async def thing(thing: str, caller: Annotated[Caller, Depends(require("reviewer"))], like: str = "") -> str:
        return thing + caller.actor + like

    @api.route("GET", "/v1/broken", dependencies=[Depends(require("reviewer"))])
    async def broken() -> None:
        raise KeyError(NAME)

    api.router.include_router(inner)


async def test_the_callers_correlation_id_comes_back(api: Api):
    answer = await api.call("GET", "/health/live", headers={"X-Correlation-ID": CORRELATION})
    assert answer.headers["X-Correlation-ID"] == CORRELATION


@pytest.mark.parametrize("given", [{}, {"X-Correlation-ID": "7"}, {"X-Correlation-ID": CORRELATION + "\t7"}])
async def test_without_a_usable_one_a_new_correlation_id_is_made(api: Api, given):
    first = await api.call("GET", "/health/live", headers=given)
    second = await api.call("GET", "/health/live", headers=given)
    assert UUID(first.headers["X-Correlation-ID"]) != UUID(second.headers["X-Correlation-ID"])


@pytest.mark.parametrize("path", ["/v1/inner/things/x", "/v1/none", "/none", "/v1/broken"])
async def test_refusals_and_faults_carry_the_correlation_id_too(api: Api, path):
    answer = await api.call("GET", path, headers={"X-Correlation-ID": CORRELATION})
    assert answer.headers["X-Correlation-ID"] == CORRELATION


async def test_a_request_is_one_line_with_template_status_time_and_pseudonym(api: Api, logged: Logged):
    await api.call(
        "GET",
        "/v1/inner/things/850709-9805?like=Svea",
        "reviewer",
        headers={"X-Correlation-ID": CORRELATION, "X-Name": "Svensson"},
    )
    [line] = logged.lines("request")
    assert isinstance(line.pop("milliseconds"), float)
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+Z", line.pop("time"))
    assert line == {
        "event": "request",
        "level": "info",
        "logger": "stickprov.http",
        "service": "trial",
        "correlation_id": CORRELATION,
        "method": "GET",
        "route": "/v1/inner/things/{thing}",
        "status": 200,
        "actor": api.issuer.actor("anna"),
    }
    for planted in ("anna", "850709", "Svea", "Svensson", "Bearer"):
        assert planted not in logged.text


async def test_a_fault_is_logged_once_with_its_place_and_correlation_but_not_its_words(api: Api, logged: Logged):
    await api.call("GET", "/v1/broken", "reviewer", headers={"X-Correlation-ID": CORRELATION})
    [line] = logged.lines("fault")
    assert (line["error"], line["correlation_id"], line["actor"]) == (
        "KeyError",
        CORRELATION,
        api.issuer.actor("anna"),
    )
    assert "in broken" in line["traceback"]
    assert NAME not in logged.text
    assert [(line["status"], line["route"]) for line in logged.lines("request")] == [(500, "/v1/broken")]


async def test_looking_after_the_service_is_not_worth_a_line_at_info(api: Api, logged: Logged):
    await api.call("GET", "/health/live")
    assert [line["level"] for line in logged.lines("request")] == ["debug"]


async def test_requests_are_counted_by_method_template_and_class_of_status(api: Api):
    for thing in ("a", "b"):
        await api.call("GET", f"/v1/inner/things/{thing}", "reviewer")
    await api.call("GET", "/v1/inner/things/a", "board")
    await api.call("GET", "/nowhere/850709-9805")
    await api.call("BREW", "/v1/inner/things/a", "reviewer")
    await api.call("GET", "/v1/broken", "reviewer")

    def count(method: str, route: str, status: str) -> float | None:
        labels = {"method": method, "route": route, "status": status}
        return api.registry.get_sample_value("stickprov_trial_http_requests_total", labels)

    assert count("GET", "/v1/inner/things/{thing}", "2xx") == 2
    assert count("GET", "/v1/inner/things/{thing}", "4xx") == 1
    assert count("other", "/v1/inner/things/{thing}", "4xx") == 1
    assert count("GET", "unmatched", "4xx") == 1
    assert count("GET", "/v1/broken", "5xx") == 1
    timed = {"method": "GET", "route": "/v1/inner/things/{thing}"}
    assert api.registry.get_sample_value("stickprov_trial_http_request_duration_seconds_count", timed) == 3


async def test_an_answer_that_breaks_halfway_is_cut_and_not_patched(api: Api, logged: Logged):
    @api.route("GET", "/v1/stream", dependencies=[Depends(require("reviewer"))])
    async def stream() -> StreamingResponse:
        async def parts():
            yield b"first"
            raise RuntimeError("broken")

        return StreamingResponse(parts())

    with pytest.raises(RuntimeError, match="broken"):
        await api.call("GET", "/v1/stream", "reviewer")
    assert [line["status"] for line in logged.lines("request")] == [200]


async def test_metrics_are_readable_by_prometheus_and_hold_the_process(api: Api):
    api.registry = new_registry()
    Metrics("trial", api.registry).gauge("relay_lag_events", "Events not yet published").set(3)
    answer = await api.call("GET", "/metrics")
    assert answer.headers["content-type"].startswith("text/plain")
    assert "\nstickprov_trial_relay_lag_events 3.0\n" in answer.text
    for name in ("process_resident_memory_bytes", "python_info", "python_gc_collections_total"):
        assert f"\n# HELP {name} " in f"\n{answer.text}"

    newer = await api.call("GET", "/metrics", headers={"Accept": "application/openmetrics-text; version=1.0.0"})
    assert newer.headers["content-type"].startswith("application/openmetrics-text")
    assert newer.text.endswith("# EOF\n")


async def test_many_applications_live_in_one_process():
    first, second = Api(), Api()
    for one in (first, second):
        assert isinstance(one.build(), FastAPI)
    await first.call("GET", "/health/live")
    labels = {"method": "GET", "route": "/health/live", "status": "2xx"}
    assert first.registry.get_sample_value("stickprov_trial_http_requests_total", labels) == 1
    assert second.registry.get_sample_value("stickprov_trial_http_requests_total", labels) is None

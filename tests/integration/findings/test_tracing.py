"""Who may have a request recorded, what becomes of it in the log, and a collector that nobody answers at."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from functools import partial

import pytest

from stickprov_contracts.tracing import exporting
from stickprov_findings.adapters.sql.migrations import FOLDERS
from support.collector import Collector, Seen, collecting
from support.findings_service import FindingsService, running_findings
from support.reviews import case_drawn, point_defined
from support.round_trips import PINNED, cost_of, let_only_commands_work
from support.waiting import eventually
from support.wire import counting_door

TRACE = "0af7651916cd43dd8448eb211c80319c"
RECORDED = {"traceparent": f"00-{TRACE}-b7ad6b7169203331-01"}
NOT_RECORDED = {"traceparent": f"00-{TRACE}-b7ad6b7169203331-00"}
FINDING = "POST /v1/reviews/{draw}/{control_point}/{case}/finding"
DEPOSIT = {"remark": True, "categories": ["deposit"]}


@pytest.fixture(scope="module")
def running() -> Iterator[Collector]:
    with collecting() as found:
        yield found


@pytest.fixture
def collector(running: Collector) -> Collector:
    running.spans.clear()
    running.bodies.clear()
    return running


@pytest.fixture
def traced(database, tmp_path, free_port, collector: Collector):
    """Run the service, nobody bringing it anything by Kafka; what it was asked has been sent behind the block."""

    @asynccontextmanager
    async def run(sample: float = 0.0, endpoint: str = "") -> AsyncIterator[FindingsService]:
        nowhere = f"127.0.0.1:{free_port()}"
        where = endpoint or collector.url
        async with running_findings(
            database, tmp_path, nowhere, traces_endpoint=where, traces_sample=sample
        ) as service:
            await service.hear(point_defined(), case_drawn())
            yield service

    return run


def only(spans: list[Seen]) -> Seen:
    [span] = spans
    return span


async def sequenced(service: FindingsService) -> None:
    async def there() -> bool:
        return await service.pool.fetchval("SELECT count(*) = 1 FROM ledger")

    await eventually(there, what="the event's position")


async def test_a_command_is_followed_from_its_request_to_its_place_in_the_log(traced, collector: Collector):
    async with traced() as service:
        service.client.headers.update(RECORDED)
        assert (await service.post("finding", DEPOSIT)).status_code == 201
        await sequenced(service)
        stored = await service.pool.fetchval("SELECT traceparent FROM event")

    request, appended = only(collector.named(FINDING)), only(collector.named("append findings"))
    placed = only(collector.named("sequence findings"))
    assert (request.kind, request.trace, request.parent) == ("server", TRACE, "b7ad6b7169203331")
    assert request.attributes == {
        "http.request.method": "POST",
        "http.route": FINDING.partition(" ")[2],
        "http.response.status_code": 201,
    }
    assert (appended.parent, appended.attributes) == (request.id, {"stickprov.log": "findings", "stickprov.events": 1})
    assert (placed.parent, placed.attributes) == (appended.id, {"stickprov.log": "findings", "stickprov.events": 1})
    assert stored == f"00-{TRACE}-{appended.id}-01"


async def test_nobody_without_a_token_has_anything_recorded(traced, collector: Collector):
    async with traced(sample=1.0) as service:
        service.client.headers.update(RECORDED)
        refused = await service.post("finding", DEPOSIT, who=None)
        for path in ("/health/live", "/health/ready", "/metrics", "/openapi.json", "/nowhere"):
            await service.client.get(path)

    assert refused.status_code == 401
    assert collector.spans == []


async def test_of_requests_without_a_trace_the_settings_share_begins_one_but_never_a_services_own(
    traced, collector: Collector
):
    async with traced(sample=1.0) as service:
        await service.get("/v1/queue")
        await service.get("/v1/log/head", who="service")
        service.client.headers.update(RECORDED)
        await service.get("/v1/log/head", who="service")

    assert [(span.name, span.parent) for span in collector.spans] == [
        ("GET /v1/queue", ""),
        ("GET /v1/log/head", "b7ad6b7169203331"),
    ]


async def test_a_trace_that_its_caller_does_not_record_is_kept_and_not_recorded(traced, collector: Collector):
    async with traced(sample=1.0) as service:
        service.client.headers.update(NOT_RECORDED)
        await service.post("finding", DEPOSIT)
        stored = await service.pool.fetchval("SELECT traceparent FROM event")

    assert collector.spans == []
    assert stored.startswith(f"00-{TRACE}-")
    assert stored.endswith("-00")


async def test_what_else_a_caller_says_of_its_trace_goes_nowhere(traced, collector: Collector):
    said = {"tracestate": "vendor=Forsberg", "baggage": "who=Forsberg", "user-agent": "Forsberg"}
    async with traced() as service:
        service.client.headers.update({**RECORDED, **said})
        await service.post("finding", DEPOSIT | {"comment": "Forsberg"})
        await service.get("/v1/queue", control_point="Forsberg")
        await service.get("/v1/reviews/Forsberg/Forsberg/Forsberg")

    assert len(collector.named("GET /v1/queue")) == 1
    assert not any(b"Forsberg" in body for body in collector.bodies)


async def test_submits_go_on_while_no_collector_answers_and_the_lost_spans_are_counted(
    traced, free_port, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(exporting, "_TIMEOUT_SECONDS", 0.2)
    monkeypatch.setattr(exporting, "MOST_WAITING", 1)
    async with traced(sample=1.0, endpoint=f"http://127.0.0.1:{free_port()}") as service:
        assert (await service.post("finding", DEPOSIT)).status_code == 201
        for seen in range(1, 30):
            body = {"remark": seen % 2 == 0, "categories": ["deposit"] if seen % 2 == 0 else [], "reason": "again"}
            assert (await service.post("correction", body, seen=seen)).status_code == 201

        async def counted() -> bool:
            told = (await service.client.get("/metrics")).text
            lost = [
                line for line in told.splitlines() if line.startswith("stickprov_findings_trace_spans_dropped_total")
            ]
            by_reason = {line.partition('"')[2].partition('"')[0]: float(line.rpartition(" ")[2]) for line in lost}
            return by_reason["not-taken"] > 0 and by_reason["queue-full"] > 0

        await eventually(counted, what="the count of lost spans")
        assert (await service.stored())["event"] == 30


async def test_a_recorded_command_costs_the_database_what_it_costs_otherwise(
    new_database, short_folder, free_port, monkeypatch: pytest.MonkeyPatch, collector: Collector
):
    let_only_commands_work(monkeypatch)
    database = await new_database(*FOLDERS)
    cases = [f"{number:064x}" for number in range(1, 4)]
    settings = {"traces_endpoint": collector.url, "traces_sample": 1.0}
    async with (
        counting_door(database, short_folder) as door,
        running_findings(door.database, short_folder, f"127.0.0.1:{free_port()}", **settings) as service,
    ):
        drawn = [case_drawn(case, order=order) for order, case in enumerate(cases, start=1)]
        await service.hear(point_defined(), *drawn)
        await door.is_quiet()
        cost = await cost_of(door, *(partial(service.post, "finding", DEPOSIT, case=case) for case in cases))

    assert cost == PINNED["findings"]["submit a finding"]
    assert len(collector.named("append findings")) == 3

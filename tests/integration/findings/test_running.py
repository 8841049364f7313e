"""The service as a whole: both ways in, the way out, stopping and starting, what it says of itself."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import uuid4

import uvicorn
from aiokafka import AIOKafkaConsumer
from prometheus_client import CollectorRegistry

from stickprov_contracts.topics import FINDINGS_LOG
from stickprov_kernel.database.migrations import LOG, migrate
from stickprov_kernel.http.identity import require
from stickprov_kernel.http.roles import guarded_routes
from stickprov_kernel.log.feed import feed_router
from stickprov_kernel.log.relay import Relay, RelayMetrics
from stickprov_kernel.log.signal import LogSignal
from support.api import Api
from support.broker import Broker
from support.findings_service import FindingsService, running_findings
from support.pipeline import running
from support.postgres import Database
from support.protections import ToldProtections, protections_router
from support.reviews import CASE, Sampler, case_drawn, point_defined
from support.tokens import issuer
from support.vouching import vouched
from support.waiting import eventually

DEPOSIT = {"remark": True, "categories": ["deposit"]}


@asynccontextmanager
async def publishing(sampler: Sampler, database: Database, broker: Broker) -> AsyncIterator[None]:
    """Relay a sampler's log, with the relay's own memory in a database apart."""
    await migrate(database.owner_url, database.service_role, [LOG])
    metrics = RelayMetrics("sampler", CollectorRegistry())
    relay = Relay(database.service_url, "sampler", sampler.log, LogSignal(), vouched(broker.access), metrics=metrics)
    async with running(relay.run()):
        yield


@asynccontextmanager
async def serving(app, port: int) -> AsyncIterator[str]:
    server = uvicorn.Server(uvicorn.Config(app, port=port, log_config=None))
    task = asyncio.create_task(server.serve())
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    await task


async def heard_of(service: FindingsService, case: str = CASE) -> None:
    async def there() -> bool:
        return (await service.get_review(case=case)).status_code == 200

    await eventually(there, what="the case's arrival")


async def published(broker: Broker, count: int) -> list[bytes]:
    async with AIOKafkaConsumer(
        FINDINGS_LOG, bootstrap_servers=broker.bootstrap, auto_offset_reset="earliest"
    ) as consumer:
        return [(await asyncio.wait_for(consumer.getone(), 20)).value for _ in range(count)]


async def conditions(service: FindingsService) -> dict[str, bool]:
    answer = (await service.client.get("/health/ready")).json()
    return {condition["name"]: condition["ok"] for condition in answer["conditions"]}


async def test_what_was_drawn_comes_in_and_what_was_found_goes_out(database, new_database, own_broker, tmp_path):
    sampler = Sampler()
    await sampler.say(point_defined(), case_drawn())
    async with (
        publishing(sampler, await new_database(), own_broker),
        running_findings(database, tmp_path, own_broker.bootstrap) as service,
    ):
        await heard_of(service)
        await service.post("finding", DEPOSIT | {"comment": "two deposits"})
        [event] = await published(own_broker, 1)
        stored = await service.pool.fetchval("SELECT data FROM event")

    assert event == stored


async def test_without_a_broker_the_sampler_is_heard_by_its_feed(database, tmp_path, free_port):
    sampler, signer = Sampler(), issuer()
    await sampler.say(point_defined(), case_drawn())
    told = protections_router(ToldProtections())
    feed = Api(router=feed_router("sampler", sampler.log, require), issuer=signer, also=[told]).build()
    async with (
        serving(feed, free_port()) as url,
        running_findings(database, tmp_path, f"127.0.0.1:{free_port()}", signer=signer, sampler_url=url) as service,
    ):
        await heard_of(service)
        assert (await service.post("finding", DEPOSIT)).status_code == 201


async def test_stopped_and_started_again_it_knows_everything(database, own_broker, tmp_path):
    signer, command_id = issuer(), uuid4()
    async with running_findings(database, tmp_path, own_broker.bootstrap, signer=signer) as service:
        await service.hear(point_defined(), case_drawn())
        first = await service.post("finding", DEPOSIT, command_id=command_id)

    async with running_findings(database, tmp_path, own_broker.bootstrap, signer=signer) as service:
        again = await service.post("finding", DEPOSIT, command_id=command_id)
        assert (again.status_code, again.content) == (200, first.content)
        await service.post("correction", {"remark": False, "reason": "misread"}, seen=1)
        events = await published(own_broker, 2)
        stored = await service.pool.fetch("SELECT data FROM event ORDER BY version")

    assert events == [row["data"] for row in stored]


async def test_its_own_log_can_be_read_by_services(service):
    await service.hear(point_defined(), case_drawn())
    await service.post("finding", DEPOSIT)

    async def sequenced() -> bool:
        head = await service.get("/v1/log/head", who="service")
        return head.json()["position"] == 1

    await eventually(sequenced, what="the event's position")
    page = (await service.get("/v1/log", who="service", after=0)).json()
    assert [entry["envelope"]["type"] for entry in page["entries"]] == ["stickprov.findings.finding-recorded.v1"]


async def test_it_is_ready_when_everything_answers(database, own_broker, tmp_path):
    names = ("database", "vault", "log", "sequencer", "relay", "inbox-sampler")
    everything = dict.fromkeys(names, True)
    async with running_findings(database, tmp_path, own_broker.bootstrap) as service:

        async def all_of_it() -> bool:
            return await conditions(service) == everything

        await eventually(all_of_it, what="readiness")
        assert (await service.client.get("/health/ready")).status_code == 200


async def test_it_is_not_ready_while_nobody_brings_the_samplers_log(service):
    assert (await service.client.get("/health/ready")).status_code == 503
    assert not (await conditions(service))["inbox-sampler"]


async def test_it_is_not_ready_while_the_samplers_history_disagrees(service):
    await service.pool.execute("UPDATE inbox SET state = 'halted', reason = 'restored from an older backup'")
    answer = await service.client.get("/health/ready")

    assert answer.status_code == 503
    assert not (await conditions(service))["inbox-sampler"]
    assert "restored from an older backup" in answer.text


async def test_stored_events_are_counted_once(service):
    await service.hear(point_defined(), case_drawn())
    command_id = uuid4()
    for _ in range(3):
        await service.post("finding", DEPOSIT, command_id=command_id)
    await service.post("finding", DEPOSIT)
    await service.post("correction", {"remark": False, "reason": "misread"}, seen=1)
    metrics = (await service.client.get("/metrics")).text

    assert 'stickprov_findings_review_events_total{event="finding-recorded"} 1.0' in metrics
    assert 'stickprov_findings_review_events_total{event="finding-corrected"} 1.0' in metrics


COORDINATOR, READERS = {"coordinator"}, {"coordinator", "board", "auditor"}
PROVERS = {"auditor", "coordinator", "ops", "service"}
REVIEWERS = {"reviewer", "protected-reviewer"}
OF_A_REVIEW = {
    ("GET", ""): REVIEWERS | {"coordinator", "auditor"},
    **{("POST", f"/{what}"): REVIEWERS for what in ("start", "finding", "correction", "withdrawal")},
    **{("POST", f"/{what}"): REVIEWERS for what in ("over-coverage", "non-response", "reopening")},
    **{(method, "/draft"): REVIEWERS | {"coordinator"} for method in ("GET", "PUT", "DELETE")},
    ("POST", "/assignment"): COORDINATOR,
    ("GET", "/permission"): REVIEWERS,
}


async def test_every_route_names_who_may_call_it(service):
    reviews = {
        (method, f"/v1/{purpose}s/{{draw}}/{{control_point}}/{{case}}{what}"): roles
        for purpose in ("review", "second-review", "file-review")
        for (method, what), roles in OF_A_REVIEW.items()
    }

    assert {(route.method, route.path): set(route.roles) for route in guarded_routes(service.app.routes)} == {
        **reviews,
        ("POST", "/v1/reviews/{draw}/{control_point}/{case}/settlement"): COORDINATOR,
        ("GET", "/v1/erased-texts"): {"coordinator", "auditor", "ops"},
        ("GET", "/v1/queue"): REVIEWERS | {"coordinator"},
        ("GET", "/v1/queue/next"): REVIEWERS,
        ("GET", "/v1/findings"): REVIEWERS,
        ("POST", "/v1/findings/import"): REVIEWERS,
        ("POST", "/v1/findings/import/preview"): REVIEWERS,
        ("POST", "/v1/notes/texts"): {"service"},
        ("GET", "/v1/disagreements"): {"coordinator", "auditor"},
        ("POST", "/v1/assignments"): COORDINATOR,
        ("GET", "/v1/reviewers"): COORDINATOR,
        ("GET", "/v1/progress"): {"coordinator", "auditor"},
        ("POST", "/v1/conclusions"): COORDINATOR,
        ("GET", "/v1/conclusions"): READERS,
        ("POST", "/v1/actions"): COORDINATOR,
        ("GET", "/v1/actions"): READERS,
        ("GET", "/v1/actions/{action_id}"): READERS,
        ("PUT", "/v1/actions/{action_id}"): COORDINATOR,
        ("POST", "/v1/actions/{action_id}/follow-ups"): COORDINATOR,
        ("POST", "/v1/plan-status"): COORDINATOR,
        ("GET", "/v1/plan-status"): READERS,
        ("GET", "/v1/logs"): READERS | {"ops"},
        ("POST", "/v1/logs/{source}/resume"): {"ops"},
        ("GET", "/v1/quarantine"): {"coordinator", "auditor", "ops"},
        ("POST", "/v1/quarantine/{source}/requeue"): {"coordinator", "ops"},
        ("POST", "/v1/quarantine/{source}/{position}/requeue"): {"coordinator", "ops"},
        ("GET", "/v1/log"): {"service", "auditor", "coordinator"},
        ("GET", "/v1/log/head"): {"service", "auditor", "coordinator"},
        **{("GET", f"/v1/log/{what}"): PROVERS for what in ("leaves", "inclusion", "consistency", "verification")},
        **{("GET", f"/v1/checkpoints{what}"): PROVERS | {"board"} for what in ("", "/latest", "/{size}")},
        ("POST", "/v1/checkpoints"): PROVERS,
    }

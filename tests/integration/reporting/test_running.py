"""The service as a whole: by Kafka or by feed, stopped and started, with a source that disagrees."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

from stickprov_contracts.http.audit import Replay
from stickprov_contracts.http.statistics import Statistics
from stickprov_contracts.topics import SOURCES
from stickprov_kernel.database.migrations import LOG, migrate
from stickprov_kernel.http.roles import guarded_routes
from stickprov_kernel.log.memory import MemoryStore
from stickprov_kernel.log.relay import Relay, RelayMetrics
from stickprov_kernel.log.signal import LogSignal
from stickprov_kernel.messaging.access import KafkaAccess
from stickprov_kernel.settings import placeholder
from stickprov_reporting.adapters.sql.migrations import FOLDERS
from stickprov_reporting.app import create
from stickprov_reporting.settings import ReportingSettings
from support.log import append, command, finding
from support.pipeline import running
from support.reporting import POINT, MonthCount, TwoLogs, defined, month_of_document, recorded
from support.reporting_service import ReportingService, running_reporting
from support.vouching import vouched
from support.waiting import eventually

YEAR = {"from": "2021-01-01", "to": "2022-01-01"}
JANUARY = MonthCount("2021-01", 100, 5, 2)
FEBRUARY = MonthCount("2021-02", 100, 6, 3)


@asynccontextmanager
async def publishing(logs: TwoLogs, new_database, bootstrap: str) -> AsyncIterator[None]:
    """Relay both logs, with the relays' own memory in databases apart."""
    async with AsyncExitStack() as stack:
        for source in SOURCES:
            database = await new_database()
            await migrate(database.owner_url, database.service_role, [LOG])
            relay = Relay(
                database.service_url,
                source,
                logs.stores[source],
                LogSignal(),
                vouched(KafkaAccess(bootstrap)),
                metrics=RelayMetrics(source, None),
            )
            await stack.enter_async_context(running(relay.run()))
        yield


async def statistics(service: ReportingService) -> Statistics:
    return Statistics.model_validate_json((await service.get(f"/v1/statistics/{POINT}", **YEAR)).content)


async def test_what_comes_by_kafka_is_counted_once_though_the_feed_has_it_too(new_database, own_broker, tmp_path):
    logs = TwoLogs()
    await logs.say(defined(), *month_of_document(JANUARY))
    async with (
        publishing(logs, new_database, own_broker.bootstrap),
        running_reporting(await new_database(*FOLDERS), tmp_path, own_broker.bootstrap, logs=logs) as service,
    ):
        await service.caught_up()
        await service.hear(*month_of_document(FEBRUARY))
        found = await statistics(service)

    assert (found.total.drawn, found.total.reviewed, found.total.remarks) == (11, 11, 5)


async def test_stopped_and_started_again_it_goes_on_where_it_was(new_database, tmp_path, free_port):
    database, logs, bootstrap = await new_database(), TwoLogs(), f"127.0.0.1:{free_port()}"
    async with running_reporting(database, tmp_path, bootstrap, logs=logs) as service:
        await service.hear(defined(), *month_of_document(JANUARY))

    await logs.say(*month_of_document(FEBRUARY))
    async with running_reporting(database, tmp_path, bootstrap, logs=logs) as service:
        await service.caught_up()
        found = await statistics(service)
        replayed = await service.get("/v1/audit/replay", control_point=POINT, **YEAR)

    assert (found.total.drawn, found.total.reviewed, found.total.remarks) == (11, 11, 5)
    assert Replay.model_validate_json(replayed.content).verdict == "verified"


async def test_a_source_whose_history_disagrees_is_halted_and_told_of(new_database, tmp_path, free_port):
    database, logs, bootstrap = await new_database(), TwoLogs(), f"127.0.0.1:{free_port()}"
    async with running_reporting(database, tmp_path, bootstrap, logs=logs) as service:
        await service.hear(defined(), *month_of_document(JANUARY))

    forged = MemoryStore("findings")
    for number in range(9):
        await forged.commit(command(), [append(f"s{number}", 0, finding(number))], b"")
    logs.stores["findings"] = forged
    async with AsyncExitStack() as stack:
        service = await stack.enter_async_context(
            running_reporting(database, tmp_path, bootstrap, logs=logs, wait_ready=False)
        )

        async def halted() -> bool:
            states = (await service.get("/v1/logs")).json()
            return {state["source"]: state["state"] for state in states} == {
                "sampler": "following",
                "findings": "halted",
            }

        await eventually(halted, what="the alarm")
        ready = (await service.client.get("/health/ready")).json()
        found = await statistics(service)

    conditions = {condition["name"]: condition for condition in ready["conditions"]}
    assert conditions["inbox-findings"]["ok"] is False
    assert conditions["inbox-findings"]["detail"].startswith("halted at position 5: the source's log has another chain")
    assert found.total.remarks == 2


async def test_while_a_feed_is_away_statistics_are_answered_and_a_replay_is_not_verified(
    new_database, own_broker, tmp_path
):
    logs = TwoLogs()
    await logs.say(defined(), *month_of_document(JANUARY))
    async with (
        publishing(logs, new_database, own_broker.bootstrap),
        running_reporting(
            await new_database(*FOLDERS), tmp_path, own_broker.bootstrap, logs=logs, away=["findings"], wait_ready=False
        ) as service,
    ):
        await service.caught_up()
        states = (await service.get("/v1/logs")).json()
        found = await statistics(service)
        answer = await service.get("/v1/audit/replay", control_point=POINT, **YEAR)

    assert {state["source"]: state["head"] for state in states} == {"sampler": 7, "findings": None}
    assert found.total.remarks == 2
    replayed = Replay.model_validate_json(answer.content)
    assert replayed.verdict == "unreachable"
    assert [(log.source, log.verdict) for log in replayed.logs] == [
        ("sampler", "verified"),
        ("findings", "unreachable"),
    ]


def test_the_application_can_be_built_without_opening_anything():
    app = create(placeholder(ReportingSettings))

    assert [route.path for route in guarded_routes(app.routes)] == [
        "/v1/statistics/{control_point}",
        "/v1/control-points",
        "/v1/trends/{control_point}",
        "/v1/differences/{control_point}",
        "/v1/dashboard",
        "/v1/changes",
        "/v1/cases/{control_point}",
        "/v1/register-measures/{control_point}",
        "/v1/projection",
        "/v1/projection/rebuild",
        "/v1/reports/{kind}",
        "/v1/audit/replay",
        "/v1/audit/replays",
        "/v1/audit/moment",
        "/v1/audit/trail",
        "/v1/copies/{source}",
        "/v1/logs",
        "/v1/logs/{source}/resume",
        "/v1/quarantine",
        "/v1/quarantine/{source}/requeue",
        "/v1/quarantine/{source}/{position}/requeue",
    ]
    assert app.openapi()["openapi"].startswith("3.1")


async def test_a_finding_heard_before_its_case_counts_when_the_case_comes(new_database, tmp_path, free_port):
    async with running_reporting(await new_database(*FOLDERS), tmp_path, f"127.0.0.1:{free_port()}") as service:
        [sample, *cases] = month_of_document(JANUARY)
        await service.hear(defined(), sample, *(recorded("2021-01", f"2021-01 {n}", remark=True) for n in range(5)))
        assert (await statistics(service)).total.reviewed == 0

        await service.hear(*cases[:5])
        assert (await statistics(service)).total.remarks == 5

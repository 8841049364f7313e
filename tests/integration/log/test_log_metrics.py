"""What a log tells Prometheus is what its tables say, whoever leads and whatever hangs."""

from collections.abc import AsyncIterator

import asyncpg
import pytest
from prometheus_client import CollectorRegistry

from stickprov_contracts.http.checkpoints import LogVerification
from stickprov_kernel.log.ids import new_id
from stickprov_kernel.log.log_metrics import LogMetrics
from stickprov_kernel.log.postgres import PostgresStore
from stickprov_kernel.log.relay import SQL, RelayMetrics
from stickprov_kernel.log.self_verification import SelfVerification, VerificationMetrics
from stickprov_kernel.log.verifying import TableVerification
from support.log import OpenLog, append, command, finding, open_log
from support.logs import logging_to_memory
from support.pipeline import running
from support.waiting import eventually


@pytest.fixture
async def log(new_database) -> AsyncIterator[OpenLog]:
    async with open_log(await new_database()) as opened:
        yield opened


@pytest.fixture
def registry() -> CollectorRegistry:
    return CollectorRegistry()


async def grow(log: OpenLog, events: int) -> None:
    case = [finding(number) for number in range(events)]
    await log.store.commit(command(), [append(str(new_id()), 0, *case)], b"")


async def test_positions_and_lags_are_what_the_tables_say(log, registry):
    metrics, relay = LogMetrics("findings", registry), RelayMetrics("findings", registry)
    await grow(log, 5)
    await log.sequence_all()
    await grow(log, 2)
    await log.pool.execute(SQL["prepare"], "findings")
    await log.pool.execute(SQL["advance"], "findings", 3)

    await metrics.look(log.pool, relay)

    told = {
        name: registry.get_sample_value(f"stickprov_findings_{name}")
        for name in ("log_position", "sequencer_lag_events", "relay_position", "relay_lag_events")
    }
    assert told == {"log_position": 5, "sequencer_lag_events": 2, "relay_position": 3, "relay_lag_events": 2}


async def test_a_log_that_was_never_published_lags_with_all_it_has(log, registry):
    metrics, relay = LogMetrics("findings", registry), RelayMetrics("findings", registry)
    await grow(log, 4)
    await log.sequence_all()

    await metrics.look(log.pool, relay)

    assert registry.get_sample_value("stickprov_findings_relay_lag_events") == 4


async def test_stored_events_are_counted_by_type_and_a_repeated_command_is_not(log, registry):
    metrics = LogMetrics("findings", registry)
    store = PostgresStore(log.pool, "findings", log.signal, stored=metrics.count)
    given = command()
    for _ in range(2):
        await store.commit(given, [append("review/1", 0, finding(1), finding(2))], b"answer")

    assert (
        registry.get_sample_value("stickprov_findings_events_total", {"type": "stickprov.findings.finding-recorded.v1"})
        == 2
    )


def verification(log: OpenLog, metrics: VerificationMetrics) -> SelfVerification:
    async def verify() -> LogVerification:
        return await TableVerification(log.pool, "findings").run(lambda _stage: None)

    return SelfVerification(verify, metrics, 24.0, first_seconds=0.0)


async def test_a_service_reads_its_log_again_by_itself(log, registry):
    await grow(log, 3)
    await log.sequence_all()

    async def was_read() -> bool:
        return registry.get_sample_value("stickprov_findings_log_verified_events") == 3

    async with running(verification(log, VerificationMetrics("findings", registry)).run()):
        await eventually(was_read)
    assert registry.get_sample_value("stickprov_findings_log_damaged") == 0
    assert registry.get_sample_value("stickprov_findings_log_verified_timestamp_seconds") > 0


async def test_an_event_that_was_changed_behind_its_back_is_an_alarm(log, registry):
    await grow(log, 3)
    await log.sequence_all()
    connection = await asyncpg.connect(log.database.superuser_url)
    await connection.execute("ALTER TABLE ledger DISABLE TRIGGER insert_only")
    await connection.execute("UPDATE ledger SET chain_hash = sha256('other') WHERE position = 2")
    await connection.close()

    with logging_to_memory() as logged:
        found = await verification(log, VerificationMetrics("findings", registry)).once()

    assert found.verdict == "different"
    assert registry.get_sample_value("stickprov_findings_log_damaged") == 1
    [line] = logged.lines("log-damaged")
    assert "position 2" in line["reason"]

"""Traces of events on their way: one span for each recorded trace and stage, whatever the size of the batch."""

from dataclasses import replace
from functools import partial

import asyncpg
import pytest
from aiokafka import AIOKafkaConsumer
from prometheus_client import CollectorRegistry

from stickprov_contracts.topics import FINDINGS_LOG
from stickprov_contracts.tracing.tracing import Origin, Tracing
from stickprov_kernel.inbox.consumer import LogConsumer
from stickprov_kernel.inbox.metrics import InboxMetrics
from stickprov_kernel.inbox.traces import HeardTraces
from stickprov_kernel.log.relay import Relay, RelayMetrics
from stickprov_kernel.log.sequencer import SequencingRun
from stickprov_kernel.log.traces import LogTraces
from stickprov_kernel.tracing import TraceMetrics
from support.collector import Seen, collecting
from support.log import append, command, finding
from support.pipeline import Pipeline, running
from support.waiting import eventually

RECORDED = f"00-{'a' * 32}-b7ad6b7169203331-01"
NOT_RECORDED = f"00-{'b' * 32}-b7ad6b7169203331-00"
EVENTS = 40


@pytest.fixture
def collector():
    with collecting() as found:
        yield found


@pytest.fixture
def tracing(collector):
    found = Tracing(
        Origin("stickprov-trial", "1", "here"), collector.url, 0.0, TraceMetrics("trial", CollectorRegistry())
    )
    found.open()
    yield found
    found.close(5)


async def commit(pipeline: Pipeline, stream: str, events: int, traceparent: str | None) -> None:
    many = append(stream, 0, *(finding(number) for number in range(events)))
    await pipeline.log.store.commit(replace(command(), traceparent=traceparent), [many], b"")


async def sequence(pipeline: Pipeline, traces: LogTraces) -> None:
    connection = await asyncpg.connect(pipeline.log.database.service_url)
    try:
        run = await SequencingRun.begin(connection, pipeline.log.database.service_url, 500, traces)
        while await run.step():
            pass
    finally:
        await connection.close()


def relay(pipeline: Pipeline, traces: LogTraces) -> Relay:
    log = pipeline.log
    metrics = RelayMetrics("test", CollectorRegistry())
    return Relay(
        *(log.database.service_url, "findings", log.reader, log.signal, pipeline.broker.access),
        metrics=metrics,
        traces=traces,
    )


async def test_a_stage_has_one_span_for_the_events_of_one_trace_and_none_for_those_nobody_records(
    pipeline: Pipeline, tracing: Tracing, collector
):
    traces = LogTraces(tracing, "findings")
    pipeline.heard.inbox._traces = HeardTraces(tracing, "findings", "trial")
    consumer = LogConsumer(
        *(pipeline.broker.access, "test", {"findings": pipeline.heard.inbox}),
        InboxMetrics("consumer", CollectorRegistry()),
        reconcile_seconds=3600.0,
        traced=True,
    )
    async with running(consumer.run()):
        await eventually(partial(listening, consumer), what="the consumer's connection")
        await commit(pipeline, "untraced", EVENTS, None)
        await commit(pipeline, "not recorded", EVENTS, NOT_RECORDED)
        await commit(pipeline, "recorded", EVENTS, RECORDED)
        await sequence(pipeline, traces)
        async with running(relay(pipeline, traces).run()):
            await eventually(partial(applied, pipeline), what="the events' application")
    tracing.close(5)

    [placed] = collector.named("sequence findings")
    [sent] = collector.named("send stickprov.findings.log.v1")
    heard = collector.named("process stickprov.findings.log.v1")
    assert {span.trace for span in collector.spans} == {"a" * 32}
    assert placed.parent == sent.parent == "b7ad6b7169203331"
    assert placed.attributes["stickprov.events"] == sent.attributes["messaging.batch.message_count"] == EVENTS
    assert {span.parent for span in heard} == {sent.id}
    assert sum(span.attributes["messaging.batch.message_count"] for span in heard) == EVENTS
    assert await on_the_topic(pipeline, 3 * EVENTS) == [
        *[None] * EVENTS,
        *[NOT_RECORDED] * EVENTS,
        *[place_of(sent)] * EVENTS,
    ]


async def listening(consumer: LogConsumer) -> bool:
    return consumer.connected("findings")


async def applied(pipeline: Pipeline) -> bool:
    return (await pipeline.heard.inbox.state()).position == 3 * EVENTS


def place_of(span: Seen) -> str:
    return f"00-{span.trace}-{span.id}-01"


async def on_the_topic(pipeline: Pipeline, count: int) -> list[str | None]:
    """Return the trace context of each record."""
    async with AIOKafkaConsumer(
        FINDINGS_LOG, bootstrap_servers=pipeline.broker.bootstrap, auto_offset_reset="earliest"
    ) as consumer:
        headers = [dict((await consumer.getone()).headers) for _ in range(count)]
    found = [one.get("traceparent") for one in headers]
    return [None if one is None else one.decode() for one in found]

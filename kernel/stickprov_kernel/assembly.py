"""The parts every service is wired from: its own log, other services' logs, and background work with its health.

What must not break: each part is entered on the caller's exit stack, so that it is closed in the reverse order;
nothing here waits for Kafka or for another service, so a service starts and serves without them.
"""

import asyncio
from collections.abc import AsyncIterator, Coroutine, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Final

import asyncpg
import structlog
from prometheus_client import CollectorRegistry

from stickprov_contracts.topics import Source
from stickprov_kernel.database.pool import open_pool
from stickprov_kernel.http.health import Condition, Health
from stickprov_kernel.inbox.consumer import LogConsumer
from stickprov_kernel.inbox.inbox import Inbox
from stickprov_kernel.inbox.metrics import InboxMetrics
from stickprov_kernel.inbox.protocols import Projection
from stickprov_kernel.log.feed import HttpFeed
from stickprov_kernel.log.postgres import PostgresStore
from stickprov_kernel.log.reader import PostgresLogReader
from stickprov_kernel.log.relay import Relay, RelayMetrics
from stickprov_kernel.log.sequencer import Sequencer
from stickprov_kernel.log.signal import LogSignal
from stickprov_kernel.settings import ServiceSettings

_DRAIN_SECONDS: Final = 2.0

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Foundation:
    """What every part of a service needs: its settings, where to report, and where to be closed."""

    settings: ServiceSettings
    stack: AsyncExitStack
    registry: CollectorRegistry
    health: Health


@dataclass(frozen=True, slots=True)
class OwnLog:
    """A service's own log: append by the store, read by the reader, wake by the signal."""

    store: PostgresStore
    reader: PostgresLogReader
    signal: LogSignal


async def open_database(foundation: Foundation, *, maximum: int = 10) -> asyncpg.Pool:
    """Open the service's database and watch it."""
    pool = await open_pool(foundation.settings.database_url, maximum=maximum)
    foundation.stack.push_async_callback(pool.close)

    async def condition() -> Condition:
        await pool.fetchval("SELECT 1")
        return Condition(ok=True, detail="answers")

    foundation.health.add("database", condition)
    return pool


async def open_log(foundation: Foundation, pool: asyncpg.Pool, source: Source) -> OwnLog:
    """Open the service's own log: sequenced and relayed for as long as the service runs.

    At the end, what is sequenced gets a moment to go out.
    """
    settings, stack, bound = foundation.settings, foundation.stack, foundation.settings.ready_lag
    signal, reader = LogSignal(), PostgresLogReader(pool)
    await stack.enter_async_context(signal.listening(settings.database_url))
    relay = Relay(
        settings.database_url,
        source,
        reader,
        signal,
        settings.kafka_bootstrap,
        metrics=RelayMetrics(source, foundation.registry),
        batch=settings.relay_batch,
    )
    sequencing = await stack.enter_async_context(running(Sequencer(settings.database_url, signal).run(), "sequencer"))
    publishing = await stack.enter_async_context(running(relay.run(), "relay"))
    stack.push_async_callback(relay.drain, _DRAIN_SECONDS)

    async def sequencer_condition() -> Condition:
        return lag_condition(sequencing, await reader.waiting(), bound, "wait for a position")

    async def relay_condition() -> Condition:
        return lag_condition(publishing, relay.lag(), bound, "are not published")

    foundation.health.add("sequencer", sequencer_condition)
    foundation.health.add("relay", relay_condition)
    return OwnLog(PostgresStore(pool, source, signal), reader, signal)


async def hear(
    foundation: Foundation,
    pool: asyncpg.Pool,
    service: str,
    projection: Projection,
    sources: Mapping[Source, str],
) -> dict[Source, Inbox]:
    """Apply other services' logs to a projection, by Kafka and by their feeds.

    Args:
        foundation: settings, exit stack, metrics and health.
        pool: the service's database, with the inbox's tables.
        service: the hearing service's short name; names its consumer group and its metrics.
        projection: what the events change.
        sources: base URL of each source's feed.
    """
    settings, stack = foundation.settings, foundation.stack
    metrics = InboxMetrics(service, foundation.registry)
    inboxes: dict[Source, Inbox] = {}
    for source, url in sources.items():
        feed = await stack.enter_async_context(HttpFeed(url, source, settings.read_service_token))
        inboxes[source] = Inbox(pool, source, projection, feed, metrics)
    consumer = LogConsumer(
        settings.kafka_bootstrap,
        f"stickprov-{service}",
        inboxes,
        metrics,
        reconcile_seconds=settings.reconcile_seconds,
    )
    await stack.enter_async_context(running(consumer.run(), "consumer"))
    for source in inboxes:
        foundation.health.add(f"inbox-{source}", consumer.readiness(source, settings.ready_lag))
    return inboxes


@asynccontextmanager
async def running(work: Coroutine[None, None, None], name: str) -> AsyncIterator[asyncio.Task[None]]:
    """Run something in the background for as long as the block runs; its unexpected end is logged."""
    task = asyncio.create_task(work, name=name)
    task.add_done_callback(_tell_end)
    try:
        yield task
    finally:
        task.cancel()
        await asyncio.wait([task])


def lag_condition(task: asyncio.Task[None], lag: int, bound: int, what: str) -> Condition:
    """Return ready while the work goes on and lags no more than the bound."""
    if task.done():
        return Condition(ok=False, detail="ended; restart the service")
    return Condition(ok=lag <= bound, detail=f"{lag} events {what}")


def _tell_end(task: asyncio.Task[None]) -> None:
    if not task.cancelled() and (error := task.exception()) is not None:
        _log.error("background-work-ended", work=task.get_name(), exc_info=error)

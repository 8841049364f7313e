"""Wires the findings service together: one function makes the application, its lifespan opens and closes what it needs.

What must not break: it starts and serves without Kafka and without the sampler; what it missed meanwhile comes from
the sampler's feed, what it did not publish goes out when the broker is back.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Final

import asyncpg
import structlog
from fastapi import FastAPI
from prometheus_client import CollectorRegistry

from stickprov_findings.adapters.desk import ReviewDesk
from stickprov_findings.adapters.http.queue import queue_router
from stickprov_findings.adapters.http.reviews import review_router
from stickprov_findings.adapters.parts import Parts, PartsReader
from stickprov_findings.adapters.sql.migrations import FOLDERS
from stickprov_findings.adapters.sql.projection import DrawnCases
from stickprov_findings.adapters.sql.queue import CaseQueue
from stickprov_findings.adapters.sql.reviews import Reviews
from stickprov_findings.domain.review.evolve import ReviewEvent
from stickprov_findings.settings import FindingsSettings
from stickprov_kernel.database.migrations import migrate
from stickprov_kernel.database.pool import open_pool
from stickprov_kernel.http.application import create_api
from stickprov_kernel.http.health import Condition, Health
from stickprov_kernel.http.identity import Authenticator, require
from stickprov_kernel.inbox.consumer import LogConsumer
from stickprov_kernel.inbox.inbox import Inbox
from stickprov_kernel.inbox.metrics import InboxMetrics
from stickprov_kernel.log.feed import HttpFeed, feed_router
from stickprov_kernel.log.postgres import PostgresStore
from stickprov_kernel.log.reader import PostgresLogReader
from stickprov_kernel.log.relay import Relay, RelayMetrics
from stickprov_kernel.log.sequencer import Sequencer
from stickprov_kernel.log.signal import LogSignal
from stickprov_kernel.metrics import Metrics, new_registry

_SOURCE: Final = "findings"
_GROUP: Final = "stickprov-findings"
_DRAIN_SECONDS: Final = 2.0
_CONNECTIONS: Final = 20

_log = structlog.get_logger(__name__)


async def migrate_database(settings: FindingsSettings) -> None:
    """Bring the findings database to this release, as its owner."""
    await migrate(settings.migration_database_url or settings.database_url, settings.service_role, FOLDERS)


def create(settings: FindingsSettings) -> FastAPI:
    """Return the application; nothing is opened before its lifespan starts."""
    registry, health = new_registry(), Health()
    running: list[Parts] = []

    def parts() -> Parts:
        return running[0]

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        async with AsyncExitStack() as stack:
            running[:] = [await _open(settings, stack, registry, health)]
            yield

    return create_api(
        service=_SOURCE,
        title="Stickprov findings",
        routers=[queue_router(parts), review_router(parts), feed_router(_SOURCE, PartsReader(parts), require)],
        lifespan=lifespan,
        authenticator=Authenticator.of(settings),
        health=health,
        registry=registry,
    )


async def _open(
    settings: FindingsSettings, stack: AsyncExitStack, registry: CollectorRegistry, health: Health
) -> Parts:
    """Open everything; the stack closes it in the reverse order."""
    pool = await open_pool(settings.database_url, maximum=_CONNECTIONS)
    stack.push_async_callback(pool.close)
    health.add("database", lambda: _database_condition(pool))
    signal, reader = LogSignal(), PostgresLogReader(pool)
    await stack.enter_async_context(signal.listening(settings.database_url))
    await _publish(settings, stack, registry, health, signal, reader)
    await _listen(settings, stack, registry, health, pool)
    reviews = Reviews(pool)
    return Parts(
        desk=ReviewDesk(PostgresStore(pool, _SOURCE, signal), reviews, _counting(registry)),
        queue=CaseQueue(pool),
        reviews=reviews,
        reader=reader,
    )


async def _publish(
    settings: FindingsSettings,
    stack: AsyncExitStack,
    registry: CollectorRegistry,
    health: Health,
    signal: LogSignal,
    reader: PostgresLogReader,
) -> None:
    """Sequence and relay the own log. At the end, what is sequenced gets a moment to go out."""
    relay = Relay(
        settings.database_url,
        _SOURCE,
        reader,
        signal,
        settings.kafka_bootstrap,
        metrics=RelayMetrics(_SOURCE, registry),
        batch=settings.relay_batch,
    )
    sequencing = await stack.enter_async_context(_running(Sequencer(settings.database_url, signal).run(), "sequencer"))
    publishing = await stack.enter_async_context(_running(relay.run(), "relay"))
    stack.push_async_callback(relay.drain, _DRAIN_SECONDS)

    async def sequencer_condition() -> Condition:
        return _condition(sequencing, await reader.waiting(), settings.ready_lag, "wait for a position")

    async def relay_condition() -> Condition:
        return _condition(publishing, relay.lag(), settings.ready_lag, "are not published")

    health.add("sequencer", sequencer_condition)
    health.add("relay", relay_condition)


async def _listen(
    settings: FindingsSettings,
    stack: AsyncExitStack,
    registry: CollectorRegistry,
    health: Health,
    pool: asyncpg.Pool,
) -> None:
    """Hear the sampler's log, by Kafka and by its feed."""
    metrics = InboxMetrics(_SOURCE, registry)
    feed = await stack.enter_async_context(HttpFeed(settings.sampler_url, "sampler", settings.read_service_token))
    inbox = Inbox(pool, "sampler", DrawnCases(), feed, metrics)
    consumer = LogConsumer(
        settings.kafka_bootstrap,
        _GROUP,
        {"sampler": inbox},
        metrics,
        reconcile_seconds=settings.reconcile_seconds,
    )
    hearing = await stack.enter_async_context(_running(consumer.run(), "consumer"))

    async def inbox_condition() -> Condition:
        state = await inbox.state()
        if state.state == "halted":
            return Condition(ok=False, detail=f"the sampler's log is not applied: {state.reason}")
        return _condition(hearing, inbox.lag(), settings.ready_lag, "of the sampler are not applied")

    health.add("inbox", inbox_condition)


def _counting(registry: CollectorRegistry) -> Callable[[ReviewEvent], None]:
    """Return what counts stored events by their name."""
    stored = Metrics(_SOURCE, registry).counter("review_events", "Review events stored, by what happened", ("event",))
    return lambda event: stored.labels(event.name).inc()


@asynccontextmanager
async def _running(work: Coroutine[None, None, None], name: str) -> AsyncIterator[asyncio.Task[None]]:
    """Run something in the background for as long as the block runs."""
    task = asyncio.create_task(work, name=name)
    task.add_done_callback(_tell_end)
    try:
        yield task
    finally:
        task.cancel()
        await asyncio.wait([task])


def _tell_end(task: asyncio.Task[None]) -> None:
    if not task.cancelled() and (error := task.exception()) is not None:
        _log.error("background-work-ended", work=task.get_name(), exc_info=error)


async def _database_condition(pool: asyncpg.Pool) -> Condition:
    await pool.fetchval("SELECT 1")
    return Condition(ok=True, detail="answers")


def _condition(task: asyncio.Task[None], lag: int, bound: int, what: str) -> Condition:
    if task.done():
        return Condition(ok=False, detail="ended; restart the service")
    return Condition(ok=lag <= bound, detail=f"{lag} events {what}")

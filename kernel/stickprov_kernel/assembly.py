"""The parts every service is wired from: its own log, other services' logs, and background work with its health.

What must not break: each part is entered on the service's exit stack, so that it is closed in the reverse order;
nothing here waits for Kafka or for another service, so a service starts and serves without them; background work
that ends by itself, whatever the reason, ends the process.
"""

import asyncio
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from functools import partial
from typing import Final, Generic, TypeVar

import asyncpg
import structlog
from fastapi import FastAPI
from prometheus_client import CollectorRegistry

from stickprov_contracts.serving.certificates import expiry
from stickprov_contracts.topics import Source
from stickprov_contracts.tracing.tracing import Tracing
from stickprov_kernel.database.pool import open_pool
from stickprov_kernel.ending import EndProcess, end_of
from stickprov_kernel.http.health import Condition, Health
from stickprov_kernel.http.identity import Authenticator
from stickprov_kernel.http.issuer_keys import IssuerKeys
from stickprov_kernel.http.keys import Keys
from stickprov_kernel.http.observing import Observations
from stickprov_kernel.inbox.consumer import LogConsumer
from stickprov_kernel.inbox.heard import HeardLogs
from stickprov_kernel.inbox.inbox import Inbox
from stickprov_kernel.inbox.metrics import InboxMetrics
from stickprov_kernel.inbox.protocols import Projection
from stickprov_kernel.inbox.traces import HeardTraces
from stickprov_kernel.log.feed import HttpFeed
from stickprov_kernel.log.guard import TopicGuard
from stickprov_kernel.log.log_metrics import LogMetrics
from stickprov_kernel.log.postgres import PostgresStore
from stickprov_kernel.log.reader import PostgresLogReader
from stickprov_kernel.log.relay import Relay, RelayMetrics
from stickprov_kernel.log.sequencer import Sequencer
from stickprov_kernel.log.signal import LogSignal
from stickprov_kernel.log.traced_store import TracedStore
from stickprov_kernel.log.traces import LogTraces
from stickprov_kernel.metrics import Metrics, new_registry
from stickprov_kernel.service_token import GrantedToken, granted_token
from stickprov_kernel.settings import ServiceSettings
from stickprov_kernel.tracing import FLUSH_SECONDS, tracing_of

_DRAIN_SECONDS: Final = 2.0

_log = structlog.get_logger(__name__)

SettingsT = TypeVar("SettingsT", bound=ServiceSettings)
SettingsT_co = TypeVar("SettingsT_co", bound=ServiceSettings, covariant=True)
PartsT = TypeVar("PartsT")


@dataclass(frozen=True, slots=True)
class Foundation(Generic[SettingsT_co]):
    """What every part of a service needs: its settings, where to report, where to be closed, and how to give up.

    Attributes:
        observations: what is looked up when somebody asks for the metrics.
        service_token: gives the token to ask other services with, as it is now; an ``OSError`` where there is none.
        tracing: what makes spans; None where nothing is traced.
    """

    settings: SettingsT_co
    stack: AsyncExitStack
    registry: CollectorRegistry
    health: Health
    heard: HeardLogs
    end_process: EndProcess
    service_token: Callable[[], str]
    tracing: Tracing | None
    observations: Observations

    @property
    def metrics(self) -> Metrics:
        """What makes the service's metrics."""
        return Metrics(self.settings.service(), self.registry)

    async def keep_running(self, work: Coroutine[None, None, None], name: str) -> asyncio.Task[None]:
        """Run something in the background until the service stops. If it ends before, the process ends."""
        return await self.stack.enter_async_context(running(work, name, self.end_process))


class Assembly(Generic[SettingsT, PartsT]):
    """A service on its way from settings to running parts.

    Routes are built before anything is open; they ask ``parts`` at each request.

    Attributes:
        registry: of the service's metrics.
        health: the conditions of its readiness.
        observations: what is looked up when somebody asks for the metrics.
        heard: the logs that it hears, none until it is open.
        authenticator: checks the callers' tokens.
        tracing: what makes spans; None where nothing is traced.
    """

    def __init__(self, settings: SettingsT, open_parts: Callable[[Foundation[SettingsT]], Awaitable[PartsT]]) -> None:
        """Make the assembly; nothing is opened before its lifespan starts.

        Args:
            settings: the service's.
            open_parts: opens everything on a foundation, whose stack closes it in the reverse order.
        """
        self.registry = new_registry()
        self.health = Health()
        self.observations = Observations(Metrics(settings.service(), self.registry), self.health)
        self.heard = HeardLogs()
        self.authenticator = Authenticator.of(settings)
        self.tracing = tracing_of(settings, self.registry)
        self._settings = settings
        self._open_parts = open_parts
        self._running: list[PartsT] = []

    def parts(self) -> PartsT:
        """Return what is open; only while the lifespan lasts."""
        return self._running[0]

    @asynccontextmanager
    async def lifespan(self, app: FastAPI) -> AsyncIterator[None]:
        """Open the parts, and close them at the end."""
        async with AsyncExitStack() as stack:
            await _open_tracing(self.tracing, stack)
            granted = granted_token(self._settings)
            foundation = Foundation(
                self._settings,
                stack,
                self.registry,
                self.health,
                self.heard,
                end_of(app),
                granted or self._settings.read_service_token,
                self.tracing,
                self.observations,
            )
            _watch_certificates(foundation)
            await _ask_issuer(foundation, self.authenticator.keys, granted)
            self._running[:] = [await self._open_parts(foundation)]
            yield


async def _open_tracing(tracing: Tracing | None, stack: AsyncExitStack) -> None:
    """Open it before everything, so that what the rest does at its end is sent too."""
    if tracing is not None:
        # Loading the library takes a fifth of a second.
        await asyncio.to_thread(tracing.open)
        stack.push_async_callback(asyncio.to_thread, tracing.close, FLUSH_SECONDS)


def _watch_certificates(foundation: Foundation[ServiceSettings]) -> None:
    """Tell when the certificates expire by which servers are believed; their files may be replaced any time."""
    expires = foundation.metrics.gauge(
        "certificate_expires_timestamp_seconds",
        "When a certificate expires, 0 if its file is unreadable",
        ("certificate",),
    )
    for name, path in foundation.settings.authorities.items():
        expires.labels(name).set_function(partial(expiry, path))


async def _ask_issuer(foundation: Foundation[ServiceSettings], keys: Keys, granted: GrantedToken | None) -> None:
    """Keep what the issuer is asked for fresh; nobody waits for it."""
    if isinstance(keys, IssuerKeys):

        async def condition() -> Condition:
            return Condition(*keys.state())

        fetched = foundation.metrics.gauge(
            "sign_in_keys_timestamp_seconds", "When the issuer last gave its keys, 0 for never"
        )

        async def look() -> None:
            fetched.set(keys.fetched)

        foundation.observations.add("sign-in-keys", look)
        await foundation.keep_running(keys.run(), "issuer-keys")
        foundation.health.add("sign-in", condition)
    if granted is not None:
        await foundation.keep_running(granted.run(), "service-token")
        foundation.health.add("service-token", granted.condition)


@dataclass(frozen=True, slots=True)
class OwnLog:
    """A service's own log: append by the store, read by the reader, wake by the signal."""

    store: PostgresStore
    reader: PostgresLogReader
    signal: LogSignal


async def open_database(foundation: Foundation[ServiceSettings], *, maximum: int = 10) -> asyncpg.Pool:
    """Open the service's database and watch it."""
    pool = await open_pool(foundation.settings.database_url, maximum=maximum)
    foundation.stack.push_async_callback(pool.close)

    async def condition() -> Condition:
        await pool.fetchval("SELECT 1")
        return Condition(ok=True, detail="answers")

    foundation.health.add("database", condition)
    _watch_connections(foundation, pool)
    return pool


def _watch_connections(foundation: Foundation[ServiceSettings], pool: asyncpg.Pool) -> None:
    most = foundation.metrics.gauge(
        "database_connections_most", "Database connections that requests and work may share"
    )
    used = foundation.metrics.gauge("database_connections_used", "Database connections that somebody works with")

    async def look() -> None:
        most.set(pool.get_max_size())
        used.set(pool.get_size() - pool.get_idle_size())

    foundation.observations.add("database-connections", look)


async def open_log(foundation: Foundation[ServiceSettings], pool: asyncpg.Pool, source: Source) -> OwnLog:
    """Open the service's own log: sequenced and relayed for as long as the service runs.

    At the end, what is sequenced gets a moment to go out.
    """
    settings, stack, bound = foundation.settings, foundation.stack, foundation.settings.ready_lag
    signal, reader = LogSignal(), PostgresLogReader(pool)
    await stack.enter_async_context(signal.listening(settings.database_url))
    guard = TopicGuard(source, reader, settings.kafka, foundation.registry)
    traces = None if foundation.tracing is None else LogTraces(foundation.tracing, source)
    metrics, relaying = LogMetrics(source, foundation.registry), RelayMetrics(source, foundation.registry)
    relay = Relay(
        settings.database_url,
        source,
        reader,
        signal,
        settings.kafka,
        metrics=relaying,
        batch=settings.relay_batch,
        guard=guard,
        traces=traces,
    )
    await foundation.keep_running(guard.watch(), "topic-guard")
    sequencer = Sequencer(settings.database_url, signal, allowed=guard.allowed, traces=traces)
    sequencing = await foundation.keep_running(sequencer.run(), "sequencer")
    publishing = await foundation.keep_running(relay.run(), "relay")
    stack.push_async_callback(relay.drain, _DRAIN_SECONDS)

    async def sequencer_condition() -> Condition:
        return lag_condition(sequencing, await reader.waiting(), bound, "wait for a position")

    async def relay_condition() -> Condition:
        condition = lag_condition(publishing, relay.lag(), bound, "are not published")
        trouble = relay.trouble()
        return condition if trouble is None else replace(condition, detail=f"{condition.detail}; {trouble}")

    async def look() -> None:
        await metrics.look(pool, relaying)

    foundation.observations.add("log", look)
    foundation.health.add("log", guard.condition)
    foundation.health.add("sequencer", sequencer_condition)
    foundation.health.add("relay", relay_condition)
    store = PostgresStore if traces is None else partial(TracedStore, traces)
    return OwnLog(store(pool, source, signal, guard.admit, metrics.count), reader, signal)


async def hear(
    foundation: Foundation[ServiceSettings],
    pool: asyncpg.Pool,
    service: str,
    projection: Projection,
    sources: Mapping[Source, str],
) -> None:
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
        feed = await stack.enter_async_context(HttpFeed(url, source, foundation.service_token))
        traces = None if foundation.tracing is None else HeardTraces(foundation.tracing, source, service)
        inboxes[source] = Inbox(pool, source, projection, feed, metrics, traces)
        # The routes ask for states, which the consumer may not have had the time to make.
        await inboxes[source].prepare()
    foundation.heard.begin(inboxes)
    consumer = LogConsumer(
        settings.kafka,
        f"stickprov-{service}",
        inboxes,
        metrics,
        reconcile_seconds=settings.reconcile_seconds,
        instance=f"{socket.gethostname()}-{settings.http_port}",
        traced=foundation.tracing is not None,
    )
    await foundation.keep_running(consumer.run(), "consumer")
    for source in inboxes:
        foundation.health.add(f"inbox-{source}", consumer.readiness(source, settings.ready_lag))


@asynccontextmanager
async def running(
    work: Coroutine[None, None, None], name: str, end_process: EndProcess
) -> AsyncIterator[asyncio.Task[None]]:
    """Run something in the background for as long as the block runs. If it ends before, so does the process."""
    task = asyncio.create_task(work, name=name)

    def ended(_task: asyncio.Task[None]) -> None:
        error = None if task.cancelled() else task.exception()
        _log.critical("background-work-ended", work=name, exc_info=error)
        end_process()

    task.add_done_callback(ended)
    try:
        yield task
    finally:
        task.remove_done_callback(ended)
        task.cancel()
        await asyncio.wait([task])


def lag_condition(task: asyncio.Task[None], lag: int, bound: int, what: str) -> Condition:
    """Return ready while the work goes on and lags no more than the bound."""
    if task.done():
        return Condition(ok=False, detail="ended; the process ends too")
    return Condition(ok=lag <= bound, detail=f"{lag} events {what}")

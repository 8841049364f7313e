"""Wires the sampler together: one function makes the application, its lifespan opens and closes what it needs.

What must not break: it starts and serves without Kafka; the relay publishes what it missed when the broker is back.
"""

import asyncio
from collections.abc import AsyncIterator, Coroutine
from contextlib import AsyncExitStack, asynccontextmanager
from importlib.resources import files
from pathlib import Path
from typing import Final

import structlog
from fastapi import FastAPI
from prometheus_client import CollectorRegistry

from stickprov_kernel.database.migrations import LOG, MigrationFolder, migrate
from stickprov_kernel.database.pool import open_pool
from stickprov_kernel.http.application import create_api
from stickprov_kernel.http.health import Condition, Health
from stickprov_kernel.http.identity import Authenticator, require
from stickprov_kernel.http.keys import KeyFile
from stickprov_kernel.log.feed import feed_router
from stickprov_kernel.log.postgres import PostgresStore
from stickprov_kernel.log.reader import PostgresLogReader
from stickprov_kernel.log.relay import Relay, RelayMetrics
from stickprov_kernel.log.sequencer import Sequencer
from stickprov_kernel.log.signal import LogSignal
from stickprov_kernel.metrics import new_registry
from stickprov_sampler.adapters import sql
from stickprov_sampler.adapters.defining import Defining
from stickprov_sampler.adapters.draws.drawing import Drawing
from stickprov_sampler.adapters.draws.sampling import Sampling
from stickprov_sampler.adapters.draws.verifying import Verifying
from stickprov_sampler.adapters.frames.freezing import Freezing
from stickprov_sampler.adapters.http.control_points import control_points_router
from stickprov_sampler.adapters.http.draws import draws_router
from stickprov_sampler.adapters.http.frames import frames_router
from stickprov_sampler.adapters.parts import Parts, PartsReader
from stickprov_sampler.adapters.sql.lists import Lists
from stickprov_sampler.adapters.workspace import sweep
from stickprov_sampler.settings import SamplerSettings

SAMPLER: Final = MigrationFolder("sampler", files(sql).joinpath("migrations"))

_SOURCE: Final = "sampler"
_DRAIN_SECONDS: Final = 2.0
_FORM_BYTES: Final = 1_000_000
"""What a form needs beside its file."""

_log = structlog.get_logger(__name__)


async def migrate_database(settings: SamplerSettings) -> None:
    """Bring the sampler's database to this release, as its owner."""
    dsn = settings.migration_database_url or settings.database_url
    await migrate(dsn, settings.service_role, [LOG, SAMPLER])


def create(settings: SamplerSettings) -> FastAPI:
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
        title="Stickprov sampler",
        routers=[
            control_points_router(parts),
            frames_router(parts),
            draws_router(parts),
            feed_router(_SOURCE, PartsReader(parts), require),
        ],
        lifespan=lifespan,
        authenticator=Authenticator(
            KeyFile(settings.token_keys), settings.token_issuer, settings.token_audience, settings.staff_key_bytes
        ),
        health=health,
        registry=registry,
        body_limits={"/v1/frames": settings.upload_limit + _FORM_BYTES},
    )


async def _open(settings: SamplerSettings, stack: AsyncExitStack, registry: CollectorRegistry, health: Health) -> Parts:
    """Open everything; the stack closes it in the reverse order."""
    frame_folder, vault_folder = settings.frame_folder.absolute(), settings.vault_folder.absolute()
    for folder in (frame_folder, vault_folder):
        await asyncio.to_thread(_prepare, folder)
    pool = await open_pool(settings.database_url)
    stack.push_async_callback(pool.close)
    signal = LogSignal()
    await stack.enter_async_context(signal.listening(settings.database_url))
    store, reader = PostgresStore(pool, _SOURCE, signal), PostgresLogReader(pool)
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
    sampling = Sampling(frame_folder, settings.engine_memory)
    return Parts(
        store=store,
        reader=reader,
        lists=Lists(pool),
        defining=Defining(store),
        freezing=Freezing(store, frame_folder, vault_folder, settings.staff_key_bytes, settings.engine_memory),
        drawing=Drawing(store, reader, signal, sampling, frame_folder, vault_folder),
        verifying=Verifying(store, reader, sampling, frame_folder),
    )


def _prepare(folder: Path) -> None:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    swept = sweep(folder)
    if swept:
        _log.info("workspaces-swept", count=swept)


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


def _condition(task: asyncio.Task[None], lag: int, bound: int, what: str) -> Condition:
    if task.done():
        return Condition(ok=False, detail="ended; restart the service")
    return Condition(ok=lag <= bound, detail=f"{lag} events {what}")

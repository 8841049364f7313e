"""Wires reporting together: one function makes the application, its lifespan opens and closes what it needs.

What must not break: it starts and serves without Kafka and without the other services; what it missed meanwhile
comes from their feeds. It owns no facts, so it has no log of its own.
"""

from typing import Final

from fastapi import FastAPI

from stickprov_contracts.topics import Source
from stickprov_kernel.assembly import Assembly, Foundation, hear, open_database
from stickprov_kernel.database.migrations import migrate
from stickprov_kernel.http.application import create_api
from stickprov_kernel.http.rate_limit import Allowances
from stickprov_kernel.inbox.routes import heard_logs_router
from stickprov_kernel.log.feed import HttpFeed
from stickprov_reporting.adapters.generations import Generations
from stickprov_reporting.adapters.http.audit import audit_router
from stickprov_reporting.adapters.http.cases import cases_router
from stickprov_reporting.adapters.http.copies import copies_router
from stickprov_reporting.adapters.http.dashboard import dashboard_router
from stickprov_reporting.adapters.http.projection import projection_router
from stickprov_reporting.adapters.http.register import register_router
from stickprov_reporting.adapters.http.reports import report_router
from stickprov_reporting.adapters.http.statistics import statistics_router
from stickprov_reporting.adapters.http.trail import trail_router
from stickprov_reporting.adapters.http.trends import trends_router
from stickprov_reporting.adapters.measuring import Durations, Progress, TimedProjection
from stickprov_reporting.adapters.news import News
from stickprov_reporting.adapters.parts import Parts
from stickprov_reporting.adapters.readings import Readings
from stickprov_reporting.adapters.reports.making import ReportMaker
from stickprov_reporting.adapters.reports.roots import Roots
from stickprov_reporting.adapters.reports.texts import FindingsTexts
from stickprov_reporting.adapters.sources import HttpSource
from stickprov_reporting.adapters.sql.migrations import FOLDERS
from stickprov_reporting.adapters.sql.projection import StatisticsProjection
from stickprov_reporting.adapters.sql.replay import Replayer
from stickprov_reporting.adapters.sql.serving_copies import Copies
from stickprov_reporting.adapters.standing_gauges import StandingGauges
from stickprov_reporting.adapters.trails import Trails
from stickprov_reporting.settings import ReportingSettings

_SERVICE: Final = "reporting"


async def migrate_database(settings: ReportingSettings) -> None:
    """Bring the reporting database to this release, as its owner."""
    await migrate(settings.migration_database_url or settings.database_url, settings.service_role, FOLDERS)


def create(settings: ReportingSettings) -> FastAPI:
    """Return the application; nothing is opened before its lifespan starts."""

    async def open_parts(foundation: Foundation[ReportingSettings]) -> Parts:
        return await _open(foundation, durations, progress)

    service = Assembly(settings, open_parts)
    parts, durations = service.parts, Durations(_SERVICE, service.registry)
    progress = Progress(_SERVICE, service.registry)
    return create_api(
        service=_SERVICE,
        title="Stickprov reporting",
        routers=[
            statistics_router(parts, durations),
            trends_router(parts),
            dashboard_router(parts),
            cases_router(parts),
            register_router(parts),
            projection_router(parts),
            report_router(parts, durations),
            audit_router(parts, durations),
            trail_router(parts),
            copies_router(parts),
            heard_logs_router(service.heard),
        ],
        lifespan=service.lifespan,
        authenticator=service.authenticator,
        allowances=Allowances.of(settings),
        health=service.health,
        registry=service.registry,
        tracing=service.tracing,
        observations=service.observations,
    )


async def _open(foundation: Foundation[ReportingSettings], durations: Durations, progress: Progress) -> Parts:
    """Open everything; the stack closes it in the reverse order."""
    settings = foundation.settings
    pool = await open_database(foundation)
    urls: dict[Source, str] = {"sampler": settings.sampler_url, "findings": settings.findings_url}
    feeds = {
        source: await foundation.stack.enter_async_context(HttpFeed(url, source, foundation.service_token))
        for source, url in urls.items()
    }
    audited = {
        source: await foundation.stack.enter_async_context(HttpSource(url, source, foundation.service_token))
        for source, url in urls.items()
    }
    projection = TimedProjection(StatisticsProjection(), durations)
    generations = Generations(pool, settings.database_url, progress)
    await generations.begin()
    trails = Trails(pool)
    await trails.begin()
    await hear(foundation, pool, _SERVICE, projection, urls)
    await foundation.keep_running(generations.run(), "rebuild")
    await foundation.keep_running(trails.run(), "trail")
    readings, roots = Readings(pool, trails), Roots(pool)
    _observe(foundation, trails, readings)
    texts = await foundation.stack.enter_async_context(FindingsTexts(settings.findings_url, foundation.service_token))
    return Parts(
        readings=readings,
        replayer=Replayer(pool, feeds, readings.turn, audited, settings.read_trusted_keys),
        generations=generations,
        news=News(pool),
        reports=ReportMaker(readings, roots, texts),
        copies=Copies(pool, roots),
        trails=trails,
    )


def _observe(foundation: Foundation[ReportingSettings], trails: Trails, readings: Readings) -> None:
    left = foundation.metrics.gauge("trail_lag_events", "Events applied that are not in the trail yet")
    standing = StandingGauges(_SERVICE, foundation.registry)

    async def look_at_trail() -> None:
        left.set(await trails.left())

    async def look_at_standing() -> None:
        await standing.look(readings)

    foundation.observations.add("trail", look_at_trail)
    foundation.observations.add("standing", look_at_standing)

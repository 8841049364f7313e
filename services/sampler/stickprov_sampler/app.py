"""Wires the sampler together: one function makes the application, its lifespan opens and closes what it needs.

What must not break: it starts and serves without Kafka; the relay publishes what it missed when the broker is back.
"""

import asyncio
from importlib.resources import files
from pathlib import Path
from typing import Final

import structlog
from fastapi import FastAPI

from stickprov_kernel.assembly import Assembly, Foundation, open_database, open_log
from stickprov_kernel.database.migrations import LOG, MigrationFolder, migrate
from stickprov_kernel.http.application import create_api
from stickprov_kernel.http.identity import require
from stickprov_kernel.http.rate_limit import Allowances
from stickprov_kernel.log.auditing import open_audit
from stickprov_kernel.log.checkpoint_routes import checkpoints_router
from stickprov_kernel.log.feed import feed_router
from stickprov_kernel.log.proof_routes import proofs_router
from stickprov_kernel.log.reader import LaterReader
from stickprov_kernel.sealing.rotation import keep_rotating
from stickprov_sampler.adapters import sql
from stickprov_sampler.adapters.defining import Defining
from stickprov_sampler.adapters.disk_gauges import watch_disks
from stickprov_sampler.adapters.draws.continuing import Continuing
from stickprov_sampler.adapters.draws.drawing import Drawing
from stickprov_sampler.adapters.draws.previewing import Previewing
from stickprov_sampler.adapters.draws.sampling import Sampling
from stickprov_sampler.adapters.draws.seeds import Seeds
from stickprov_sampler.adapters.draws.verifying import Verifying
from stickprov_sampler.adapters.erasing.wiring import open_erasures
from stickprov_sampler.adapters.frames.freezing import Freezing
from stickprov_sampler.adapters.frames.identity_files import IdentityFiles
from stickprov_sampler.adapters.http.case_numbers import case_numbers_router
from stickprov_sampler.adapters.http.control_points import control_points_router
from stickprov_sampler.adapters.http.draw_steps import draw_steps_router
from stickprov_sampler.adapters.http.draws import draws_router
from stickprov_sampler.adapters.http.erasures import erasures_router, holds_router, retentions_router
from stickprov_sampler.adapters.http.frames import frames_router
from stickprov_sampler.adapters.http.identities import identities_router
from stickprov_sampler.adapters.http.measures import measures_router
from stickprov_sampler.adapters.http.notices import notices_router
from stickprov_sampler.adapters.http.planner import planner_router
from stickprov_sampler.adapters.http.plans import lineage_router, plans_router, questionnaires_router, staff_router
from stickprov_sampler.adapters.http.protections import protections_router
from stickprov_sampler.adapters.http.schedules import schedules_router
from stickprov_sampler.adapters.identities.finding import FindingCases
from stickprov_sampler.adapters.identities.permission import Permission, findings_at
from stickprov_sampler.adapters.identities.showing import ShowingIdentities
from stickprov_sampler.adapters.measures.counting import Counting
from stickprov_sampler.adapters.measures.measuring import Measuring
from stickprov_sampler.adapters.moving import Moving
from stickprov_sampler.adapters.notices.mail import MailServer
from stickprov_sampler.adapters.notices.sending import Sending
from stickprov_sampler.adapters.parts import Parts
from stickprov_sampler.adapters.plans.adopting import Adopting
from stickprov_sampler.adapters.plans.keeping import Keeping
from stickprov_sampler.adapters.plans.reading import PlanLog
from stickprov_sampler.adapters.plans.showing import Showing
from stickprov_sampler.adapters.protections import Protecting
from stickprov_sampler.adapters.scheduling import Scheduling
from stickprov_sampler.adapters.sql.lists import Lists
from stickprov_sampler.adapters.sql.series import SeriesKeys
from stickprov_sampler.adapters.sql.vault import SEALED
from stickprov_sampler.adapters.workspace import sweep
from stickprov_sampler.settings import SamplerSettings

SAMPLER: Final = MigrationFolder("sampler", files(sql).joinpath("migrations"))

_SOURCE: Final = "sampler"
_FORM_BYTES: Final = 1_000_000
"""What a form needs beside its file."""

_log = structlog.get_logger(__name__)


async def migrate_database(settings: SamplerSettings) -> None:
    """Bring the sampler's database to this release, as its owner."""
    dsn = settings.migration_database_url or settings.database_url
    await migrate(dsn, settings.service_role, [LOG, SAMPLER])


def create(settings: SamplerSettings) -> FastAPI:
    """Return the application; nothing is opened before its lifespan starts."""
    service = Assembly(settings, _open)
    parts = service.parts
    return create_api(
        service=_SOURCE,
        title="Stickprov sampler",
        routers=[
            control_points_router(parts),
            lineage_router(parts),
            plans_router(parts),
            questionnaires_router(parts),
            staff_router(parts),
            frames_router(parts),
            draws_router(parts),
            draw_steps_router(parts),
            identities_router(parts),
            case_numbers_router(parts),
            protections_router(parts),
            notices_router(parts),
            retentions_router(parts),
            holds_router(parts),
            erasures_router(parts),
            planner_router(),
            measures_router(parts),
            schedules_router(parts),
            feed_router(_SOURCE, LaterReader(lambda: parts().reader), require),
            proofs_router(_SOURCE, lambda: parts().audit),
            checkpoints_router(_SOURCE, settings.checkpoint_origin, lambda: parts().audit),
        ],
        lifespan=service.lifespan,
        authenticator=service.authenticator,
        allowances=Allowances.of(settings),
        health=service.health,
        registry=service.registry,
        tracing=service.tracing,
        observations=service.observations,
        body_limits={"/v1/frames": settings.upload_limit + _FORM_BYTES},
    )


async def _open(foundation: Foundation[SamplerSettings]) -> Parts:
    """Open everything; the stack closes it in the reverse order."""
    settings = foundation.settings
    frame_folder, vault_folder = settings.frame_folder.absolute(), settings.vault_folder.absolute()
    for folder in (frame_folder, vault_folder):
        await asyncio.to_thread(_prepare, folder)
    watch_disks(foundation, {"frames": frame_folder, "vault": vault_folder})
    pool = await open_database(foundation)
    log = await open_log(foundation, pool, _SOURCE)
    audit = await open_audit(foundation, pool, log, _SOURCE)
    sealing = settings.sealing
    await Moving(pool, sealing, vault_folder, settings.staff_key_bytes).move()
    erasures = await open_erasures(foundation, log.store, pool, sealing, vault_folder)
    await keep_rotating(foundation, _SOURCE, pool, sealing, SEALED)
    plan_log = PlanLog(pool, sealing)
    sampling = Sampling(frame_folder, settings.engine_memory)
    lists, seeds, keys = Lists(pool), Seeds(log.store, pool, sealing), SeriesKeys(pool, sealing)
    identity_files = IdentityFiles(pool, sealing, vault_folder)
    drawing = Drawing(log.store, log.reader, log.signal, sampling, seeds, lists, frame_folder, identity_files)
    identities = ShowingIdentities(log.store, pool, sealing, _permission(foundation))
    return Parts(
        store=log.store,
        reader=log.reader,
        audit=audit,
        pool=pool,
        sealing=sealing,
        lists=lists,
        defining=Defining(log.store),
        adopting=Adopting(log.store, plan_log, sealing),
        showing=Showing(plan_log),
        keeping=Keeping(log.store, plan_log, sealing, settings.staff_key_bytes, audit.checkpointing.period_closed),
        freezing=Freezing(
            log.store, keys, sealing, frame_folder, vault_folder, settings.staff_key_bytes, settings.engine_memory
        ),
        drawing=drawing,
        continuing=Continuing(log.store, log.reader, drawing, seeds),
        previewing=Previewing(log.store, lists, drawing, sampling),
        verifying=Verifying(log.store, log.reader, pool, sampling, frame_folder),
        measuring=Measuring(log.store, log.reader, Counting(frame_folder, settings.engine_memory), frame_folder),
        scheduling=Scheduling(log.store, Lists(pool)),
        identities=identities,
        finding=FindingCases(identities, lists, keys),
        protecting=Protecting(log.store, pool),
        sending=Sending(log.store, plan_log, _mail_server(settings), settings.notice_queue, settings.notice_language),
        erasures=erasures,
    )


def _prepare(folder: Path) -> None:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    swept = sweep(folder)
    if swept:
        _log.info("workspaces-swept", count=swept)


def _permission(foundation: Foundation[SamplerSettings]) -> Permission:
    if foundation.settings.findings_url is None:
        return Permission(None)
    client = findings_at(foundation.settings.findings_url)
    foundation.stack.push_async_callback(client.aclose)
    return Permission(client)


def _mail_server(settings: SamplerSettings) -> MailServer | None:
    if settings.smtp_host is None:
        return None
    return MailServer(
        host=settings.smtp_host,
        port=settings.smtp_port,
        security=settings.smtp_security,
        sender=settings.smtp_sender,
        user=settings.smtp_user,
        password_file=settings.smtp_password_file,
    )

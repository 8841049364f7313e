"""Wires the findings service together: one function makes the application, its lifespan opens and closes what it needs.

What must not break: it starts and serves without Kafka and without the sampler; what it missed meanwhile comes from
the sampler's feed, what it did not publish goes out when the broker is back.
"""

from collections.abc import Callable
from typing import Final

import asyncpg
from fastapi import FastAPI
from prometheus_client import CollectorRegistry

from stickprov_findings.adapters.assigning import AssignmentDesk
from stickprov_findings.adapters.desk import ReviewDesk
from stickprov_findings.adapters.follow_ups import FollowUpDesk
from stickprov_findings.adapters.hearing_closings import HearingClosings
from stickprov_findings.adapters.hearing_erasures import HearingErasures, erase_again
from stickprov_findings.adapters.http.assignments import assignments_router
from stickprov_findings.adapters.http.disagreements import disagreements_router
from stickprov_findings.adapters.http.erased_texts import erased_texts_router
from stickprov_findings.adapters.http.follow_ups import action_router, conclusion_router, plan_status_router
from stickprov_findings.adapters.http.imports import IMPORT_LIMIT, IMPORT_PATH, import_router
from stickprov_findings.adapters.http.notes import notes_router
from stickprov_findings.adapters.http.permission import permission_router
from stickprov_findings.adapters.http.progress import progress_router
from stickprov_findings.adapters.http.queue import queue_router
from stickprov_findings.adapters.http.reviews import review_router
from stickprov_findings.adapters.importing import FindingsImport
from stickprov_findings.adapters.moving import seal_what_is_clear
from stickprov_findings.adapters.parts import Parts
from stickprov_findings.adapters.protections import Protections, asking, sampler_at
from stickprov_findings.adapters.sql.assignments import AssignedCases
from stickprov_findings.adapters.sql.drafts import DRAFTS, Drafts
from stickprov_findings.adapters.sql.folding import fold_anew
from stickprov_findings.adapters.sql.follow_ups import FollowUpReader
from stickprov_findings.adapters.sql.migrations import FOLDERS
from stickprov_findings.adapters.sql.my_findings import MyFindingsReader
from stickprov_findings.adapters.sql.progress import ProgressReader
from stickprov_findings.adapters.sql.projection import DrawnCases
from stickprov_findings.adapters.sql.questionnaires import Questionnaires
from stickprov_findings.adapters.sql.queue import CaseQueue
from stickprov_findings.adapters.sql.reviews import Reviews
from stickprov_findings.adapters.sweeping import DraftSweep
from stickprov_findings.domain.review.status import ReviewEvent
from stickprov_findings.settings import FindingsSettings
from stickprov_kernel.assembly import Assembly, Foundation, hear, open_database, open_log
from stickprov_kernel.database.migrations import migrate
from stickprov_kernel.http.application import create_api
from stickprov_kernel.http.identity import require
from stickprov_kernel.http.rate_limit import Allowances
from stickprov_kernel.inbox.routes import heard_logs_router
from stickprov_kernel.log.auditing import open_audit
from stickprov_kernel.log.checkpoint_routes import checkpoints_router
from stickprov_kernel.log.feed import feed_router
from stickprov_kernel.log.proof_routes import proofs_router
from stickprov_kernel.log.reader import LaterReader
from stickprov_kernel.metrics import Metrics
from stickprov_kernel.notes.keeping import NOTES
from stickprov_kernel.sealing.rotation import keep_rotating

_SOURCE: Final = "findings"
_CONNECTIONS: Final = 20


async def migrate_database(settings: FindingsSettings) -> None:
    """Bring the findings database to this release, as its owner."""
    await migrate(settings.migration_database_url or settings.database_url, settings.service_role, FOLDERS)


def create(settings: FindingsSettings) -> FastAPI:
    """Return the application; nothing is opened before its lifespan starts."""
    service = Assembly(settings, _open)
    parts = service.parts
    return create_api(
        service=_SOURCE,
        title="Stickprov findings",
        routers=[
            assignments_router(parts),
            permission_router(parts),
            progress_router(parts),
            queue_router(parts),
            review_router(parts),
            import_router(parts),
            disagreements_router(parts),
            conclusion_router(parts),
            action_router(parts),
            plan_status_router(parts),
            notes_router(parts),
            erased_texts_router(parts),
            heard_logs_router(service.heard),
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
        body_limits={IMPORT_PATH: IMPORT_LIMIT},
    )


async def _open(foundation: Foundation[FindingsSettings]) -> Parts:
    """Open everything; the stack closes it in the reverse order."""
    pool = await open_database(foundation, maximum=_CONNECTIONS)
    sealing = foundation.settings.sealing
    await seal_what_is_clear(pool, sealing)
    await keep_rotating(foundation, _SOURCE, pool, sealing, [NOTES, DRAFTS])
    await fold_anew(pool)
    log = await open_log(foundation, pool, _SOURCE)
    audit = await open_audit(foundation, pool, log, _SOURCE)
    async with pool.acquire() as connection:
        await erase_again(connection)
    projection = HearingErasures(HearingClosings(DrawnCases(), audit.checkpointing.period_closed), log.store)
    await hear(foundation, pool, _SOURCE, projection, {"sampler": foundation.settings.sampler_url})
    protections = _protections(foundation, pool)
    reviews = Reviews(pool, sealing, Questionnaires(pool), protections)
    progress = ProgressReader(pool)
    stored = _counting(foundation.registry)
    drafts = Drafts(pool, sealing)
    await foundation.keep_running(_sweep_of(foundation, drafts).run(), "draft-sweep")
    return Parts(
        assigning=AssignmentDesk(log.store, sealing, AssignedCases(pool, protections), progress),
        progress=progress,
        desk=ReviewDesk(log.store, sealing, reviews, stored),
        queue=CaseQueue(pool, protections),
        reviews=reviews,
        drafts=drafts,
        reader=log.reader,
        audit=audit,
        follow_ups=FollowUpDesk(log.store, sealing, FollowUpReader(pool, sealing)),
        imports=FindingsImport(log.store, sealing, reviews, pool, protections, stored),
        my_findings=MyFindingsReader(pool, protections),
        protections=protections,
        notes=pool,
        sealing=sealing,
    )


def _protections(foundation: Foundation[FindingsSettings], pool: asyncpg.Pool) -> Protections:
    client = sampler_at(foundation.settings.sampler_url)
    foundation.stack.push_async_callback(client.aclose)
    return Protections(pool, asking(client, foundation.service_token))


def _sweep_of(foundation: Foundation[FindingsSettings], drafts: Drafts) -> DraftSweep:
    swept = Metrics(_SOURCE, foundation.registry).counter("drafts_swept", "Drafts deleted because of their age")
    return DraftSweep(drafts, foundation.settings.draft_days, swept.inc)


def _counting(registry: CollectorRegistry) -> Callable[[ReviewEvent], None]:
    """Return what counts stored events by their name."""
    stored = Metrics(_SOURCE, registry).counter("review_events", "Review events stored, by what happened", ("event",))
    return lambda event: stored.labels(event.name).inc()

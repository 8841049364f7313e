"""Puts the parts of erasing together, and starts the job that erases what is due.

What must not break: what the log says is erased is gone before the service takes its first request.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import asyncpg
import structlog
from prometheus_client import CollectorRegistry

from stickprov_contracts.http.erasure import CarriedOut, DueErasure
from stickprov_kernel.assembly import Foundation
from stickprov_kernel.log.store import EventStore
from stickprov_kernel.metrics import Metrics
from stickprov_kernel.sealing.sealing import Sealing
from stickprov_sampler.adapters.erasing.again import erase_again
from stickprov_sampler.adapters.erasing.deciding import Deciding
from stickprov_sampler.adapters.erasing.erasing import Erasing
from stickprov_sampler.adapters.erasing.forgetting import Forgetting
from stickprov_sampler.adapters.erasing.job import ErasureJob
from stickprov_sampler.adapters.erasing.people import People
from stickprov_sampler.adapters.erasing.reading import ErasureReader
from stickprov_sampler.adapters.erasing.taking import Taking
from stickprov_sampler.adapters.erasing.telling import Telling
from stickprov_sampler.adapters.frames.forgetting import ForgettingFiles
from stickprov_sampler.adapters.frames.identity_files import IdentityFiles
from stickprov_sampler.adapters.sql.lists import Lists
from stickprov_sampler.adapters.sql.series import SeriesKeys
from stickprov_sampler.settings import SamplerSettings

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Erasures:
    """What the routes of erasure work with."""

    deciding: Deciding
    erasing: Erasing
    telling: Telling


async def open_erasures(
    foundation: Foundation[SamplerSettings], store: EventStore, pool: asyncpg.Pool, sealing: Sealing, vault_folder: Path
) -> Erasures:
    """Erase again what must not be there, and return the parts; the job runs until the service stops."""
    await erase_again(pool, vault_folder)
    settings, reader = foundation.settings, ErasureReader(pool)
    taking = Taking(store, pool, reader, vault_folder)
    files = ForgettingFiles(IdentityFiles(pool, sealing, vault_folder), settings.engine_memory)
    forgetting = Forgetting(store, pool, reader, files)
    if again := await forgetting.again():
        _log.warning("forgotten-again", count=again)
    people = People(pool, sealing, SeriesKeys(pool, sealing), forgetting)
    erased, stands = _metrics(foundation.registry)
    erasing, telling = Erasing(store, pool, reader, taking, people, forgetting, erased), Telling(reader)
    if settings.erasure_minutes:
        job = ErasureJob(settings.database_url, settings.erasure_minutes, erasing, telling, stands)
        await foundation.keep_running(job.run(), "erasure")
    return Erasures(Deciding(store, pool, sealing, Lists(pool)), erasing, telling)


def _metrics(registry: CollectorRegistry) -> tuple[Callable[[CarriedOut], None], Callable[[DueErasure], None]]:
    """Return what counts erasures, and what tells how everything stands after each look of the job."""
    metrics = Metrics("sampler", registry)
    identities = metrics.counter("identities_erased", "People that the vault knows nothing of any more")
    cases = metrics.counter("cases_erased", "Drawn cases erased, once for each draw")
    draws = metrics.gauge("draws_to_erase", "Draws by how they stand to erasure, as the job last saw it", ("standing",))
    undecided = metrics.gauge("control_points_without_retention", "Control points with identities and no retention")

    def erased(done: CarriedOut) -> None:
        identities.inc(done.identities)
        cases.inc(done.cases)

    def stands(due: DueErasure) -> None:
        for standing in ("due", "not-due", "no-retention", "held", "erased"):
            draws.labels(standing).set(sum(one.standing == standing for one in due.draws))
        undecided.set(len(due.without_retention))

    return erased, stands

"""What findings keeps beside its log, after the end of the log was recovered from a copy.

Who was given what is written anew from the log, and a draft goes whose review has ended. Free texts and drafts that the
backup did not have are lost: the log never held them.
"""

from collections.abc import Sequence
from typing import Final

import asyncpg

from stickprov_findings.adapters import sql
from stickprov_findings.adapters.hearing_erasures import SQL as ERASING
from stickprov_findings.adapters.hearing_erasures import erase_again
from stickprov_findings.adapters.moving import seal_what_is_clear
from stickprov_findings.adapters.sql.assignments import SQL as ASSIGNMENTS
from stickprov_findings.settings import FindingsSettings
from stickprov_kernel.database.pool import short_lived_pool
from stickprov_kernel.database.queries import load_queries
from stickprov_kernel.log.recovery import recover_from_reporting

SQL: Final = load_queries(sql.__name__, "recovering.sql")


async def recover_log(settings: FindingsSettings, url: str) -> Sequence[str]:
    """Recover the findings log from the reporting service at an address; return what to tell.

    Raises:
        CannotRecoverError, FeedUnavailableError, OSError: why it was left, or how far it got.
    """
    async with short_lived_pool(settings.database_url) as pool:
        # What a backup of an older release has in clear is not lost.
        await seal_what_is_clear(pool, settings.sealing)
    return await recover_from_reporting(settings, "findings", url, _rebuild)


async def _rebuild(connection: asyncpg.Connection, after: int) -> Sequence[str]:
    await connection.execute(ASSIGNMENTS["rebuild_assignments"])
    await connection.execute(SQL["drop_ended_drafts"])
    await connection.execute(ERASING["remember_erased_cases"])
    again = await erase_again(connection)
    texts = await connection.fetchval(SQL["lost_notes"], after)
    return [
        "Who was given which case is rebuilt; drafts of reviews that have ended are gone.",
        f"{texts} free texts of recovered events are lost: the log holds their hashes alone.",
        f"{again} texts and drafts that the backup had and that were erased since are erased again.",
        "Drafts saved after the backup are lost.",
    ]

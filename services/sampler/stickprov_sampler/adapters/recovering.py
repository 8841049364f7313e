"""What the sampler keeps beside its log, after the end of the log was recovered from a copy.

A seed that the recovered events reveal is no secret any more. Who the recovered cases are, the keys of their
pseudonyms, secret seeds, names of staff and free texts are in no log: what the backup did not have of them is lost.
What the recovered events say is erased goes at once; files of frames go when the service starts.
"""

from collections.abc import Sequence
from typing import Final

import asyncpg

from stickprov_kernel.database.pool import short_lived_pool
from stickprov_kernel.database.queries import load_queries
from stickprov_kernel.log.recovery import recover_from_reporting
from stickprov_sampler.adapters import sql
from stickprov_sampler.adapters.erasing.again import erase_rows_again
from stickprov_sampler.adapters.moving import Moving
from stickprov_sampler.settings import SamplerSettings

SQL: Final = load_queries(sql.__name__, "recovering.sql")

_LOST: Final = {
    "lost_identities": "drawn cases: who they are is lost with the vault; restore a newer vault, or draw again",
    "lost_keys": "series: their keys are lost, so no later draw can share their pseudonyms; freeze and draw anew",
    "lost_seeds": "secret seeds are lost: their draws can never be repeated; draw anew",
    "lost_staff": "people of the staff list have no name and no address here; list the staff again",
    "lost_notes": "free texts of recovered events are lost: the log holds their hashes alone",
}


async def recover_log(settings: SamplerSettings, url: str) -> Sequence[str]:
    """Recover the sampler's log from the reporting service at an address; return what to tell.

    Raises:
        CannotRecoverError, FeedUnavailableError, OSError: why it was left, or how far it got.
    """
    async with short_lived_pool(settings.database_url) as pool:
        # What a backup of an older release has in clear is not lost.
        await Moving(pool, settings.sealing, settings.vault_folder.absolute(), settings.staff_key_bytes).move()
    return await recover_from_reporting(settings, "sampler", url, _rebuild)


async def _rebuild(connection: asyncpg.Connection, after: int) -> Sequence[str]:
    await connection.execute(SQL["forget_revealed_seeds"])
    again, _ = await erase_rows_again(connection)
    told = [f"{await connection.fetchval(SQL[name], after)} {what}." for name, what in _LOST.items()]
    told.append(f"{again} rows that the backup had and that were erased since are erased again.")
    return [*told, "The frames' files are not in the database: restore their folder, too, if it was lost."]

"""What the services' databases say of themselves around a backup: how far the logs are, and what has run on them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import asyncpg

from stickprov_backup.errors import BackupRefusedError
from stickprov_backup.manifest import Head
from stickprov_backup.places import Places
from stickprov_contracts.events import type_name
from stickprov_contracts.events.erasure import CasesForgotten, FrameIdentitiesErased
from stickprov_contracts.topics import SOURCES, Source

_HEAD: Final = """
    SELECT ledger.position, ledger.chain_hash, tree.root
    FROM ledger JOIN tree ON tree.size = ledger.position ORDER BY ledger.position DESC LIMIT 1
"""
_TAKEN_AWAY: Final = "SELECT count(*) FROM event WHERE type = ANY ($1) AND type <> 'stickprov.sampler.case-drawn.v1'"
"""The second condition is the index's."""
_STEPS: Final = "SELECT component, max(number) AS number FROM schema_migration GROUP BY component"
_CHECKPOINT: Final = "SELECT note FROM checkpoint ORDER BY size DESC LIMIT 1"
_REMOVING: Final = (type_name(CasesForgotten), type_name(FrameIdentitiesErased))
"""After these events files of the vault folder are removed."""


@dataclass(frozen=True, kw_only=True)
class Standing:
    """How far the services are.

    Attributes:
        heads: by log. removals: how many events there are after which files of the vault are removed.
    """

    heads: Mapping[Source, Head]
    removals: int


async def standing(places: Places) -> Standing:
    """Read how far the services are now."""
    heads: dict[Source, Head] = {}
    removals = 0
    for source in SOURCES:
        connection = await asyncpg.connect(places.databases[source])
        try:
            row = await connection.fetchrow(_HEAD)
            if source == "sampler":
                removals = await connection.fetchval(_TAKEN_AWAY, list(_REMOVING))
        except asyncpg.UndefinedTableError:
            raise BackupRefusedError(f"The database of {source} holds no log yet; start the services once.") from None
        finally:
            await connection.close()
        heads[source] = Head(
            position=row["position"] if row else 0,
            chain_hash=row["chain_hash"].hex() if row else "00" * 32,
            root=row["root"].hex() if row else "",
        )
    return Standing(heads=heads, removals=removals)


async def migrations(places: Places) -> dict[str, dict[str, int]]:
    """Return the last step that has run, by service and component, as far as the database lets us read it."""
    found: dict[str, dict[str, int]] = {}
    for service, url in places.databases.items():
        connection = await asyncpg.connect(url)
        try:
            found[service] = {row["component"]: row["number"] for row in await connection.fetch(_STEPS)}
        except asyncpg.InsufficientPrivilegeError:
            # The service's own role may not; its release is known all the same.
            found[service] = {}
        finally:
            await connection.close()
    return found


async def checkpoints(places: Places) -> dict[Source, bytes]:
    """Return the newest signed checkpoint of each log that has one."""
    found: dict[Source, bytes] = {}
    for source in SOURCES:
        connection = await asyncpg.connect(places.databases[source])
        try:
            note = await connection.fetchval(_CHECKPOINT)
        finally:
            await connection.close()
        if note is not None:
            found[source] = note
    return found

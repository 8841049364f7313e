"""Sealing what an older release of findings kept in clear: free texts and drafts."""

import json
from collections.abc import Sequence

import asyncpg
from asyncpg.pool import PoolConnectionProxy

from stickprov_findings.adapters.sql.drafts import sealed_fields
from stickprov_findings.adapters.sql.statements import SQL
from stickprov_kernel.notes.moving import move_clear_notes
from stickprov_kernel.sealing.moving import move_clear_rows, moving_alone
from stickprov_kernel.sealing.sealing import Sealing


async def seal_what_is_clear(pool: asyncpg.Pool, sealing: Sealing) -> None:
    """Seal everything; one process at a time does it."""

    async def keep_drafts(connection: PoolConnectionProxy, rows: Sequence[asyncpg.Record]) -> None:
        for row in rows:
            sealed = sealed_fields(sealing, row["stream"], row["reviewer"], json.loads(row["fields"]))
            await connection.execute(
                SQL["move_draft"],
                *(row["stream"], row["reviewer"], row["version"], row["review_version"]),
                *(sealed.master, sealed.wrapped_key, sealed.sealed, row["saved_at"]),
            )

    async with moving_alone(pool):
        await move_clear_notes(pool, sealing)
        await move_clear_rows(pool, "clear_draft", keep_drafts)

"""Sealing the notes of an older release."""

from collections.abc import Sequence

import asyncpg
from asyncpg.pool import PoolConnectionProxy

from stickprov_kernel.notes.keeping import SQL, sealed_columns
from stickprov_kernel.notes.note import Note
from stickprov_kernel.sealing.moving import move_clear_rows
from stickprov_kernel.sealing.sealing import Sealing


async def move_clear_notes(pool: asyncpg.Pool, sealing: Sealing) -> int:
    """Seal the rows of the table ``clear_note``; return how many there were."""

    async def keep(connection: PoolConnectionProxy, rows: Sequence[asyncpg.Record]) -> None:
        notes = ((Note(row["note"], row["salt"], row["text"]), row["stream"], row["written_at"]) for row in rows)
        await connection.execute(SQL["write_notes"], *sealed_columns(sealing, notes))

    return await move_clear_rows(pool, "clear_note", keep)

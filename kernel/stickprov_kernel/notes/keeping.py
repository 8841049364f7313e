"""Making notes, keeping them with the event that refers to them, and reading those that have not been erased.

Each service has the table ``note`` in its own database: note, stream, salt, text, written_at.
"""

import secrets
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

import asyncpg

from stickprov_kernel.database.queries import load_queries
from stickprov_kernel.log.ids import new_id
from stickprov_kernel.log.records import SideStatement
from stickprov_kernel.notes.note import Note

SQL: Final = load_queries(__package__, "queries.sql")
_SALT_BYTES: Final = 32


def typed(text: str) -> Note:
    """Return a note with what somebody typed, under a new key and with a new salt."""
    return Note(new_id(), secrets.token_bytes(_SALT_BYTES), text)


def typed_if_any(text: str | None) -> Note | None:
    """Return a note, or None where nothing but blanks was typed."""
    return typed(text) if text and text.strip() else None


def keep_notes(notes: Mapping[str, Sequence[Note]], time: datetime) -> list[SideStatement]:
    """Return what a commit must also do to keep notes, given by stream; nothing when there are none."""
    rows = [(note.note, note.salt, note.text, stream) for stream, kept in notes.items() for note in kept]
    if not rows:
        return []
    return [SideStatement(SQL["write_notes"], (*map(list, zip(*rows, strict=True)), time))]


async def texts_of(pool: asyncpg.Pool, streams: Iterable[str]) -> dict[UUID, str]:
    """Return the notes of some streams that can still be read, by key."""
    rows = await pool.fetch(SQL["texts"], list(streams))
    return {row["note"]: row["text"] for row in rows}


async def kept(pool: asyncpg.Pool, notes: Iterable[UUID]) -> list[Note]:
    """Return those of some notes that can still be read, in the order of their keys."""
    return [Note(row["note"], row["salt"], row["text"]) for row in await pool.fetch(SQL["kept"], list(notes))]

"""Making notes, keeping them with the event that refers to them, and reading those that have not been erased.

Each service has the table ``note`` in its own database: note, stream, master, wrapped_key, sealed, written_at.

What must not break: neither salt nor text stands in the database in clear; a note that was put under another stream, or
under another key, is noticed and not shown.
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
from stickprov_kernel.sealing.rotation import SealedTable
from stickprov_kernel.sealing.sealing import Row, Sealing

SQL: Final = load_queries(__package__, "queries.sql")
_SALT_BYTES: Final = 32


def typed(text: str) -> Note:
    """Return a note with what somebody typed, under a new key and with a new salt."""
    return Note(new_id(), secrets.token_bytes(_SALT_BYTES), text)


def typed_if_any(text: str | None) -> Note | None:
    """Return a note, or None where nothing but blanks was typed."""
    return typed(text) if text and text.strip() else None


def keep_notes(sealing: Sealing, notes: Mapping[str, Sequence[Note]], time: datetime) -> list[SideStatement]:
    """Return what a commit must also do to keep notes, given by stream; nothing when there are none."""
    rows = [(note, stream, time) for stream, kept in notes.items() for note in kept]
    return [SideStatement(SQL["write_notes"], sealed_columns(sealing, rows))] if rows else []


def sealed_columns(sealing: Sealing, rows: Iterable[tuple[Note, str, datetime]]) -> tuple[list[object], ...]:
    """Return the columns of some notes' rows, given with stream and time of writing, as ``write_notes`` takes them."""
    written = []
    for note, stream, time in rows:
        sealed = sealing.seal(note.salt + note.text.encode(), _about(note.note, stream))
        written.append((note.note, stream, sealed.master, sealed.wrapped_key, sealed.sealed, time))
    return tuple(map(list, zip(*written, strict=True)))


async def texts_of(pool: asyncpg.Pool, sealing: Sealing, streams: Iterable[str]) -> dict[UUID, str]:
    """Return the notes of some streams that can still be read, by key.

    Raises:
        MasterKeyMissingError, SealBrokenError: one of them cannot be opened.
    """
    rows = await pool.fetch(SQL["texts"], list(streams))
    return {row["note"]: opened(sealing, row).text for row in rows}


async def kept(pool: asyncpg.Pool, sealing: Sealing, notes: Iterable[UUID]) -> list[Note]:
    """Return those of some notes that can still be read, in the order of their keys.

    Raises:
        MasterKeyMissingError, SealBrokenError: one of them cannot be opened.
    """
    return [opened(sealing, row) for row in await pool.fetch(SQL["kept"], list(notes))]


def opened(sealing: Sealing, row: Row) -> Note:
    """Return the note in a row with the columns note, stream, master, wrapped_key and sealed.

    Raises:
        MasterKeyMissingError, SealBrokenError: it cannot be opened.
    """
    content = sealing.open_row(row, about_note(row))
    return Note(row["note"], content[:_SALT_BYTES], content[_SALT_BYTES:].decode())


def about_note(row: Row) -> str:
    """Return what a row's note is sealed about."""
    return _about(row["note"], row["stream"])


def _about(note: UUID, stream: str) -> str:
    return f"note/{note}/{stream}"


NOTES: Final = SealedTable("note", ("note",), about_note, more=("stream",))
"""For the rotation of master keys."""

"""Erasing again what the log says is erased: after an older backup was restored, and whatever a crash left behind.

What must not break: when the service takes its first request, nothing that was ever erased can be read again. A name
goes again only while its person is not on the newest staff list: who comes back is listed anew.
"""

import asyncio
from collections.abc import Sequence
from pathlib import Path
from uuid import UUID

import asyncpg
import structlog

from stickprov_contracts.events import Event, NoteReference, type_name
from stickprov_contracts.events.draws import CaseReplaced
from stickprov_contracts.events.erasure import (
    CasesErased,
    FrameIdentitiesErased,
    SeriesKeyErased,
    StaffErased,
)
from stickprov_contracts.events.plans import StaffListed
from stickprov_kernel.database.pool import Connection
from stickprov_kernel.log.understanding import NotUnderstoodError, understand
from stickprov_sampler.adapters.erasing.files import remove_identity_files
from stickprov_sampler.adapters.erasing.statements import SQL

_KINDS = (
    CaseReplaced,
    CasesErased,
    FrameIdentitiesErased,
    SeriesKeyErased,
    StaffErased,
    StaffListed,
)

_log = structlog.get_logger(__name__)


async def erase_again(pool: asyncpg.Pool, vault_folder: Path) -> int:
    """Erase whatever is there though the log says it is erased; return how many rows and files there were."""
    async with pool.acquire() as connection, connection.transaction():
        rows, frames = await erase_rows_again(connection)
    files = await asyncio.to_thread(remove_identity_files, vault_folder, frames)
    if rows or files:
        _log.warning("erased-again", rows=rows, files=files)
    return rows + files


async def erase_rows_again(connection: Connection) -> tuple[int, Sequence[UUID]]:
    """Do so in the database alone; return how many rows there were, and the frames whose files must go, too."""
    read = await connection.fetch(SQL["happened"], [type_name(kind) for kind in _KINDS])
    events = [event for row in read if (event := _read(row)) is not None]
    cases = [(event.draw, case) for event in events if isinstance(event, CasesErased) for case in event.cases]
    frames = [event.frame for event in events if isinstance(event, FrameIdentitiesErased)]
    series = [event.series for event in events if isinstance(event, SeriesKeyErased)]
    by_draw = [[draw for draw, _ in cases], [case for _, case in cases]]
    done = [
        await connection.execute(SQL["forget_drawn_cases_again"], *by_draw),
        await connection.execute(SQL["forget_identities"], by_draw[1]),
        await connection.execute(SQL["forget_notes"], _notes(events, set(cases))),
        await connection.execute(SQL["forget_frame_keys_again"], frames),
        await connection.execute(SQL["forget_series_keys_again"], series),
        await connection.execute(SQL["forget_staff"], _staff(events)),
    ]
    return sum(int(tag.rsplit(" ", 1)[1]) for tag in done), frames


def _read(row: asyncpg.Record) -> Event | None:
    """Return an event; None where somebody tampered with it, for which the log's own check is there."""
    try:
        return understand(row["type"], row["data"])
    except NotUnderstoodError:
        _log.warning("event-not-understood", type=row["type"])
        return None


def _notes(events: Sequence[Event], gone: set[tuple[UUID, str]]) -> list[UUID]:
    found: list[UUID] = []
    for event in events:
        match event:
            case CaseReplaced(note=NoteReference(note=note)) if (event.draw, event.case) in gone:
                found.append(note)
            case _:
                continue
    return found


def _staff(events: Sequence[Event]) -> list[str]:
    lists = [event for event in events if isinstance(event, StaffListed)]
    listed = {member.pseudonym for member in lists[-1].staff} if lists else set()
    return sorted({one for event in events if isinstance(event, StaffErased) for one in event.staff} - listed)

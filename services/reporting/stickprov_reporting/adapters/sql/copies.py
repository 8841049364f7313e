"""Log copies in memory-friendly pages, and the moments at which they can be read."""

from collections.abc import AsyncIterator, Iterable

import asyncpg

from stickprov_contracts.topics import Source
from stickprov_kernel.log.envelope import decode
from stickprov_kernel.log.records import Incoming
from stickprov_kernel.log.understanding import understand
from stickprov_reporting.adapters.sql.statements import SQL


async def applied_pages(
    connection: asyncpg.Connection, source: Source, after: int, up_to: int, page: int
) -> AsyncIterator[list[Incoming]]:
    """Yield the events of a log copy behind a position and up to another, but those that are set aside."""
    while records := await connection.fetch(SQL["copies_between"], source, after, up_to, page):
        yield events_of(records)
        after = records[-1]["position"]


def events_of(records: Iterable[asyncpg.Record]) -> list[Incoming]:
    """Read ``position, chain_hash, envelope, data``.

    Raises:
        ValueError, NotUnderstoodError: an entry is none that this release can have applied.
    """
    events = []
    for position, chain_hash, envelope_bytes, data in records:
        envelope = decode(envelope_bytes)
        events.append(Incoming(position, chain_hash, envelope, understand(envelope.type, data)))
    return events

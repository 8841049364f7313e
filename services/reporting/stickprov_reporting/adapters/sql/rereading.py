"""Reads a log copy again: recomputes its hashes, and folds what was applied of it.

What must not break: entries are read in pages, so that the memory needed grows with the number of drawn cases and not
with the length of the log.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import suppress
from typing import Final

import asyncpg

from stickprov_contracts.topics import Source
from stickprov_kernel.log.envelope import decode
from stickprov_kernel.log.records import Incoming
from stickprov_kernel.log.understanding import NotUnderstoodError, understand
from stickprov_reporting.adapters.sql.statements import SQL
from stickprov_reporting.adapters.sql.stored import positions
from stickprov_reporting.domain.audit.heads import TrustedHeads
from stickprov_reporting.domain.audit.rereading import Rereading
from stickprov_reporting.domain.audit.setting_aside import Aside, SettingAside
from stickprov_reporting.domain.projection.fold import Folded

_PAGE: Final = 500


async def reread(
    connection: asyncpg.Connection,
    source: Source,
    trusted: TrustedHeads | None,
    projection: Folded,
    tell: Callable[[int], None],
) -> Rereading:
    """Read a log copy from its first entry and fold what was applied of it.

    Args:
        connection: within a transaction that sees one moment.
        source: whose copy.
        trusted: what the source's checkpoints say.
        projection: what is folded into.
        tell: hears how many events are done.
    """
    rereading = Rereading(source, trusted)
    aside = SettingAside(
        {
            record["position"]: Aside(record["type"], record["reason"], record["waiting"])
            for record in await connection.fetch(SQL["all_set_aside"], source)
        }
    )
    async for page in _pages(connection, source):
        positions_read = [record[0] for record in page]
        rereading.read(positions_read, [record[1] for record in page], [(record[2], record[3]) for record in page])
        projection.apply(_events_of(page, rereading, aside))
        tell(rereading.position)
    inbox = (await positions(connection))[source]
    rereading.compare_inbox(inbox.position, inbox.chain_hash)
    beyond = aside.beyond(rereading.position)
    if beyond is not None:
        rereading.differ(f"the quarantine has position {beyond}, the log copy ends at {rereading.position}")
    return rereading


async def _pages(connection: asyncpg.Connection, source: Source) -> AsyncIterator[Sequence[asyncpg.Record]]:
    """Yield the entries of a copy; the server reads the next page while one is being worked on."""
    fetching = asyncio.create_task(connection.fetch(SQL["copies"], source, 0, _PAGE))
    try:
        while page := await fetching:
            fetching = asyncio.create_task(connection.fetch(SQL["copies"], source, page[-1]["position"], _PAGE))
            # The question goes out before the work begins, which does not give way.
            await asyncio.sleep(0)
            yield page
    finally:
        fetching.cancel()
        with suppress(asyncio.CancelledError):
            await fetching


def _events_of(page: Sequence[asyncpg.Record], rereading: Rereading, aside: SettingAside) -> list[Incoming]:
    events = []
    for position, chain_hash, envelope_bytes, data in page:
        try:
            envelope = decode(envelope_bytes)
        except ValueError:
            rereading.differ(f"position {position} was applied, but its bytes cannot be understood")
            continue
        try:
            event = understand(envelope.type, data)
        except NotUnderstoodError as error:
            _compare(rereading, aside.difference(position, envelope.type, error))
            continue
        if aside.known(position):
            _compare(rereading, aside.difference(position, envelope.type, None))
            if aside.waits(position):
                continue
        events.append(Incoming(position, chain_hash, envelope, event))
    return events


def _compare(rereading: Rereading, difference: str | None) -> None:
    if difference is not None:
        rereading.differ(difference)

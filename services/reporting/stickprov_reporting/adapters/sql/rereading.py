"""Reads a log copy again: recomputes its hashes, and folds what was applied of it.

What must not break: entries are read in pages, so that the memory needed grows with the number of drawn cases and not
with the length of the log.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from typing import Final

import asyncpg

from stickprov_contracts.topics import Source
from stickprov_kernel.log.understanding import NotUnderstoodError
from stickprov_kernel.stopping import stopped
from stickprov_reporting.adapters.sql.folding_pages import fold_page
from stickprov_reporting.adapters.sql.statements import SQL
from stickprov_reporting.adapters.sql.stored import positions
from stickprov_reporting.domain.audit.heads import TrustedHeads
from stickprov_reporting.domain.audit.rereading import Rereading
from stickprov_reporting.domain.audit.setting_aside import Aside, SettingAside
from stickprov_reporting.domain.projection.folding_anew import FoldingAnew

_PAGE: Final = 500
_LARGEST: Final = 2**63 - 1


async def reread(
    connection: asyncpg.Connection,
    source: Source,
    trusted: TrustedHeads | None,
    folding: FoldingAnew,
    tell: Callable[[int], None],
) -> Rereading:
    """Read a log copy from its first entry and fold what was applied of it.

    Args:
        connection: within a transaction that sees one moment.
        source: whose copy.
        trusted: what the source's checkpoints say.
        folding: what is folded into.
        tell: hears how many events are done.
    """
    edges = await connection.fetch(SQL["kept_edges"], source)
    rereading = Rereading(source, trusted, [(edge["size"], edge["subtrees"]) for edge in edges])
    rows = await connection.fetch(SQL["all_set_aside"], source)
    met = _Met(rereading, {row["position"]: Aside(row["type"], row["reason"], row["waiting"]) for row in rows})
    async for page in pages(connection, source):
        read = [record[0] for record in page]
        rereading.read(read, [record[1] for record in page], [(record[2], record[3]) for record in page])
        fold_page(page, folding, met)
        tell(rereading.position)
    inbox = (await positions(connection))[source]
    rereading.compare_inbox(inbox.position, inbox.chain_hash)
    for followed, events in await connection.fetch(SQL["trail_size"], source):
        rereading.compare_trail(followed, events)
    beyond = met.setting_aside.beyond(rereading.position)
    if beyond is not None:
        rereading.differ(f"the quarantine has position {beyond}, the log copy ends at {rereading.position}")
    return rereading


async def pages(
    connection: asyncpg.Connection, source: Source, up_to: int = _LARGEST
) -> AsyncIterator[Sequence[asyncpg.Record]]:
    """Yield the entries of a copy; the server reads the next page while one is being worked on."""
    fetching = asyncio.create_task(connection.fetch(SQL["copies_up_to"], source, 0, up_to, _PAGE))
    try:
        while page := await fetching:
            following = connection.fetch(SQL["copies_up_to"], source, page[-1]["position"], up_to, _PAGE)
            fetching = asyncio.create_task(following)
            # The question goes out before the work begins, which does not give way.
            await asyncio.sleep(0)
            yield page
    finally:
        await stopped(fetching)


class _Met:
    """Compares what was set aside with what the copy gives."""

    def __init__(self, rereading: Rereading, rows: Mapping[int, Aside]) -> None:
        self.aside = frozenset(rows)
        self.setting_aside = SettingAside(rows)
        self._rereading = rereading

    def waits(self, position: int, type_: str) -> bool:
        self._compare(self.setting_aside.difference(position, type_, None))
        return self.setting_aside.waits(position)

    def refused(self, position: int, type_: str, why: NotUnderstoodError) -> None:
        self._compare(self.setting_aside.difference(position, type_, why))

    def unreadable(self, position: int) -> None:
        self._compare(f"position {position} was applied, but its bytes cannot be understood")

    def _compare(self, difference: str | None) -> None:
        if difference is not None:
            self._rereading.differ(difference)

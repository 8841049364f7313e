"""Serves the log copies as the sources serve their logs, so that a source can be recovered from them.

What must not break: a page is contiguous and holds the exact text that was hashed; its reader recomputes the chain.
"""

import asyncpg

from stickprov_contracts.http.statistics import AsOf
from stickprov_contracts.log import LogEntry, LogHead, LogPage
from stickprov_contracts.topics import Source
from stickprov_kernel.log.envelope import decode
from stickprov_kernel.log.hashing import GENESIS
from stickprov_reporting.adapters.damage import CopyDamagedError
from stickprov_reporting.adapters.reports.roots import Roots
from stickprov_reporting.adapters.sql.statements import SQL


class Copies:
    """The copies of the logs that are heard."""

    def __init__(self, pool: asyncpg.Pool, roots: Roots) -> None:
        self._pool = pool
        self._roots = roots

    async def read(self, source: Source, after: int, limit: int) -> LogPage:
        """Return up to ``limit`` entries after a position, and where the copy ends.

        Raises:
            CopyDamagedError: an entry cannot be read, or one is missing.
        """
        records = await self._pool.fetch(SQL["copies"], source, after, limit)
        entries = [_entry(record) for record in records]
        if [entry.position for entry in entries] != list(range(after + 1, after + 1 + len(entries))):
            raise CopyDamagedError(f"The copy of the log of {source} has a hole behind position {after}. {_REPLAY}")
        # The head is read after the entries, so it is never behind them.
        head = await self._pool.fetchrow(SQL["end_of_copy"], source)
        place = AsOf(position=head["position"], chain_hash=head["chain_hash"].hex()) if head else _BEGINNING
        root = (await self._roots.at({source: place}))[source]
        return LogPage.model_construct(
            head=LogHead(source=source, position=place.position, chain_hash=place.chain_hash, root=root),
            entries=entries,
        )


_REPLAY = "A replay names what is wrong (stickprov audit replay)."
_BEGINNING = AsOf(position=0, chain_hash=GENESIS.hex())


def _entry(record: asyncpg.Record) -> LogEntry:
    try:
        envelope, data = decode(record["envelope"]), record["data"].decode()
    except ValueError:
        raise CopyDamagedError(f"The copy's entry at position {record['position']} cannot be read. {_REPLAY}") from None
    return LogEntry.model_construct(
        position=record["position"], chain_hash=record["chain_hash"].hex(), envelope=envelope, data=data
    )

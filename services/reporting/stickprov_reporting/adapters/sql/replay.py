"""Folds the log copies again and compares what comes out with what is stored.

What must not break: copies, positions, quarantine and projection are read at one moment, and entries in pages, so
that the memory needed grows with the number of drawn cases and not with the length of the logs.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from typing import Any, Final

import asyncpg

from stickprov_contracts.http.audit import LogVerdict, Replay
from stickprov_contracts.http.statistics import Statistics
from stickprov_contracts.topics import SOURCES, Source
from stickprov_kernel.inbox.protocols import Feed
from stickprov_kernel.log.envelope import decode
from stickprov_kernel.log.feed import FeedUnavailableError
from stickprov_kernel.log.records import Incoming
from stickprov_kernel.log.understanding import NotUnderstoodError, understand
from stickprov_reporting.adapters.sql import rows
from stickprov_reporting.adapters.sql.register import register_of
from stickprov_reporting.adapters.sql.statements import SQL
from stickprov_reporting.adapters.sql.statistics import positions, snapshot, stored_statistics, unknown
from stickprov_reporting.domain.audit.comparison import FactComparison, compare_figures, figures_of
from stickprov_reporting.domain.audit.digest import Fact, digest_of, tables_of
from stickprov_reporting.domain.audit.rereading import Rereading
from stickprov_reporting.domain.projection import PROJECTION
from stickprov_reporting.domain.projection.fold import Folded
from stickprov_reporting.domain.statistics.statistic import DateRange, statistics_of
from stickprov_reporting.domain.statistics.tally import basis_within

_PAGE: Final = 500

_READERS: Final[dict[str, Callable[[asyncpg.Record], tuple[Any, Any]]]] = {
    "control_point": rows.definition_of,
    "draw_stratum": rows.stratum_of,
    "cell": rows.cell_of,
    "case_row": rows.row_of,
    "register_measure": register_of,
}


class Replayer:
    """Replays both logs."""

    def __init__(self, pool: asyncpg.Pool, feeds: Mapping[Source, Feed]) -> None:
        self._pool = pool
        self._feeds = feeds
        # A replay holds every drawn case in memory; two at once would hold them twice.
        self._turn = asyncio.Lock()

    async def replay(self, control_point: str, dates: DateRange) -> Replay:
        """Verify both log copies and compare every stored fact, and every figure of one statistic, with a new fold.

        Raises:
            NotFoundError: neither the projection nor the logs know the control point.
        """
        async with self._turn:
            return await self._replay(control_point, dates)

    async def _replay(self, control_point: str, dates: DateRange) -> Replay:
        projection = Folded()
        async with snapshot(self._pool) as connection:
            rereadings = {source: await _reread(connection, source, projection) for source in SOURCES}
            stored = await stored_statistics(connection, control_point, dates)
            replayed = _statistics_again(projection, control_point, dates)
            if stored is None and replayed is None:
                raise await unknown(connection, control_point)
            tables = tables_of(projection)
            digest = await asyncio.to_thread(digest_of, tables)
            facts = FactComparison(tables)
            async for fact in _stored_facts(connection):
                facts.meet(fact)
        stored_figures, replayed_figures = figures_of(stored), figures_of(replayed)
        differences = [*compare_figures(stored_figures, replayed_figures), *facts.differences()]
        logs = [await self._verdict(source, rereading) for source, rereading in rereadings.items()]
        different = differences or digest != facts.digest() or any(log.verdict == "different" for log in logs)
        agreed = "unreachable" if any(log.verdict == "unreachable" for log in logs) else "verified"
        return Replay.model_validate(
            {
                "verdict": "different" if different else agreed,
                "logs": logs,
                "figures_compared": len(stored_figures.keys() | replayed_figures.keys()),
                "differences": differences,
                "digest_stored": facts.digest(),
                "digest_replayed": digest,
            }
        )

    async def _verdict(self, source: Source, rereading: Rereading) -> LogVerdict:
        """Ask the source what it has at the position where its copy ends."""
        feed = self._feeds[source]
        try:
            if rereading.position == 0:
                rereading.compare_source(await feed.head(), None)
            else:
                page = await feed.read(rereading.position - 1, 1)
                rereading.compare_source(page.head, page.entries[0].chain_hash if page.entries else None)
        except FeedUnavailableError:
            return rereading.verdict(answered=False)
        return rereading.verdict(answered=True)


async def _reread(connection: asyncpg.Connection, source: Source, projection: Folded) -> Rereading:
    """Read a log copy from its first entry and fold what was applied of it."""
    rereading = Rereading(source)
    set_aside = {record[0] for record in await connection.fetch(SQL["waiting_positions"], source)}
    after = 0
    while page := await connection.fetch(SQL["copies"], source, after, _PAGE):
        projection.apply(_events_of(page, rereading, set_aside))
        after = page[-1]["position"]
    inbox = (await positions(connection))[source]
    rereading.compare_inbox(inbox.position, inbox.chain_hash)
    return rereading


def _events_of(page: list[asyncpg.Record], rereading: Rereading, set_aside: set[int]) -> list[Incoming]:
    events = []
    for position, chain_hash, envelope_bytes, data in page:
        rereading.add(position, chain_hash, envelope_bytes, data)
        if position in set_aside:
            continue
        try:
            envelope = decode(envelope_bytes)
            events.append(Incoming(position, chain_hash, envelope, understand(envelope.type, data)))
        except (ValueError, NotUnderstoodError):
            rereading.differ(f"position {position} was applied, but its bytes cannot be understood")
    return events


def _statistics_again(projection: Folded, control_point: str, dates: DateRange) -> Statistics | None:
    definition = projection.definitions.get(control_point)
    if definition is None:
        return None
    basis = basis_within(definition.point, projection.strata, projection.cells, dates.start, dates.end)
    return statistics_of(basis, dates, {})


async def _stored_facts(connection: asyncpg.Connection) -> AsyncIterator[Fact]:
    for table, read in _READERS.items():
        async for record in connection.cursor(SQL[f"every_{table}"], PROJECTION, prefetch=_PAGE):
            yield Fact(table, *read(record))

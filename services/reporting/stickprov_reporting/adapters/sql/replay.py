"""Folds the log copies again and compares what comes out with what is stored.

What must not break: copies, positions, quarantine and projection are read at one moment, and entries in pages, so
that the memory needed grows with the number of drawn cases and not with the length of the logs.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from typing import Any, ClassVar, Final

import asyncpg

from stickprov_contracts.http.audit import LogVerdict, Replay
from stickprov_contracts.http.statistics import Statistics
from stickprov_contracts.topics import SOURCES, Source
from stickprov_kernel.errors import ConflictError
from stickprov_kernel.inbox.protocols import Feed
from stickprov_kernel.log.envelope import decode
from stickprov_kernel.log.feed import FeedUnavailableError
from stickprov_kernel.log.records import Incoming
from stickprov_kernel.log.understanding import NotUnderstoodError, understand
from stickprov_reporting.adapters.folded import FoldedReading
from stickprov_reporting.adapters.reading import Reading, unknown
from stickprov_reporting.adapters.sql import rows
from stickprov_reporting.adapters.sql.register import register_of
from stickprov_reporting.adapters.sql.statements import SQL
from stickprov_reporting.adapters.sql.stored import positions, reading_on, snapshot
from stickprov_reporting.adapters.statistics import statistics_from
from stickprov_reporting.domain.audit.comparison import FactComparison, compare_figures, figures_of
from stickprov_reporting.domain.audit.digest import Fact, digest_of, tables_of
from stickprov_reporting.domain.audit.rereading import Rereading
from stickprov_reporting.domain.projection import PROJECTION
from stickprov_reporting.domain.projection.fold import Folded
from stickprov_reporting.domain.statistics.statistic import DateRange

_PAGE: Final = 500

_READERS: Final[dict[str, Callable[[asyncpg.Record], tuple[Any, Any]]]] = {
    "control_point": rows.definition_of,
    "draw_stratum": rows.stratum_of,
    "cell": rows.cell_of,
    "case_row": rows.row_of,
    "register_measure": register_of,
    "chronicle": rows.entry_of,
}


class BeingRebuiltError(ConflictError):
    """What is stored was folded by an older release; the next generation is being built."""

    code: ClassVar[str] = "being-rebuilt"
    title: ClassVar[str] = "The projection is being rebuilt"


class Replayer:
    """Replays both logs."""

    def __init__(self, pool: asyncpg.Pool, feeds: Mapping[Source, Feed], turn: asyncio.Lock) -> None:
        """Make the replayer; ``turn`` is shared with whoever else holds every drawn case in memory."""
        self._pool = pool
        self._feeds = feeds
        self._turn = turn

    async def replay(self, control_point: str, dates: DateRange) -> Replay:
        """Verify both log copies and compare every stored fact, and every figure of one statistic, with a new fold.

        Raises:
            NotFoundError: neither the projection nor the logs know the control point.
            BeingRebuiltError: what is stored is an older release's; compare when the next generation is active.
        """
        async with self._turn:
            return await self._replay(control_point, dates)

    async def _replay(self, control_point: str, dates: DateRange) -> Replay:
        projection = Folded()
        async with snapshot(self._pool) as connection:
            reading = await reading_on(connection)
            if reading.projection != PROJECTION:
                raise BeingRebuiltError("The figures are an older release's until the projection has been rebuilt.")
            rereadings = {source: await _reread(connection, source, projection) for source in SOURCES}
            stored = await _statistics(reading, control_point, dates)
            replayed = await _statistics(FoldedReading(projection, {}), control_point, dates)
            if stored is None and replayed is None:
                raise await unknown(reading, control_point)
            tables = tables_of(projection)
            digest = await asyncio.to_thread(digest_of, tables)
            facts = FactComparison(tables)
            async for fact in _stored_facts(connection, reading.generation):
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


async def _statistics(reading: Reading, control_point: str, dates: DateRange) -> Statistics | None:
    """Return the statistic; None if the control point is not known, or what is stored is nothing that can be."""
    facts = (await reading.facts([control_point], dates)).get(control_point)
    if facts is None:
        return None
    try:
        return statistics_from(reading, facts, dates)
    except ValueError:
        # Somebody put in what no case can count for. The facts are named one by one all the same.
        return None


async def _stored_facts(connection: asyncpg.Connection, generation: int) -> AsyncIterator[Fact]:
    for table, read in _READERS.items():
        async for record in connection.cursor(SQL[f"every_{table}"], generation, prefetch=_PAGE):
            yield Fact(table, *read(record))

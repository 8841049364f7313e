"""Folds the log copies again and compares what comes out with what is stored.

What must not break: copies, positions, quarantine and projection are read at one moment; and a source that cannot be
asked is never taken for one that agrees.
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar, Final

import asyncpg

from stickprov_contracts.http.audit import LogVerdict, PeriodReplay, Replay
from stickprov_contracts.http.checkpoints import LogVerification
from stickprov_contracts.http.progress import AuditStage
from stickprov_contracts.http.statistics import Statistics
from stickprov_contracts.topics import SOURCES, Source
from stickprov_kernel.errors import ConflictError
from stickprov_kernel.inbox.protocols import Feed
from stickprov_kernel.log.feed import FeedUnavailableError
from stickprov_kernel.log.notes import VerifierKey
from stickprov_reporting.adapters.damage import UNCOUNTABLE
from stickprov_reporting.adapters.folded import FoldedReading
from stickprov_reporting.adapters.reading import Reading, unknown
from stickprov_reporting.adapters.sources import AuditedSource
from stickprov_reporting.adapters.sql.replay_outcome import FoldedAgain, outcome_of
from stickprov_reporting.adapters.sql.rereading import reread
from stickprov_reporting.adapters.sql.stored import StoredReading, positions, reading_on, snapshot
from stickprov_reporting.adapters.sql.stored_facts import stored_facts
from stickprov_reporting.adapters.statistics import statistics_from
from stickprov_reporting.domain.audit.comparison import FactComparison, figures_of
from stickprov_reporting.domain.audit.digest import tables_of
from stickprov_reporting.domain.audit.heads import TrustedHeads, trusted_heads
from stickprov_reporting.domain.audit.rereading import Rereading
from stickprov_reporting.domain.projection import PROJECTION
from stickprov_reporting.domain.projection.fold import Folded
from stickprov_reporting.domain.projection.folding_anew import FoldingAnew
from stickprov_reporting.domain.statistics.statistic import DateRange

Tell = Callable[[AuditStage], None]
_TOLD_EVERY: Final = 5_000


class BeingRebuiltError(ConflictError):
    """What is stored was folded by an older release; the next generation is being built."""

    code: ClassVar[str] = "being-rebuilt"
    title: ClassVar[str] = "The projection is being rebuilt"


class TrustedKeysUnreadableError(ConflictError):
    """The file with the trusted keys is gone, or is no list of keys any more."""

    code: ClassVar[str] = "trusted-keys-unreadable"
    title: ClassVar[str] = "The trusted keys cannot be read"


@dataclass(frozen=True, slots=True)
class _Asked:
    """What a source said before its copy was read: None where it did not answer.

    Attributes:
        own: its reading of its own tables, where it was asked for one.
    """

    answered: bool
    trusted: TrustedHeads | None
    own: "asyncio.Task[LogVerification | None] | None"


class Replayer:
    """Replays both logs."""

    def __init__(
        self,
        pool: asyncpg.Pool,
        feeds: Mapping[Source, Feed],
        turn: asyncio.Lock,
        audited: Mapping[Source, AuditedSource] | None = None,
        trusted: Callable[[], list[VerifierKey] | None] = lambda: None,
    ) -> None:
        """Make the replayer.

        Args:
            pool: the service's database.
            feeds: of the sources.
            turn: shared with whoever else holds every drawn case in memory.
            audited: the sources, to be asked about themselves.
            trusted: gives the keys that sign checkpoints, from outside; None where none are given.
        """
        self._pool = pool
        self._feeds = feeds
        self._turn = turn
        self._audited = audited or {}
        self._trusted = trusted

    async def replay(self, control_point: str, dates: DateRange) -> Replay:
        """Verify both log copies and compare every stored fact, and every figure of one statistic, with a new fold.

        Raises:
            NotFoundError: neither the projection nor the logs know the control point.
            BeingRebuiltError: what is stored is an older release's; compare when the next generation is active.
        """
        found = await self._run([control_point], dates, _nobody, own=False)
        [statistic] = found.statistics
        told = found.model_dump(exclude={"statistics", "differences"})
        return Replay.model_validate({**told, "differences": [*statistic.differences, *found.differences]})

    async def replays(self, control_points: Sequence[str], dates: DateRange, tell: Tell) -> PeriodReplay:
        """Likewise, with every statistic of a range, and the sources asked to read their own tables again.

        Args:
            control_points: whose statistics; of every one with a draw in the range where none is given.
            dates: the range.
            tell: hears how far it is.

        Raises:
            NotFoundError: neither the projection nor the logs know a control point.
            BeingRebuiltError: what is stored is an older release's; compare when the next generation is active.
            TrustedKeysUnreadableError: the file with the trusted keys is not what it was at start.
        """
        return await self._run(control_points, dates, tell, own=True)

    async def _run(self, points: Sequence[str], dates: DateRange, tell: Tell, *, own: bool) -> PeriodReplay:
        async with self._turn:
            keys = self._read_trusted()
            asked = {source: await self._ask(source, keys, own=own) for source in SOURCES}
            try:
                folded = await self._fold(points, dates, asked, tell)
                logs = [await self._verdict(source, asked[source], folded.rereadings[source]) for source in SOURCES]
            finally:
                for one in asked.values():
                    if one.own is not None:
                        one.own.cancel()
        return outcome_of(folded, logs)

    def _read_trusted(self) -> list[VerifierKey] | None:
        try:
            return self._trusted()
        except (OSError, ValueError) as error:
            raise TrustedKeysUnreadableError(
                "The file with the trusted keys of the checkpoints cannot be read. Whoever runs the service has to put "
                "it right (trusted_checkpoint_keys)."
            ) from error

    async def _ask(self, source: Source, keys: list[VerifierKey] | None, *, own: bool) -> _Asked:
        audited = self._audited.get(source)
        if audited is None:
            return _Asked(answered=True, trusted=None, own=None)
        try:
            told = await audited.checkpoints()
        except FeedUnavailableError:
            return _Asked(answered=False, trusted=None, own=None)
        heads = None
        if told is not None:
            heads = await asyncio.to_thread(trusted_heads, told.keys, told.checkpoints, keys)
        return _Asked(answered=True, trusted=heads, own=asyncio.create_task(audited.verification()) if own else None)

    async def _fold(
        self, points: Sequence[str], dates: DateRange, asked: Mapping[Source, _Asked], tell: Tell
    ) -> FoldedAgain:
        folding = FoldingAnew()
        async with snapshot(self._pool) as connection:
            reading = await reading_on(connection)
            if reading.projection != PROJECTION:
                raise BeingRebuiltError("The figures are an older release's until the projection has been rebuilt.")
            heard = await positions(connection)
            rereadings = {
                source: await reread(
                    connection,
                    source,
                    asked[source].trusted,
                    folding,
                    _counting(tell, source, heard[source].position),
                )
                for source in SOURCES
            }
            # Nobody else should have to wait while every drawn case is put in its place.
            projection = await asyncio.to_thread(folding.folded)
            figures = await _figures(reading, FoldedReading(projection, {}), points, dates, tell)
            facts = await _compared(connection, reading.generation, projection, tell)
        differences = facts.differences()
        replayed = await asyncio.to_thread(facts.replayed_digest)
        return FoldedAgain(rereadings, figures, differences, facts.digest(), replayed)

    async def _verdict(self, source: Source, asked: _Asked, rereading: Rereading) -> LogVerdict:
        """Ask the source what it has at the position where its copy ends, and what it found in its own tables."""
        feed, own = self._feeds[source], None
        try:
            if rereading.position == 0:
                rereading.compare_source(await feed.head(), None)
            else:
                page = await feed.read(rereading.position - 1, 1)
                rereading.compare_source(page.head, page.entries[0].chain_hash if page.entries else None)
        except FeedUnavailableError:
            return rereading.verdict(answered=False)
        if asked.own is not None:
            try:
                found = await asked.own
            except FeedUnavailableError:
                own = "unreachable"
            else:
                own = found.verdict if found else None
                if found is not None:
                    rereading.compare_own(found)
        return rereading.verdict(answered=asked.answered, own=own)


async def _figures(
    stored: StoredReading, replayed: FoldedReading, points: Sequence[str], dates: DateRange, tell: Tell
) -> dict[str, tuple[dict[str, str], dict[str, str]]]:
    """Return the figures of statistics as they are stored and as they came out again, by control point."""
    wanted = list(points) or sorted({*await stored.drawn_within(dates), *await replayed.drawn_within(dates)})
    found = {}
    for done, point in enumerate(wanted, 1):
        before, after = await _statistics(stored, point, dates), await _statistics(replayed, point, dates)
        if before is None and after is None and point in points:
            raise await unknown(stored, point)
        found[point] = figures_of(before), figures_of(after)
        tell(AuditStage(stage="folding", done=done, of=len(wanted)))
        await asyncio.sleep(0)
    return found


async def _statistics(reading: Reading, control_point: str, dates: DateRange) -> Statistics | None:
    """Return the statistic; None if the control point is not known, or what is stored is nothing that can be."""
    try:
        facts = (await reading.facts([control_point], dates)).get(control_point)
        return None if facts is None else statistics_from(reading, facts, dates)
    except UNCOUNTABLE:
        # Somebody put in what no case can count for. The facts are named one by one all the same.
        return None


async def _compared(connection: asyncpg.Connection, generation: int, projection: Folded, tell: Tell) -> FactComparison:
    tables = tables_of(projection)
    of = sum(map(len, tables.values()))
    facts = FactComparison(tables)
    async for fact in stored_facts(connection, generation):
        facts.meet(fact)
        if facts.count % _TOLD_EVERY == 0:
            tell(AuditStage(stage="comparing", done=facts.count, of=of))
    tell(AuditStage(stage="comparing", done=facts.count, of=of))
    return facts


def _counting(tell: Tell, source: Source, of: int) -> Callable[[int], None]:
    """Return what tells of every few thousand events, and of the last."""

    def count(done: int) -> None:
        if done % _TOLD_EVERY == 0 or done >= of:
            tell(AuditStage(stage="verifying", source=source, done=done, of=of))

    return count


def _nobody(_stage: AuditStage) -> None:
    """Tell nobody."""

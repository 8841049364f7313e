"""One source's log, applied here: each event once, in order, whatever the way does to it.

What must not break: position, log copy, quarantine and the projection's rows change in one transaction, under the
lock of the source's inbox row; an event is applied only if the chain from the first event on fits; what was applied
is never overwritten. A source whose history disagrees is halted, and stays halted until somebody resumes it.
"""

import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Final, cast

import asyncpg
import structlog

from stickprov_contracts.http.logs import QuarantinedEvent
from stickprov_contracts.log import LogHead
from stickprov_contracts.topics import Source
from stickprov_kernel.database.overlap import under_way
from stickprov_kernel.database.queries import load_queries
from stickprov_kernel.inbox.applying import Applier, understand_run
from stickprov_kernel.inbox.damage import DamageReport
from stickprov_kernel.inbox.disagreement import disagreement_in, disagreement_with
from stickprov_kernel.inbox.metrics import InboxMetrics
from stickprov_kernel.inbox.planning import Plan, hang_together, plan
from stickprov_kernel.inbox.protocols import Feed, Projection
from stickprov_kernel.inbox.setting_aside import told_of
from stickprov_kernel.inbox.states import InboxState, SetAside
from stickprov_kernel.inbox.traces import HeardTraces
from stickprov_kernel.log.hashing import GENESIS
from stickprov_kernel.messaging.delivery import Delivery, from_copy, from_entry
from stickprov_kernel.messaging.faults import describe, is_infrastructure, is_lost

SQL = load_queries(__package__, "queries.sql")
_PAGE: Final = 500

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class _Outcome:
    """Where a transaction left the inbox, and when its events were applied, in nanoseconds since the epoch."""

    position: int
    halted: bool
    plan: Plan
    applied: tuple[int, int] = (0, 0)


class Inbox:
    """Receives deliveries of one source's log and brings them to a projection."""

    def __init__(
        self,
        pool: asyncpg.Pool,
        source: Source,
        projection: Projection,
        feed: Feed,
        metrics: InboxMetrics,
        traces: HeardTraces | None = None,
    ) -> None:
        self._traces = traces
        self._pool = pool
        self._source = source
        self._applier = Applier(source, projection)
        self._feed = feed
        self._metrics = metrics
        metrics.begin(source)
        self._damage = DamageReport(pool, source, metrics)
        self._position = 0
        self._head = 0

    async def prepare(self) -> None:
        """Make the row that is locked from now on. Call it once at start, before anything else."""
        await self._pool.execute(SQL["prepare"], self._source, GENESIS)
        await self.state()

    async def state(self) -> InboxState:
        """Return where the source's log stands here."""
        row = await self._pool.fetchrow(SQL["state"], self._source)
        if row is None:
            raise RuntimeError(f"the inbox of {self._source} was not prepared")
        state = InboxState(self._source, **dict(row))
        self._moved_to(state.position)
        self._metrics.halted.labels(self._source).set(state.state == "halted")
        self._metrics.waiting.labels(self._source).set(state.quarantined)
        return state

    def lag(self) -> int:
        """Return how many events the source has that are not applied here, as far as was heard."""
        return max(0, self._head - self._position)

    async def receive(self, deliveries: Sequence[Delivery], meanwhile: Callable[[], object] | None = None) -> None:
        """Apply what is next, skip what was applied, and read from the feed what is missing in between.

        ``meanwhile`` is other work for the processor, done while the database copies a run. It is not called when
        nothing is copied, and may be called more than once.

        While the source is halted nothing is applied and nothing raised: what passes by is read from the feed when
        it is resumed.

        Raises:
            FeedUnavailableError: something is missing and the source does not answer. Deliver again later.
            Exception: the database is away or busy (see ``faults``). Nothing of the last run was applied.
        """
        rest = deliveries
        doubtful: list[Delivery] = []
        while rest:
            outcome = await self._advance(rest, healed=False, also=meanwhile)
            rest = () if outcome.halted else await self._settle(outcome.plan, doubtful)
        if doubtful:
            await self._damage.tell(doubtful)

    async def _settle(self, steps: Plan, doubtful: list[Delivery]) -> Sequence[Delivery]:
        """Ask the feed about what Kafka left open; add what is not to be believed, return what is still to be planned.

        Kafka alone halts nothing: a record may have been altered on the way. Only the source can disagree.
        """
        doubtful += steps.damaged
        if steps.contradicting:
            disagreement, _ = await self._compare(await self.state())
            if disagreement is not None:
                await self._halt(disagreement)
                return ()
            doubtful += steps.contradicting
        if steps.missing_to is None:
            return ()
        self._metrics.gaps.labels(self._source).inc()
        reached = await self._heal(steps.missing_to)
        if reached >= steps.missing_to:
            return steps.rest
        if hang_together(steps.rest):
            await self._halt(
                f"position {steps.missing_to} was announced but the source's log ends at {reached}: "
                "the source lost events, or something else writes to its topic"
            )
            return ()
        doubtful += steps.rest[:1]
        return steps.rest[1:]

    async def reconcile(self, *, heal: bool = True) -> InboxState:
        """Compare own history with the source's feed, and read what the source has more of.

        Args:
            heal: read missing events. False only compares: Kafka is still bringing them.

        Raises:
            FeedUnavailableError: the source does not answer.
        """
        state = await self.state()
        if state.state == "halted":
            return state
        disagreement, head = await self._compare(state)
        if disagreement is not None:
            await self._halt(disagreement)
        elif heal and head.position > state.position:
            await self._heal(head.position)
        else:
            return state
        return await self.state()

    async def resume(self) -> str | None:
        """Go on with a halted source if its feed agrees with what was applied; else return how it disagrees.

        Raises:
            FeedUnavailableError: the source does not answer.
        """
        state = await self.state()
        disagreement, _ = await self._compare(state)
        if disagreement is None and state.state == "halted":
            await self._pool.execute(SQL["resume"], self._source)
            _log.info("inbox-resumed", source=self._source, position=state.position, reason=state.reason)
        return disagreement

    async def source_head(self) -> int:
        """Return how far the source's log has come.

        Raises:
            FeedUnavailableError: the source does not answer.
        """
        return (await self._feed.head()).position

    async def quarantine(self, limit: int) -> list[QuarantinedEvent]:
        """Return events that wait in quarantine, oldest first."""
        rows = await self._pool.fetch(SQL["waiting"], self._source, limit)
        return [told_of(row) for row in rows]

    async def set_aside(self, position: int) -> SetAside | None:
        """Return what became of an event that was once put into quarantine; None if it never was."""
        row = await self._pool.fetchrow(SQL["set_aside"], self._source, position)
        return None if row is None else SetAside(row["reason"], requeued=row["requeued"])

    async def requeue(self, position: int | None = None) -> int:
        """Apply quarantined events again, in order, as after an upgrade; return how many could be applied.

        Args:
            position: only the event there; None for all.
        """
        after, applied = 0, 0
        while True:
            async with self._transaction() as connection:
                await connection.fetchrow(SQL["lock"], self._source)
                rows = await connection.fetch(SQL["quarantined"], self._source, after, position, _PAGE)
                for row in rows:
                    applied += await self._applier.apply_again(connection, from_copy(row))
            if not rows:
                await self.state()
                return applied
            after = rows[-1]["position"]

    async def _advance(
        self, deliveries: Sequence[Delivery], *, healed: bool, also: Callable[[], object] | None = None
    ) -> _Outcome:
        """Apply what can be applied of some deliveries, in one transaction."""
        started = time.time_ns()
        try:
            outcome = await self._transact(deliveries, healed=healed, singly=False, also=also)
        except Exception as error:
            if is_infrastructure(error):
                raise
            _log.warning("batch-refused", source=self._source, reason=describe(error))
            outcome = await self._transact(deliveries, healed=healed, singly=True)
        self._count(outcome, healed=healed)
        if self._traces is not None:
            self._traces.applied(outcome.plan.run, started, outcome.applied)
        return outcome

    async def _transact(
        self,
        deliveries: Sequence[Delivery],
        *,
        healed: bool,
        singly: bool,
        also: Callable[[], object] | None = None,
    ) -> _Outcome:
        async with self._transaction() as connection:
            row = await connection.fetchrow(SQL["lock"], self._source)
            if row is None:
                raise RuntimeError(f"the inbox of {self._source} was not prepared")
            position: int = row["position"]
            if row["state"] == "halted":
                return _Outcome(position, halted=True, plan=Plan([]))
            known = await self._known(connection, position, deliveries)
            steps = plan(position, row["chain_hash"], deliveries, known)
            applying = applied = time.time_ns()
            if steps.run:
                async with under_way(connection, self._store(connection, position, steps.run, healed=healed)):
                    understood = understand_run(steps.run)
                    if also is not None:
                        also()
                applying = time.time_ns()
                aside = await self._applier.apply(connection, understood, singly=singly)
                applied = time.time_ns()
                self._metrics.quarantined.labels(self._source).inc(aside)
                position = steps.run[-1].position
            reason = disagreement_in(steps) if healed else None
            if reason is not None:
                await connection.execute(SQL["halt"], self._source, reason)
                self._alarm(reason)
            return _Outcome(position, reason is not None, steps, (applying, applied))

    @asynccontextmanager
    async def _transaction(self) -> AsyncIterator[asyncpg.Connection]:
        async with self._pool.acquire() as connection:
            try:
                async with connection.transaction():
                    # The pool's proxy has a connection's methods but not its type.
                    yield cast("asyncpg.Connection", connection)
            except asyncpg.InterfaceError as error:
                # What the driver says when it cannot even roll back; the fault behind it is the server's.
                if is_lost(connection):
                    raise ConnectionResetError("the database closed the connection") from error
                raise

    async def _known(
        self, connection: asyncpg.Connection, position: int, deliveries: Sequence[Delivery]
    ) -> dict[int, bytes]:
        applied = [delivery.position for delivery in deliveries if delivery.position <= position]
        if not applied:
            return {}
        return {
            row["position"]: row["chain_hash"] for row in await connection.fetch(SQL["known"], self._source, applied)
        }

    async def _store(
        self, connection: asyncpg.Connection, position: int, run: Sequence[Delivery], *, healed: bool
    ) -> None:
        await connection.execute(
            SQL["advance"],
            self._source,
            position,
            b"".join([delivery.chain_hash for delivery in run]),
            [delivery.envelope_bytes for delivery in run],
            [delivery.data for delivery in run],
            len(run) if healed else 0,
        )

    async def _heal(self, up_to: int) -> int:
        """Read the feed from the own position up to and including another, and apply it; return how far it got."""
        position = (await self.state()).position
        while position < up_to:
            page = await self._feed.read(position, min(_PAGE, up_to - position))
            self._heard_of(page.head.position)
            if not page.entries:
                break
            outcome = await self._advance([from_entry(entry) for entry in page.entries], healed=True)
            if outcome.halted:
                # Nothing more to find out: whatever is asked for now is skipped until the log is resumed.
                return up_to
            position = outcome.position
        return position

    async def _compare(self, state: InboxState) -> tuple[str | None, LogHead]:
        """Return how the source's feed disagrees with what was applied, if it does, and the source's head."""
        if state.position == 0:
            head = await self._feed.head()
            self._heard_of(head.position)
            return None, head
        page = await self._feed.read(state.position - 1, 1)
        self._heard_of(page.head.position)
        return disagreement_with(page, state.position, state.chain_hash), page.head

    async def _halt(self, reason: str) -> None:
        await self._pool.execute(SQL["halt"], self._source, reason)
        self._alarm(reason)

    def _alarm(self, reason: str) -> None:
        self._metrics.halted.labels(self._source).set(1)
        _log.error("inbox-halted", source=self._source, reason=reason)

    def _count(self, outcome: _Outcome, *, healed: bool) -> None:
        self._moved_to(outcome.position)
        self._metrics.duplicates.labels(self._source).inc(outcome.plan.duplicates)
        if healed:
            self._metrics.healed.labels(self._source).inc(len(outcome.plan.run))

    def _moved_to(self, position: int) -> None:
        self._position = max(self._position, position)
        self._metrics.position.labels(self._source).set(self._position)
        self._heard_of(position)

    def _heard_of(self, position: int) -> None:
        self._head = max(self._head, position)
        self._metrics.lag.labels(self._source).set(self.lag())

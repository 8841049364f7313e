"""Brings a run of events to the projection, and puts aside what cannot be applied.

What must not break: an event is either applied or in quarantine with its reason, in the transaction that moves the
position; nothing is dropped and nothing blocks what comes after. The happy path costs no round trip of its own: only
when the projection refuses a batch is the transaction repeated, event by event in savepoints.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import asyncpg
import structlog

from stickprov_contracts.topics import Source
from stickprov_kernel.database.queries import load_queries
from stickprov_kernel.inbox.protocols import Projection
from stickprov_kernel.log.records import Incoming
from stickprov_kernel.log.understanding import NotUnderstoodError, understand
from stickprov_kernel.messaging.delivery import Delivery
from stickprov_kernel.messaging.faults import describe, is_infrastructure

SQL = load_queries(__package__, "queries.sql")

_log = structlog.get_logger(__name__)


Aside = tuple[int, str, str]
"""An event for quarantine: its position, its type, and why."""


@dataclass(frozen=True, slots=True)
class UnderstoodRun:
    """A run of deliveries as far as it can be understood, in order, and what of it cannot."""

    understood: Sequence[Incoming]
    aside: Sequence[Aside]


def understand_run(run: Sequence[Delivery]) -> UnderstoodRun:
    """Read the events of deliveries."""
    understood: list[Incoming] = []
    aside: list[Aside] = []
    for delivery in run:
        try:
            understood.append(_incoming(delivery))
        except NotUnderstoodError as error:
            aside.append((delivery.position, delivery.envelope.type, str(error)))
    return UnderstoodRun(understood, aside)


class Applier:
    """Applies events of one source inside the inbox's transaction."""

    def __init__(self, source: Source, projection: Projection) -> None:
        self._source = source
        self._projection = projection

    async def apply(self, connection: asyncpg.Connection, run: UnderstoodRun, *, singly: bool) -> int:
        """Apply a run; return how many of its events went to quarantine.

        Args:
            connection: in a transaction.
            run: contiguous, checked and understood as far as can be.
            singly: each event in a savepoint of its own, so that the guilty one can be told.

        Raises:
            Exception: the projection refused the batch and ``singly`` was not asked for, or the infrastructure failed.
                The transaction is void either way.
        """
        aside = list(run.aside)
        if singly:
            aside += await self._apply_singly(connection, run.understood)
        elif run.understood:
            await self._projection.apply(connection, run.understood)
        if aside:
            await self._put_aside(connection, aside)
        return len(aside)

    async def apply_again(self, connection: asyncpg.Connection, delivery: Delivery) -> bool:
        """Apply a quarantined event and mark it, or note why it still cannot be applied; return whether it was."""
        try:
            incoming = _incoming(delivery)
        except NotUnderstoodError as error:
            reason: str | None = str(error)
        else:
            reason = await self._try(connection, incoming)
        if reason is None:
            await connection.execute(SQL["requeued"], self._source, delivery.position)
        else:
            await connection.execute(SQL["still_quarantined"], self._source, delivery.position, reason)
        return reason is None

    async def _apply_singly(self, connection: asyncpg.Connection, events: Sequence[Incoming]) -> list[Aside]:
        aside = []
        for event in events:
            reason = await self._try(connection, event)
            if reason is not None:
                aside.append((event.position, event.envelope.type, reason))
        return aside

    async def _try(self, connection: asyncpg.Connection, event: Incoming) -> str | None:
        """Apply one event in a savepoint; return why it could not be applied, None if it was."""
        try:
            async with connection.transaction():
                await self._projection.apply(connection, [event])
        except Exception as error:
            if is_infrastructure(error, connection):
                raise
            return describe(error)
        return None

    async def _put_aside(self, connection: asyncpg.Connection, aside: Sequence[Aside]) -> None:
        positions, types, reasons = (list(column) for column in zip(*aside, strict=True))
        await connection.execute(SQL["quarantine"], self._source, positions, types, reasons)
        for position, type_, reason in aside:
            _log.error("event-quarantined", source=self._source, position=position, type=type_, reason=reason)


def _incoming(delivery: Delivery) -> Incoming:
    event = understand(delivery.envelope.type, delivery.data)
    return Incoming(delivery.position, delivery.chain_hash, delivery.envelope, event)

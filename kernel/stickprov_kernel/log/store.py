"""The event store's protocol. One contract suite runs over every implementation.

What must not break: an answered commit is there for ever, once; two commits never both extend the same version.
"""

from collections.abc import Sequence
from typing import Protocol
from uuid import UUID

from stickprov_kernel.log.records import CommandContext, Head, History, Receipt, Sequenced, SideStatement, StreamAppend


class EventStore(Protocol):
    """Streams of events with optimistic locking and idempotent commands."""

    async def load(self, stream: str) -> History:
        """Return all events of a stream; an unknown stream has none."""
        ...

    async def answer_to(self, context: CommandContext) -> bytes | None:
        """Return the stored answer if this command was carried out before, else None.

        Raises:
            CommandReusedError: the id was used by another actor or for another request.
        """
        ...

    async def commit(
        self,
        context: CommandContext,
        appends: Sequence[StreamAppend],
        answer: bytes,
        also: Sequence[SideStatement] = (),
    ) -> Receipt:
        """Store the command, its answer and its events (none, one or many, in one or many streams) at once.

        A command that was carried out before stores nothing and returns the first answer.

        Raises:
            VersionConflictError: a stream is not at its expected version; nothing was stored.
            CommandReusedError: the id was used by another actor or for another request; nothing was stored.
        """
        ...


class LogReader(Protocol):
    """The sequenced log, in its total order."""

    async def head(self) -> Head:
        """Return the last position with its hashes; position 0 and 32 zero bytes for an empty log."""
        ...

    async def read(self, after: int, limit: int) -> list[Sequenced]:
        """Return up to ``limit`` entries with a position greater than ``after``, in order, without holes."""
        ...

    async def position_of(self, event_id: UUID) -> int | None:
        """Return the position of an event, None while it is not sequenced."""
        ...

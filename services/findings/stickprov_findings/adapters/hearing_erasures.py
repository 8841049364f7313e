"""Hears that the sampler erased who cases are: what was written about them goes with it.

What must not break: in the inbox's own transaction the notes and drafts of the erased cases go, and our log says once
that they went, however often the same events are applied. Only what is written about a case goes: comments, reasons,
answers in words, reasons of assignments. Conclusions, actions and statuses are of no case, and stay.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final
from uuid import UUID, uuid5

import asyncpg

from stickprov_contracts.events.erasure import CasesErased, FreeTextErased
from stickprov_contracts.streams import (
    assignment_stream,
    file_review_stream,
    free_text_stream,
    review_stream,
    second_review_stream,
)
from stickprov_findings.adapters import sql
from stickprov_kernel.database.pool import Connection
from stickprov_kernel.database.queries import load_queries
from stickprov_kernel.inbox.protocols import Projection
from stickprov_kernel.log.ids import new_id
from stickprov_kernel.log.postgres import PostgresStore
from stickprov_kernel.log.records import CommandContext, Incoming, PendingEvent, StreamAppend

SQL: Final = load_queries(sql.__name__, "erasing.sql")

_LOCKS: Final = int.from_bytes(b"eras")
"""The first half of the key of a draw's lock; the trigger of migration 0011 has it, too."""
_STREAMS: Final = (review_stream, second_review_stream, file_review_stream, assignment_stream)


@dataclass(frozen=True, slots=True)
class HearingErasures:
    """A projection of the sampler's log that erases free text.

    Attributes:
        projection: what the events change otherwise.
        store: of our own log.
    """

    projection: Projection
    store: PostgresStore

    async def apply(self, connection: asyncpg.Connection, events: Sequence[Incoming]) -> None:
        """Apply the events, then erase what goes with those that erased cases."""
        await self.projection.apply(connection, events)
        for incoming in events:
            if isinstance(incoming.event, CasesErased):
                await self._erase(connection, incoming, incoming.event)

    async def _erase(self, connection: asyncpg.Connection, incoming: Incoming, heard: CasesErased) -> None:
        await connection.execute(SQL["draw_alone"], _LOCKS, str(heard.draw))
        await connection.execute(SQL["write_erased_cases"], heard.draw, heard.cases)
        streams = list(streams_about(heard))
        notes = await _deleted(connection, "erase_notes", streams)
        drafts = await _deleted(connection, "erase_drafts", streams)
        stream = free_text_stream(heard.draw)
        told = await connection.fetch(SQL["told"], stream)
        known = [FreeTextErased.model_validate_json(row["data"]) for row in told]
        if any((one.erasure, one.cases) == (heard.erasure, heard.cases) for one in known):
            return
        event = FreeTextErased(
            **heard.model_dump(include={"erasure", "draw", "control_points", "cases"}), notes=notes, drafts=drafts
        )
        version = told[-1]["version"] if told else 0
        append = StreamAppend(stream, version, [PendingEvent(new_id(), event)])
        await self.store.commit_within(connection, _because_of(incoming), [append], b"{}")


def streams_about(heard: CasesErased) -> Iterable[str]:
    """Return every stream under which something may be written about the cases."""
    for point in heard.control_points:
        for case in heard.cases:
            yield from (stream(heard.draw, point, case) for stream in _STREAMS)


async def erase_again(connection: Connection) -> int:
    """Erase what is there about erased cases all the same; return how much there was."""
    return await _deleted(connection, "erase_notes_again") + await _deleted(connection, "erase_drafts_again")


async def _deleted(connection: Connection, statement: str, *arguments: object) -> int:
    tag: str = await connection.execute(SQL[statement], *arguments)
    return int(tag.rsplit(" ", 1)[1])


def _because_of(incoming: Incoming) -> CommandContext:
    """Return the command that an event of the sampler is to us: the same each time it is heard."""
    envelope = incoming.envelope
    cause = UUID(envelope.id)
    return CommandContext(
        command_id=uuid5(cause, "free-text"),
        actor=envelope.actor,
        request_hash=b"",
        time=datetime.now(UTC),
        correlation_id=UUID(envelope.correlationid),
        causation_id=cause,
    )

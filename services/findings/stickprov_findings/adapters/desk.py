"""Carries out review commands: read, decide, commit.

What must not break: a command that was carried out is answered again with its first answer, whatever has happened
since; of two commands on the same version one is carried out and the other decides again on what it finds then.
"""

import secrets
from collections.abc import Callable, Sequence
from typing import Final, Protocol, assert_never
from uuid import UUID

from stickprov_contracts.http.findings import Recorded
from stickprov_findings.adapters.sql.notes import writing
from stickprov_findings.domain.review.commands import Command, CorrectFinding, RecordFinding, ReviewKey, WithdrawFinding
from stickprov_findings.domain.review.decide import decide
from stickprov_findings.domain.review.evolve import ReviewEvent
from stickprov_findings.domain.review.note import Note
from stickprov_findings.domain.review.state import Review
from stickprov_kernel.errors import StickprovError, VersionConflictError
from stickprov_kernel.log.ids import new_id
from stickprov_kernel.log.records import CommandContext, PendingEvent, Receipt, StreamAppend
from stickprov_kernel.log.store import EventStore

_ATTEMPTS: Final = 5
_SALT_BYTES: Final = 32


class ReviewSource(Protocol):
    """Where reviews are read from."""

    async def load(self, key: ReviewKey) -> Review:
        """Return the review as it stands."""
        ...


class ReviewDesk:
    """The one way in for everything that changes a review."""

    def __init__(self, store: EventStore, reviews: ReviewSource, stored: Callable[[ReviewEvent], None]) -> None:
        """Take what it works with.

        Args:
            store: the findings log.
            reviews: where reviews are read from.
            stored: told of each event once it is committed, for the metrics.
        """
        self._store = store
        self._reviews = reviews
        self._stored = stored

    async def carry_out(self, context: CommandContext, command: Command) -> Receipt:
        """Carry out a command, or return the answer it got before.

        Raises:
            StickprovError: the command is refused; nothing was stored.
        """
        for _ in range(_ATTEMPTS - 1):
            try:
                return await self._attempt(context, command)
            except VersionConflictError:
                continue
        return await self._attempt(context, command)

    async def _attempt(self, context: CommandContext, command: Command) -> Receipt:
        review = await self._reviews.load(command.review)
        try:
            events = decide(command, review)
        except StickprovError:
            # Refused as a new command: it may be a retry of one that was carried out. Asked only now, so that the
            # usual case pays nothing for it.
            answer = await self._store.answer_to(context)
            if answer is None:
                raise
            return Receipt(answer, repeated=True)
        return await self._commit(context, command, review.version, events)

    async def _commit(
        self, context: CommandContext, command: Command, version: int, events: Sequence[ReviewEvent]
    ) -> Receipt:
        stream = command.review.stream
        pending = [PendingEvent(new_id(), event) for event in events]
        receipt = await self._store.commit(
            context,
            [StreamAppend(stream, version, pending)],
            _answer(command.review, pending[-1].id, version + len(pending)),
            also=writing(_notes(command), stream, context.time),
        )
        if not receipt.repeated:
            for event in events:
                self._stored(event)
        return receipt


def typed(text: str) -> Note:
    """Return a note with what somebody typed, under a new key and with a new salt."""
    return Note(new_id(), secrets.token_bytes(_SALT_BYTES), text)


def _answer(review: ReviewKey, event: UUID, version: int) -> bytes:
    answer = Recorded(
        event=event, draw=review.draw, control_point=review.control_point, case=review.case, version=version
    )
    return answer.model_dump_json().encode()


def _notes(command: Command) -> list[Note]:
    match command:
        case RecordFinding(comment=comment):
            return [comment] if comment else []
        case WithdrawFinding(reason=reason):
            return [reason]
        case CorrectFinding(comment=comment, reason=reason):
            return [comment, reason] if comment else [reason]
        case _:
            assert_never(command)

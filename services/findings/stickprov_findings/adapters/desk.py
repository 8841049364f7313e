"""Carries out review commands: read, decide, commit.

What must not break: a command that was carried out is answered again with its first answer, whatever has happened
since; of two commands on the same version one is carried out and the other decides again on what it finds then. What
somebody had filled in goes in the commit that ends their review.
"""

import secrets
from collections.abc import Callable
from typing import Final, Protocol
from uuid import UUID

from stickprov_contracts.events import type_name
from stickprov_contracts.http.findings import Recorded
from stickprov_findings.adapters.sql.drafts import dropping
from stickprov_findings.adapters.sql.reviews import ReviewRecord
from stickprov_findings.domain.review.commands import (
    Command,
    CorrectFinding,
    Found,
    RecordFinding,
    ReviewKey,
    SettleDisagreement,
)
from stickprov_findings.domain.review.decide import Decision, decide
from stickprov_findings.domain.review.note import NoteKeys
from stickprov_findings.domain.review.refusals import CaseNotDrawnError
from stickprov_findings.domain.review.status import ENDS_A_REVIEW, ReviewEvent
from stickprov_kernel.errors import StickprovError
from stickprov_kernel.log.attempts import until_undisturbed
from stickprov_kernel.log.ids import new_id
from stickprov_kernel.log.records import CommandContext, PendingEvent, Receipt, StreamAppend
from stickprov_kernel.log.store import EventStore
from stickprov_kernel.notes.keeping import keep_notes
from stickprov_kernel.sealing.sealing import Sealing

_SALT_BYTES: Final = 32


class ReviewSource(Protocol):
    """Where reviews are read from."""

    async def read(
        self, key: ReviewKey, actor: str, *, cleared: bool, number: int | None = None, second: bool = False
    ) -> ReviewRecord | None:
        """Return the review as it stands, None when no such case was drawn for whoever asks."""
        ...


class ReviewDesk:
    """The one way in for everything that changes a review."""

    def __init__(
        self, store: EventStore, sealing: Sealing, reviews: ReviewSource, stored: Callable[[ReviewEvent], None]
    ) -> None:
        """Take what it works with.

        Args:
            store: the findings log.
            sealing: seals free texts.
            reviews: where reviews are read from.
            stored: told of each event once it is committed, for the metrics.
        """
        self._store = store
        self._sealing = sealing
        self._reviews = reviews
        self._stored = stored

    async def carry_out(self, context: CommandContext, command: Command, *, cleared: bool) -> Receipt:
        """Carry out a command, or return the answer it got before.

        Args:
            context: who, when and under which command id.
            command: what.
            cleared: whether they are cleared for protected identities.

        Raises:
            StickprovError: the command is refused; nothing was stored.
        """
        return await until_undisturbed(lambda: self._attempt(context, command, cleared=cleared))

    async def _attempt(self, context: CommandContext, command: Command, *, cleared: bool) -> Receipt:
        record = await self._reviews.read(
            command.review,
            command.actor,
            cleared=cleared,
            number=_number(command),
            second=isinstance(command, SettleDisagreement),
        )
        if record is None:
            # Whatever was carried out before: whoever may not know of the case is not told by a retry either.
            await self._store.answer_to(context)
            raise CaseNotDrawnError(command.review)
        try:
            decision = decide(command, record.review)
        except StickprovError:
            # Refused as a new command: it may be a retry of one that was carried out. Asked only now, so that the
            # usual case pays nothing for it.
            answer = await self._store.answer_to(context)
            if answer is None:
                raise
            return Receipt(answer, repeated=True)
        if not decision.events:
            newest = record.history[-1]
            return Receipt(_answer(command.review, newest.event_id, newest.version), repeated=True)
        return await self._commit(context, command, record, decision)

    async def _commit(
        self, context: CommandContext, command: Command, record: ReviewRecord, decision: Decision
    ) -> Receipt:
        review, stream = record.review, command.review.stream
        pending = [PendingEvent(new_id(), event) for event in decision.events]
        appends = [StreamAppend(stream, review.version, pending)]
        if isinstance(command, SettleDisagreement) and review.beside is not None:
            # Nothing is added to the second review, but it must be the one that was looked at.
            appends.append(StreamAppend(command.review.stream_of("second-review"), review.beside.version, []))
        also = keep_notes(self._sealing, {stream: decision.notes}, context.time)
        if record.has_draft and any(type_name(event) in ENDS_A_REVIEW for event in decision.events):
            also += dropping(stream, command.actor)
        answer = _answer(command.review, pending[-1].id, review.version + len(pending))
        receipt = await self._store.commit(context, appends, answer, also=also)
        if not receipt.repeated:
            for event in decision.events:
                self._stored(event)
        return receipt


def new_keys() -> NoteKeys:
    """Return keys for the free texts of one command."""
    return NoteKeys(secrets.token_bytes(_SALT_BYTES))


def _number(command: Command) -> int | None:
    match command:
        case RecordFinding() | CorrectFinding():
            return command.found.number
        case SettleDisagreement():
            return command.holds.number if isinstance(command.holds, Found) else None
        case _:
            return None


def _answer(review: ReviewKey, event: UUID, version: int) -> bytes:
    answer = Recorded(
        event=event, draw=review.draw, control_point=review.control_point, case=review.case, version=version
    )
    return answer.model_dump_json().encode()

"""Decisions around an erasure: how long a control point's identities are kept, and what must not be erased.

What must not break: a stored answer holds no reason, because reasons can be erased and answers cannot.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID, uuid5

import asyncpg

from stickprov_contracts.events.erasure import LegalHoldLifted, LegalHoldPlaced, RetentionSet
from stickprov_contracts.http.erasure import Hold, LiftHold, PlacedHold, PlaceHold, Retention, SetRetention
from stickprov_contracts.streams import HOLDS_STREAM, retention_stream
from stickprov_kernel.errors import PreconditionFailedError
from stickprov_kernel.log.attempts import carry_out
from stickprov_kernel.log.records import CommandContext, Receipt, Recorded
from stickprov_kernel.log.store import EventStore
from stickprov_kernel.notes.keeping import keep_notes, texts_of, typed
from stickprov_kernel.sealing.sealing import Sealing
from stickprov_sampler.adapters.draws.showing import DrawUnknownError
from stickprov_sampler.adapters.sql.lists import Lists
from stickprov_sampler.adapters.streams import appended, draw_of, require_control_points
from stickprov_sampler.domain.draw.continuing import CaseUnknownError
from stickprov_sampler.domain.erasure import retention
from stickprov_sampler.domain.erasure.holding import decide_lifting, holds_of


@dataclass(frozen=True, slots=True)
class Deciding:
    """Sets retentions, places and lifts holds, and lists them."""

    store: EventStore
    pool: asyncpg.Pool
    sealing: Sealing
    lists: Lists

    async def set_retention(
        self, context: CommandContext, control_point: str, request: SetRetention, seen: int | None
    ) -> Receipt:
        """Decide how long a point's identities are kept; the receipt's answer is a ``Retention``.

        Raises:
            ControlPointUnknownError: there is no such point.
            PreconditionFailedError: the retention is at another version than ``seen``.
        """
        asked = RetentionSet(control_point=control_point, **request.model_dump())

        async def attempt() -> Receipt:
            await require_control_points(self.store, "control_point", [control_point])
            history = await self.store.load(retention_stream(control_point))
            if seen is not None and seen != history.version:
                raise PreconditionFailedError(
                    f"The retention of {control_point} is at version {history.version}, not {seen}. Read it again.",
                    current_version=history.version,
                )
            events = retention.decide(asked, retention.newest(one.event for one in history.events))
            answer = _retention(asked, history.version + len(events))
            return await self.store.commit(context, appended(history, events), answer.model_dump_json().encode())

        return await carry_out(self.store, context, attempt)

    async def retentions(self) -> list[Retention]:
        """Return the retention of every control point, by its id."""
        found = []
        for point in await self.lists.control_points():
            history = await self.store.load(retention_stream(point.control_point))
            newest = retention.newest(one.event for one in history.events)
            unset = RetentionSet(control_point=point.control_point, months=None)
            found.append(_retention(newest or unset, history.version))
        return found

    async def place(self, context: CommandContext, request: PlaceHold) -> Receipt:
        """Keep something from being erased; the receipt's answer is a ``PlacedHold``.

        Raises:
            ControlPointUnknownError, DrawUnknownError, CaseUnknownError: there is no such thing.
        """
        hold, note = uuid5(context.command_id, "hold"), typed(request.why)

        async def attempt() -> Receipt:
            await self._require(request)
            history = await self.store.load(HOLDS_STREAM)
            event = LegalHoldPlaced(hold=hold, why=note.reference, **request.model_dump(exclude={"why"}))
            return await self.store.commit(
                context,
                appended(history, [event]),
                PlacedHold(hold=hold).model_dump_json().encode(),
                also=keep_notes(self.sealing, {_notes_of(hold): [note]}, context.time),
            )

        return await carry_out(self.store, context, attempt)

    async def lift(self, context: CommandContext, hold: UUID, request: LiftHold) -> Receipt:
        """End a hold; the receipt's answer is a ``PlacedHold``.

        Raises:
            HoldUnknownError, HoldLiftedError: there is none to lift.
        """
        note = typed(request.why)

        async def attempt() -> Receipt:
            history = await self.store.load(HOLDS_STREAM)
            lifting = LegalHoldLifted(hold=hold, why=note.reference)
            events = decide_lifting(lifting, holds_of(one.event for one in history.events))
            return await self.store.commit(
                context,
                appended(history, events),
                PlacedHold(hold=hold).model_dump_json().encode(),
                also=keep_notes(self.sealing, {_notes_of(hold): [note]}, context.time),
            )

        return await carry_out(self.store, context, attempt)

    async def holds(self) -> list[Hold]:
        """Return every hold there ever was, oldest first."""
        events = (await self.store.load(HOLDS_STREAM)).events
        placed = [(one, one.event) for one in events if isinstance(one.event, LegalHoldPlaced)]
        texts = await texts_of(self.pool, self.sealing, [_notes_of(event.hold) for _, event in placed])
        return [_hold(one, event, events, texts) for one, event in placed]

    async def _require(self, request: PlaceHold) -> None:
        if request.control_point is not None:
            await require_control_points(self.store, "control_point", [request.control_point])
        if request.draw is None:
            return
        _, state = await draw_of(self.store, request.draw)
        if state.sample is None:
            raise DrawUnknownError.of(request.draw, seeded=state.seed is not None)
        if request.case is not None and request.case not in {one.case for one in state.cases}:
            raise CaseUnknownError(f"Draw {request.draw} has no case {request.case[:12]}... Check the two.")


def _notes_of(hold: UUID) -> str:
    """Return under which name the reasons of a hold are kept."""
    return f"{HOLDS_STREAM}/{hold}"


def _retention(event: RetentionSet, version: int) -> Retention:
    return Retention(**event.model_dump(), version=version)


def _hold(one: Recorded, event: LegalHoldPlaced, events: Sequence[Recorded], texts: dict[UUID, str]) -> Hold:
    lifted = [(it, it.event) for it in events if isinstance(it.event, LegalHoldLifted) and it.event.hold == event.hold]
    hold = Hold(
        **event.model_dump(include={"hold", "control_point", "draw", "case"}),
        placed=one.time,
        placed_by=one.actor,
        why=texts.get(event.why.note),
    )
    if not lifted:
        return hold
    end, lifting = lifted[0]
    told = {"lifted": end.time, "lifted_by": end.actor, "why_lifted": texts.get(lifting.why.note)}
    return hold.model_copy(update=told)

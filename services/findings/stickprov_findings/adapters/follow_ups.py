"""Carries out what is asked of the follow-up: read the stream, decide, commit.

What must not break: a stored answer holds no free text, because answers cannot be erased.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from stickprov_contracts.events import Event
from stickprov_contracts.events.follow_ups import (
    ActionFollowedUp,
    ActionProposed,
    ActionUpdated,
    PlanStatusReported,
)
from stickprov_contracts.http import follow_ups as api
from stickprov_contracts.streams import action_stream, conclusion_stream, plan_status_stream
from stickprov_findings.adapters.sql.follow_ups import FollowUpReader
from stickprov_findings.domain.follow_up import action, conclusion, plan_status
from stickprov_findings.domain.follow_up.problems import ControlPointUnknownError, RowNotInPlanError, fault, refuse
from stickprov_kernel.log.attempts import carry_out
from stickprov_kernel.log.ids import new_id
from stickprov_kernel.log.records import CommandContext, History, PendingEvent, Receipt, StreamAppend
from stickprov_kernel.log.store import EventStore
from stickprov_kernel.notes.keeping import keep_notes
from stickprov_kernel.notes.note import Note
from stickprov_kernel.sealing.sealing import Sealing


@dataclass(frozen=True, slots=True)
class FollowUpDesk:
    """The one way in for conclusions, actions and statuses of plans."""

    store: EventStore
    sealing: Sealing
    reader: FollowUpReader

    async def conclude(self, context: CommandContext, command: conclusion.Conclude) -> Receipt:
        """Conclude a control for a period.

        Raises:
            StickprovError: refused; nothing was stored.
        """

        async def attempt() -> Receipt:
            await self._require_point(command.control_point)
            period = command.period
            history = await self.store.load(conclusion_stream(command.control_point, period.start, period.end))
            event = conclusion.decide(command, history.version)
            return await self._commit(context, history, event, command.notes)

        return await carry_out(self.store, context, attempt, attempts=1)

    async def propose(self, context: CommandContext, command: action.Propose) -> Receipt:
        """Propose an action.

        Raises:
            StickprovError: refused; nothing was stored.
        """

        async def attempt() -> Receipt:
            await self._require_terms(command.terms)
            event, new = action.propose(command), History(action_stream(command.action))
            return await self._commit(context, new, event, command.notes, command.action)

        return await carry_out(self.store, context, attempt, attempts=1)

    async def update(self, context: CommandContext, command: action.Update) -> Receipt:
        """Change an action.

        Raises:
            StickprovError: refused; nothing was stored.
        """

        async def attempt() -> Receipt:
            history, state = await self._action(command.action)
            await self._require_terms(command.terms)
            texts = await self.reader.texts([state.description] if state else [])
            event = action.update(command, state, texts.of(state.description) if state else None)
            return await self._commit(context, history, event, command.notes, command.action)

        return await carry_out(self.store, context, attempt, attempts=1)

    async def follow_up(self, context: CommandContext, command: action.FollowUp) -> Receipt:
        """Tell what was found of an action.

        Raises:
            StickprovError: refused; nothing was stored.
        """

        async def attempt() -> Receipt:
            history, state = await self._action(command.action)
            event = action.follow_up(command, state)
            return await self._commit(context, history, event, command.notes, command.action)

        return await carry_out(self.store, context, attempt)

    async def report(self, context: CommandContext, command: plan_status.Report) -> Receipt:
        """Report how a row of a plan stands.

        Raises:
            StickprovError: refused; nothing was stored.
        """

        async def attempt() -> Receipt:
            known, plan = await self.reader.plan_of(command.control_point)
            if not known:
                raise RowNotInPlanError(command.plan, command.control_point)
            history = await self.store.load(plan_status_stream(command.plan, command.control_point))
            reported = [one.event for one in history.events if isinstance(one.event, PlanStatusReported)]
            event = plan_status.decide(command, plan, reported)
            return await self._commit(context, history, event, command.notes)

        return await carry_out(self.store, context, attempt)

    async def _action(self, id_: UUID) -> tuple[History, action.State | None]:
        history = await self.store.load(action_stream(id_))
        events = [
            one.event
            for one in history.events
            if isinstance(one.event, ActionProposed | ActionUpdated | ActionFollowedUp)
        ]
        return history, action.state_of(events)

    async def _require_point(self, control_point: str) -> None:
        known, _ = await self.reader.plan_of(control_point)
        if not known:
            raise ControlPointUnknownError(control_point)

    async def _require_terms(self, terms: action.Terms) -> None:
        if terms.control_point is not None:
            await self._require_point(terms.control_point)
        if terms.owner is not None and not await self.reader.is_listed(terms.owner):
            message = "Nobody in the staff list has this pseudonym. Choose somebody who is listed, or name a function."
            refuse([fault("owner", "owner-not-listed", message)])

    async def _commit(
        self, context: CommandContext, history: History, event: Event, notes: Sequence[Note], action: UUID | None = None
    ) -> Receipt:
        pending = PendingEvent(new_id(), event)
        answer = api.FollowUpKept(event=pending.id, version=history.version + 1, action=action)
        return await self.store.commit(
            context,
            [StreamAppend(history.stream, history.version, [pending])],
            answer.model_dump_json().encode(),
            also=keep_notes(self.sealing, {history.stream: notes}, context.time),
        )

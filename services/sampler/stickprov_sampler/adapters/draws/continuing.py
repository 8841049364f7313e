"""Extending a draw, replacing a case of it, and revealing its seed.

What must not break: a stored answer holds no note, because notes can be erased and answers cannot; no case comes to a
draw of a closed period.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from stickprov_contracts.events import Event
from stickprov_contracts.events.sampler import CaseDrawn
from stickprov_contracts.http.draws import ExtendDraw, ReplaceCase, Replacement
from stickprov_kernel.log.records import CommandContext, Receipt, SideStatement
from stickprov_kernel.log.store import EventStore, LogReader
from stickprov_kernel.notes.keeping import keep_notes, typed_if_any
from stickprov_kernel.notes.note import Note
from stickprov_sampler.adapters.draws.drawing import Drawing
from stickprov_sampler.adapters.draws.sampling import by_size
from stickprov_sampler.adapters.draws.seeds import Seeds
from stickprov_sampler.adapters.draws.showing import Shown, shown
from stickprov_sampler.adapters.erasing.refusing import forgotten_in, refuse_erased_draw, with_identities
from stickprov_sampler.adapters.erasing.statements import sharing_series
from stickprov_sampler.adapters.open_periods import commit_while_open
from stickprov_sampler.adapters.sql.vault import keep_drawn_cases
from stickprov_sampler.adapters.streams import appended, require_open
from stickprov_sampler.domain.draw import continuing
from stickprov_sampler.domain.draw.commitment import SeedNotSecretError
from stickprov_sampler.domain.draw.drawing import Positions, as_answer
from stickprov_sampler.domain.draw.logged import request_of
from stickprov_sampler.domain.draw.plan import Plan
from stickprov_sampler.domain.draw.selection import Selected
from stickprov_sampler.domain.draw.state import state_of


@dataclass(frozen=True, slots=True)
class Continuing:
    """Carries out what may happen to a draw after it was made. Two at once: the second is refused as a conflict."""

    store: EventStore
    reader: LogReader
    drawing: Drawing
    seeds: Seeds

    async def replace(self, context: CommandContext, draw: UUID, request: ReplaceCase) -> Receipt:
        """Let a spare take a case's place; the receipt's answer is a ``Replacement``.

        Raises:
            DrawUnknownError, CaseUnknownError, AlreadyReplacedError, NoSpareError: see there.
            PeriodClosedError: the draw's period is closed for one of its control points.
            IdentitiesErasedError: who its cases or its frame's units are has been erased.
        """
        if (earlier := await self.store.answer_to(context)) is not None:
            return Receipt(earlier, repeated=True)
        found = await self._open(draw)
        case = continuing.case_to_replace(request, found.state)
        plan = continuing.spare_plan(case, continuing.plan_now(found.state, found.sample))
        selected, identities = await self._selected(found, plan)
        command = continuing.TakeOut(request, typed_if_any(request.note))
        event, spare = continuing.decide_replacement(command, found.state, found.sample, plan, selected)
        answer = Replacement(
            draw=draw,
            case=event.case,
            replacement=event.replacement,
            order=spare.order,
            stratum=spare.stratum,
            month=spare.month,
            reason=event.reason,
        )
        notes = [command.note] if command.note else []
        return await self._commit(context, found, [event, spare], identities, answer.model_dump_json(), notes)

    async def extend(self, context: CommandContext, draw: UUID, request: ExtendDraw) -> Receipt:
        """Draw the next tickets too; the receipt's answer is a ``Draw``.

        Raises:
            DrawUnknownError, DesignError, AllocationError: see there.
            PeriodClosedError: the draw's period is closed for one of its control points.
            IdentitiesErasedError: who its cases or its frame's units are has been erased.
        """
        if (earlier := await self.store.answer_to(context)) is not None:
            return Receipt(earlier, repeated=True)
        found = await self._open(draw)
        plan = continuing.extended_plan(request, continuing.plan_now(found.state, found.sample))
        selected, identities = await self._selected(found, plan)
        event, cases = continuing.decide_extension(found.state, found.sample, plan, selected)
        told = [recorded.event for recorded in found.history.events]
        positions = Positions(
            found.draw.frame_position,
            found.draw.seed_position,
            found.draw.sample_position,
            found.draw.revealed_position,
        )
        answer = as_answer(state_of([*told, event, *cases]), found.frame.frame_name, positions, found.seed)
        return await self._commit(context, found, [event, *cases], identities, answer.model_dump_json())

    async def reveal(self, context: CommandContext, draw: UUID) -> Receipt:
        """Put the draw's secret seed into the log; the receipt's answer is a ``Draw``.

        Raises:
            DrawUnknownError: there is no such draw. SeedNotSecretError: its seed is no secret.
        """
        if (earlier := await self.store.answer_to(context)) is not None:
            return Receipt(earlier, repeated=True)
        found = await shown(self.store, self.reader, draw)
        if found.seed is not None or found.sample.seed_hash is None:
            raise SeedNotSecretError(f"The seed of draw {draw} stands in the log for everybody. Verify the draw.")
        history, event, forget = await self.seeds.revealing(found.sample.series, found.sample.seed_hash)
        answer = found.draw.model_copy(update={"seed": event.seed})
        return await self.store.commit(
            context, appended(history, [event]), answer.model_dump_json().encode(), also=[forget]
        )

    async def _open(self, draw: UUID) -> Shown:
        """Return a draw whose period is open; selecting takes long, and is not begun for nothing."""
        found = await shown(self.store, self.reader, draw)
        refuse_erased_draw(found.history, frozenset(case.case for case in found.state.cases))
        await with_identities(self.store, found.sample.frame)
        await require_open(self.store, found.sample.control_points, found.frame.period)
        return found

    async def _selected(self, found: Shown, plan: Plan) -> tuple[list[Selected], list[SideStatement]]:
        seed = found.seed or await self.seeds.secret(found.sample.seed_hash or "")
        file = await self.drawing.frame_file(found.frame)
        if plan.size_column is not None:
            # The log does not say the sizes that chances are shared out by; without them another rule would draw.
            survey = await asyncio.to_thread(self.drawing.sampling.survey, file, request_of(found.sample))
            plan = by_size(plan, survey)
        known = {case.case for case in found.state.cases}
        return await self.drawing.select(found.frame, plan, seed, known)

    async def _commit(
        self,
        context: CommandContext,
        found: Shown,
        events: list[Event],
        identities: list[SideStatement],
        answer: str,
        notes: Sequence[Note] = (),
    ) -> Receipt:
        stream = found.history.stream
        new = [one.case for one in events if isinstance(one, CaseDrawn)]
        forgotten = await forgotten_in(self.store, found.sample.series)
        erased = forgotten.erased(found.sample.draw, found.sample.control_points, new)
        return await commit_while_open(
            self.store,
            context,
            found.sample.control_points,
            found.frame.period,
            [
                *appended(found.history, [*events, *erased]),
                await with_identities(self.store, found.sample.frame),
                forgotten.unmoved,
            ],
            answer.encode(),
            also=[
                sharing_series(found.sample.series),
                keep_drawn_cases(found.sample.draw, new),
                *identities,
                *keep_notes(self.drawing.identity_files.sealing, {stream: notes}, context.time),
            ],
        )

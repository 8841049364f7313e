"""What can be asked of an erasure: whatever is due, a draw, a case, a person, the names of those who left.

What must not break: a retry of a command is answered as the first time; nothing held goes, whoever asks; what was typed
to find a person is neither stored nor told again.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID, uuid5

import asyncpg

from stickprov_contracts.events.erasure import ErasureCompleted, ErasureReason, StaffErased
from stickprov_contracts.http.erasure import CarriedOut, EraseCase, FoundPerson
from stickprov_contracts.streams import STAFF_STREAM, erasure_stream
from stickprov_kernel.log.ids import new_id
from stickprov_kernel.log.records import CommandContext, PendingEvent, Receipt, SideStatement, StreamAppend
from stickprov_kernel.log.store import EventStore
from stickprov_sampler.adapters.draws.showing import DrawUnknownError
from stickprov_sampler.adapters.erasing.forgetting import Forgetting
from stickprov_sampler.adapters.erasing.people import People
from stickprov_sampler.adapters.erasing.reading import DrawToErase, ErasureReader, Snapshot, day_of
from stickprov_sampler.adapters.erasing.statements import SQL
from stickprov_sampler.adapters.erasing.taking import Taking
from stickprov_sampler.adapters.streams import draw_of
from stickprov_sampler.domain.draw.continuing import CaseUnknownError
from stickprov_sampler.domain.erasure.refusals import LegalHoldError, StillListedError
from stickprov_sampler.domain.erasure.standing import held_of, kept_for_research

_NOTHING = CarriedOut(erasure=None, draws=0, cases=0, identities=0, notes=0, frames=0, series=0, staff=0)


@dataclass(frozen=True, slots=True)
class Erasing:
    """Carries erasures out.

    Attributes:
        erased: told of each that took something, for the metrics.
    """

    store: EventStore
    pool: asyncpg.Pool
    reader: ErasureReader
    taking: Taking
    people: People
    forgetting: Forgetting
    erased: Callable[[CarriedOut], None]

    async def due(self, context: CommandContext) -> Receipt:
        """Erase whatever is due; the receipt's answer is a ``CarriedOut``."""
        if (earlier := await self.store.answer_to(context)) is not None:
            return Receipt(earlier, repeated=True)
        on, erasure = day_of(context.time), _erasure_of(context)
        snapshot = await self.reader.snapshot()
        standing = {draw: snapshot.standing_of_draw(draw, on) for draw in snapshot.draws}
        notes = 0
        for draw in sorted(draw for draw, one in standing.items() if one.erasable):
            notes += await self.taking.of_draw(context, erasure, draw, "schedule", _whatever_is_due(context))
        await self.taking.of_frames(context, erasure, on)
        await self.taking.of_series(context, erasure)
        held = sum(1 for one in standing.values() if one.held and one.due is not None and one.due <= on)
        kept = sum(len(one.research) for one in standing.values() if one.erasable)
        return await self._complete(context, erasure, "schedule", notes, held, kept)

    async def draw(self, context: CommandContext, draw: UUID) -> Receipt:
        """Erase a draw before its time; the receipt's answer is a ``CarriedOut``.

        Raises:
            DrawUnknownError: there is no such draw.
            LegalHoldError: holds keep all that is left of it.
        """
        if (earlier := await self.store.answer_to(context)) is not None:
            return Receipt(earlier, repeated=True)
        snapshot = await self.reader.snapshot([draw])
        if draw not in snapshot.draws:
            raise DrawUnknownError.of(draw, seeded=False)
        of = snapshot.draws[draw].drawn
        kept = kept_for_research(of, snapshot.rules)
        held, _ = held_of(of, snapshot.holds)
        wanted = {draw: set(of.left) - kept}
        return await self._on_request(context, wanted, kept=len(kept - held), but_research=True)

    async def case(self, context: CommandContext, request: EraseCase) -> Receipt:
        """Erase a case, in every draw that has it; the receipt's answer is a ``CarriedOut``.

        Raises:
            CaseUnknownError: the draw never had such a case.
            LegalHoldError: holds keep it in every draw that has it.
        """
        _, state = await draw_of(self.store, request.draw)
        if request.case not in {case.case for case in state.cases}:
            raise CaseUnknownError(f"Draw {request.draw} has no case {request.case[:12]}... Check the two.")
        if (earlier := await self.store.answer_to(context)) is not None:
            return Receipt(earlier, repeated=True)
        if state.sample is None:
            raise DrawUnknownError.of(request.draw, seeded=True)
        return await self._forgetting(context, {state.sample.series: [request.case]}, [request.case])

    async def person(self, context: CommandContext, number: str) -> Receipt:
        """Erase every case of a person; the receipt's answer is a ``CarriedOut``.

        Raises:
            LegalHoldError: holds keep all of them.
        """
        if (earlier := await self.store.answer_to(context)) is not None:
            return Receipt(earlier, repeated=True)
        found = await self.people.find(number)
        return await self._forgetting(context, found.by_series, found.cases)

    async def preview(self, number: str) -> FoundPerson:
        """Return what an erasure of a person would find; nothing is stored."""
        found = await self.people.find(number)
        draws = await self.reader.draws_of(found.cases)
        snapshot = await self.reader.snapshot(list(draws))
        held = sum(len(cases & held_of(snapshot.draws[draw].drawn, snapshot.holds)[0]) for draw, cases in draws.items())
        return FoundPerson(
            searched=found.looks_like,
            cases=sum(map(len, draws.values())),
            draws=len(draws),
            held=held,
            frames=found.frames,
            frames_searched=found.searched,
        )

    async def staff(self, context: CommandContext, wanted: Iterable[str] | None) -> Receipt:
        """Erase the names of people who left the staff list; the receipt's answer is a ``CarriedOut``.

        Args:
            context: of the command.
            wanted: their pseudonyms; None for all who left.

        Raises:
            StillListedError: one of them is on the list.
        """
        if (earlier := await self.store.answer_to(context)) is not None:
            return Receipt(earlier, repeated=True)
        snapshot = await self.reader.snapshot([])
        asked = snapshot.staff_left if wanted is None else frozenset(wanted)
        if asked & snapshot.listed:
            raise StillListedError(
                f"{len(asked & snapshot.listed)} of these people are on the staff list. Read a staff list without them "
                "first; nothing was erased."
            )
        gone = sorted(asked & snapshot.staff_left)
        if not gone:
            return await self.store.commit(context, [], _NOTHING.model_dump_json().encode())
        erasure = _erasure_of(context)
        events = [
            StaffErased(erasure=erasure, staff=gone),
            ErasureCompleted(erasure=erasure, why="request", staff=len(gone)),
        ]
        done = _NOTHING.model_copy(update={"erasure": erasure, "staff": len(gone)})
        receipt = await self.store.commit(
            context,
            [
                StreamAppend(erasure_stream(erasure), 0, [PendingEvent(new_id(), event) for event in events]),
                StreamAppend(STAFF_STREAM, snapshot.versions[STAFF_STREAM], []),
            ],
            done.model_dump_json().encode(),
            also=[SideStatement(SQL["forget_staff"], (gone,))],
        )
        self.erased(done)
        await self.taking.reuse_room()
        return receipt

    async def _forgetting(
        self, context: CommandContext, by_series: Mapping[UUID, Collection[str]], cases: Collection[str]
    ) -> Receipt:
        """Forget cases where they may come from, and then erase them in every draw.

        The other way round, a draw that is made in between would bring them back.

        Raises:
            LegalHoldError: holds keep all of them.
        """
        forgot = [
            await self.forgetting.forget(context, _erasure_of(context), series, found)
            for series, found in sorted(by_series.items())
        ]
        holds = {hold for one in forgot for hold in one.holds}
        wanted = await self.reader.draws_of(cases)
        if holds and not wanted and not any(one.cases for one in forgot):
            raise LegalHoldError.of(holds)
        return await self._on_request(context, wanted)

    async def _on_request(
        self, context: CommandContext, wanted: Mapping[UUID, set[str]], *, kept: int = 0, but_research: bool = False
    ) -> Receipt:
        """Erase cases by draw, those that nothing holds.

        Args:
            context: of the command.
            wanted: cases by draw.
            kept: how many were left out for research.
            but_research: leave those, too, that are to be kept for it by then.

        Raises:
            LegalHoldError: that is none of them.
        """
        if (earlier := await self.store.answer_to(context)) is not None:
            return Receipt(earlier, repeated=True)
        snapshot = await self.reader.snapshot(list(wanted))
        held = {draw: held_of(snapshot.draws[draw].drawn, snapshot.holds) for draw in wanted}
        keeping = {draw: by for draw, (cases, by) in held.items() if cases & wanted[draw]}
        if keeping and all(wanted[draw] <= held[draw][0] for draw in wanted):
            raise LegalHoldError.of(hold for by in keeping.values() for hold in by)
        erasure, notes = _erasure_of(context), 0
        for draw in sorted(wanted):
            notes += await self.taking.of_draw(
                context, erasure, draw, "request", _unless_held(wanted[draw], but_research=but_research)
            )
        await self.taking.of_series(context, erasure)
        return await self._complete(context, erasure, "request", notes, len(keeping), kept)

    async def _complete(
        self, context: CommandContext, erasure: UUID, why: ErasureReason, notes: int, held: int, kept: int
    ) -> Receipt:
        stays = {"draws_held": held, "kept_for_research": kept}
        done = (await self._counted(erasure)).model_copy(update={"notes": notes, **stays})
        if not (done.draws or done.frames or done.series or done.identities or done.frames_rewritten):
            nothing = _NOTHING.model_copy(update=stays).model_dump_json().encode()
            # Nobody asks again for an hourly look that found nothing.
            return (
                await self.store.commit(context, [], nothing)
                if context.request_hash
                else Receipt(nothing, repeated=False)
            )
        counts = done.model_dump(exclude={"erasure", "draws_held"})
        event = PendingEvent(new_id(), ErasureCompleted(erasure=erasure, why=why, **counts))
        receipt = await self.store.commit(
            context, [StreamAppend(erasure_stream(erasure), 0, [event])], done.model_dump_json().encode()
        )
        self.erased(done)
        await self.taking.reuse_room()
        return receipt

    async def _counted(self, erasure: UUID) -> CarriedOut:
        """Return what the log says that an erasure took: a retry counts what was taken before it, too."""
        taken = await self.reader.taken_by(erasure)
        by_draw: dict[UUID, int] = {}
        people: set[str] = set()
        for event in taken.cases:
            by_draw[event.draw] = by_draw.get(event.draw, 0) + len(event.cases)
            people.update(event.cases)
        people.update(case for event in taken.forgotten for case in event.cases)
        kept: int = await self.pool.fetchval(SQL["identities_kept"], sorted(people))
        return _NOTHING.model_copy(
            update={
                "erasure": erasure,
                "draws": len(by_draw),
                "cases": sum(by_draw.values()),
                "identities": len(people) - kept,
                "frames": len(taken.frames),
                "series": len(taken.series),
                "frames_rewritten": len({frame for event in taken.forgotten for frame in event.frames}),
            }
        )


def _erasure_of(context: CommandContext) -> UUID:
    """Return an erasure's id, which a retry of its command has too."""
    return uuid5(context.command_id, "erasure")


def _whatever_is_due(context: CommandContext) -> Callable[[Snapshot, DrawToErase], Iterable[str]]:
    on = day_of(context.time)
    return lambda snapshot, of: snapshot.standing_of_draw(of.drawn.draw, on).erasable


def _unless_held(wanted: set[str], *, but_research: bool) -> Callable[[Snapshot, DrawToErase], Iterable[str]]:
    def choice(snapshot: Snapshot, of: DrawToErase) -> Iterable[str]:
        held, _ = held_of(of.drawn, snapshot.holds)
        kept = kept_for_research(of.drawn, snapshot.rules) if but_research else frozenset[str]()
        return (wanted & set(of.drawn.left)) - held - kept

    return choice

"""Drawing a sample: the frame's place in the log, then the seed, then the sample with its cases and their identities.

What must not break: the seed is committed by itself, before the sample is computed. A retry after a crash between the
two finds the seed and goes on with it.
"""

import asyncio
import secrets
from collections.abc import Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import ClassVar, Final
from uuid import UUID, uuid5

from stickprov_contracts.events.sampler import FrameFrozen, SampleDrawn
from stickprov_contracts.http.sampler import MakeDraw
from stickprov_kernel.errors import StickprovError, UnavailableError, VersionConflictError
from stickprov_kernel.log.records import CommandContext, History, Receipt, Recorded, SideStatement
from stickprov_kernel.log.signal import LogSignal
from stickprov_kernel.log.store import EventStore, LogReader
from stickprov_sampler.adapters.draws.sampling import Sampling, needs_counting
from stickprov_sampler.adapters.draws.seeds import Seeds
from stickprov_sampler.adapters.erasing.refusing import forgotten_in, with_identities
from stickprov_sampler.adapters.erasing.statements import sharing_series
from stickprov_sampler.adapters.frames.files import frame_path, hash_of
from stickprov_sampler.adapters.frames.identity_files import IdentityFile, IdentityFiles
from stickprov_sampler.adapters.open_periods import commit_while_open
from stickprov_sampler.adapters.sql.lists import Lists
from stickprov_sampler.adapters.sql.vault import keep_drawn_cases, keep_identities
from stickprov_sampler.adapters.streams import (
    appended,
    draw_of,
    frame_named,
    frame_of,
    require_control_points,
    require_open,
)
from stickprov_sampler.domain.draw import drawing
from stickprov_sampler.domain.draw.allocation import plan_draw
from stickprov_sampler.domain.draw.commitment import hash_of_seed
from stickprov_sampler.domain.draw.plan import Plan, started
from stickprov_sampler.domain.draw.refusals import DesignError
from stickprov_sampler.domain.draw.selection import Seeding, Selected
from stickprov_sampler.domain.draw.state import State, state_of
from stickprov_sampler.domain.draw.ticket import start_of

_SEED_BYTES: Final = 24
"""192 bits, which nobody guesses; its 48 digits and a pseudonym still fit into two blocks of SHA-256."""

_LONGEST_WAIT_SECONDS: Final = 10.0
_STEP_SECONDS: Final = 0.25


class FrameFileChangedError(StickprovError):
    """The frame's files are not there as they were frozen; no sample is drawn from what is left."""

    code: ClassVar[str] = "frame-file-changed"
    title: ClassVar[str] = "The frame file is not the frozen one"


@dataclass(frozen=True, slots=True)
class Prepared:
    """Everything about a draw that is settled before its seed is known."""

    frame: FrameFrozen
    frame_file: Path
    frame_position: int
    plan: Plan
    control_points: list[str]


@dataclass(frozen=True, slots=True)
class _Choice:
    """Which seed a draw gets.

    Attributes:
        secret: whether it is, or becomes, the series' committed one.
        given: from a ceremony, or from an earlier draw of the series.
        earlier: the samples of the series, if the draw is coordinated with them.
    """

    secret: bool
    given: str | None
    earlier: Sequence[SampleDrawn] = ()

    def coordinated_with(self, seed: str, seed_hash: str | None) -> UUID | None:
        """Return the first draw of the series that has this seed."""
        for sample in self.earlier:
            if sample.seed == seed or (seed_hash is not None and sample.seed_hash == seed_hash):
                return sample.draw
            if sample.seed_hash == hash_of_seed(seed):
                return sample.draw
        return None


@dataclass(frozen=True, slots=True)
class Drawing:
    """Draws samples.

    Attributes:
        frame_folder: where the frame files lie.
        identity_files: what the vault knows of frames' units.
    """

    store: EventStore
    reader: LogReader
    signal: LogSignal
    sampling: Sampling
    seeds: Seeds
    lists: Lists
    frame_folder: Path
    identity_files: IdentityFiles

    async def draw(self, context: CommandContext, request: MakeDraw) -> Receipt:
        """Draw a sample; the receipt's answer is a ``Draw``.

        Raises:
            BadInputError: the frame is not frozen, or does not hold what is asked for; a subclass says how.
            UnavailableError: the frame has no place in the log yet.
            FrameFileChangedError: the frame file is not the frozen one.
            IdentitiesErasedError: who the frame's units are has been erased.
        """
        earlier = await self.store.answer_to(context)
        if earlier is not None:
            return Receipt(earlier, repeated=True)
        prepared = await self._prepare(request)
        choice, prepared = await self._choose(request, prepared)
        if choice.secret:
            return await self._sample_secretly(context, prepared, choice)
        history, state = await self._seeded(context, prepared, choice.given)
        if state.sample is not None and (earlier := await self.store.answer_to(context)) is not None:
            return Receipt(earlier, repeated=True)  # the same command, sent twice at once
        if state.seed is None:
            raise drawing.NoSeedError("The draw has no seed. Send it again.")
        seed = state.seed.seed
        seeding = Seeding(state.seed.draw, seed, coordinated_with=choice.coordinated_with(seed, None))
        return await self._sample(context, prepared, history, state, seeding, seed)

    async def _sample_secretly(self, context: CommandContext, prepared: Prepared, choice: _Choice) -> Receipt:
        series = prepared.frame.series
        seed_hash = await self.seeds.commit(context, series, choice.given, secrets.token_hex(_SEED_BYTES))
        seed = await self.seeds.secret(seed_hash)
        draw = uuid5(context.command_id, "draw")
        history, state = await draw_of(self.store, draw)
        if state.sample is not None and (earlier := await self.store.answer_to(context)) is not None:
            return Receipt(earlier, repeated=True)
        seeding = Seeding(draw, None, seed_hash, choice.coordinated_with(seed, seed_hash))
        return await self._sample(context, prepared, history, state, seeding, seed)

    async def prepared_for_preview(self, request: MakeDraw) -> Prepared:
        """Check and settle everything that a draw would; nothing is stored.

        Raises:
            BadInputError: as for ``draw``.
        """
        return await self._prepare(request)

    async def _prepare(self, request: MakeDraw) -> Prepared:
        """Check everything that can be wrong before there is a seed."""
        recorded, frame = await self._frame(request)
        control_points = list(dict.fromkeys(request.control_points)) or [frame.control_point]
        await require_control_points(self.store, "control_points", control_points)
        await require_open(self.store, control_points, frame.period)
        await with_identities(self.store, frame.frame)
        counted = needs_counting(request)
        if counted:
            await self.frame_file(frame)
        file = frame_path(self.frame_folder, frame.frame_hash)
        survey = await asyncio.to_thread(self.sampling.survey, file, request) if counted else None
        plan = plan_draw(request, frame, survey)
        if not counted:
            await self.frame_file(frame)
        return Prepared(frame, file, await self._place_of(recorded), plan, control_points)

    async def _choose(self, request: MakeDraw, prepared: Prepared) -> tuple[_Choice, Prepared]:
        """Settle which seed the draw gets; a panel begins where the first draw of its series did."""
        series = prepared.frame.series
        coordinated = request.shift is not None or request.panel
        _, seeds = await self.seeds.of(series)
        if not (coordinated or request.secret):
            return _Choice(secret=False, given=request.seed), prepared
        earlier = await self.lists.samples_of(series)
        if request.panel and earlier:
            prepared = replace(prepared, plan=replace(prepared.plan, shift=earlier[0].shift))
        if request.secret or (seeds.open is not None and request.seed is None):
            if request.seed and seeds.open is not None and seeds.open.seed_hash != hash_of_seed(request.seed):
                raise DesignError.at("seed", "The series has a committed seed, and it is not this one. Leave seed out.")
            return _Choice(secret=True, given=request.seed, earlier=earlier), prepared
        known = [sample.seed or seeds.revealed.get(sample.seed_hash or "") for sample in earlier]
        given = request.seed or next((seed for seed in known if seed), None)
        return _Choice(secret=False, given=given, earlier=earlier), prepared

    async def _sample(
        self, context: CommandContext, prepared: Prepared, history: History, state: State, seeding: Seeding, seed: str
    ) -> Receipt:
        if prepared.plan.interval is not None:
            prepared = replace(prepared, plan=started(prepared.plan, start_of(seed, prepared.plan.interval)))
        frame = prepared.frame
        selected, identities = await self.select(frame, prepared.plan, seed)
        command = drawing.DrawSample(frame, prepared.plan, prepared.control_points, selected, seeding)
        sample, cases = drawing.decide_sample(command, state)
        seed_position = await self.reader.position_of(history.events[0].id) if history.events else None
        positions = drawing.Positions(prepared.frame_position, seed_position, None)
        forgotten = await forgotten_in(self.store, frame.series)
        erased = forgotten.erased(seeding.draw, prepared.control_points, [case.case for case in cases])
        return await commit_while_open(
            self.store,
            context,
            prepared.control_points,
            frame.period,
            [
                *appended(history, [sample, *cases, *erased]),
                await with_identities(self.store, frame.frame),
                forgotten.unmoved,
            ],
            drawing.as_answer(state_of([sample]), frame.frame_name, positions).model_dump_json().encode(),
            also=[
                sharing_series(frame.series),
                keep_drawn_cases(seeding.draw, [case.case for case in cases]),
                *identities,
            ],
        )

    async def _frame(self, request: MakeDraw) -> tuple[Recorded, FrameFrozen]:
        found = await frame_of(self.store, frame_named(request.frame))
        if found is None:
            raise drawing.FrameNotFrozenError.named(str(request.frame))
        return found

    async def _place_of(self, frame: Recorded) -> int:
        """Wait until the frame has its place in the log: only then may a seed exist."""
        loop = asyncio.get_running_loop()
        deadline = loop.time() + _LONGEST_WAIT_SECONDS
        while (position := await self.reader.position_of(frame.id)) is None:
            if loop.time() > deadline:
                raise UnavailableError("The frame has no place in the log yet, so its seed cannot be drawn. Try again.")
            await self.signal.wait_sequenced(_STEP_SECONDS)
        return position

    async def frame_file(self, frame: FrameFrozen) -> Path:
        """Return the frame's file, once it is certain that it is the frozen one.

        Raises:
            FrameFileChangedError: it is not, or the identity file is gone.
        """
        file = frame_path(self.frame_folder, frame.frame_hash)
        found = await asyncio.to_thread(hash_of, file)
        if found != frame.frame_hash:
            raise FrameFileChangedError(
                f"The file of frame “{frame.frame_name}” is {'gone' if found is None else 'changed'}. "
                f"Restore the file with SHA-256 {frame.frame_hash} from a backup."
            )
        await self._identity_file(frame)
        return file

    async def _seeded(self, context: CommandContext, prepared: Prepared, ceremony: str | None) -> tuple[History, State]:
        """Return the draw's stream with its seed in it: the one that is there, or a new one."""
        draw = uuid5(context.command_id, "draw")
        own = replace(context, command_id=uuid5(context.command_id, "seed"), causation_id=context.command_id)
        await self.store.answer_to(own)  # refuses the id if it stands for another request
        history, state = await draw_of(self.store, draw)
        command = drawing.DrawSeed(
            draw=draw,
            frame=prepared.frame,
            frame_position=prepared.frame_position,
            ceremony=ceremony,
            generated=secrets.token_hex(_SEED_BYTES),
        )
        events = drawing.decide_seed(command, state)
        if events:
            # A conflict is the same command, sent twice at once: its other run's seed is as good.
            with suppress(VersionConflictError):
                await self.store.commit(own, appended(history, events), f'{{"draw": "{draw}"}}'.encode())
            history, state = await draw_of(self.store, draw)
        return history, state

    async def _identity_file(self, frame: FrameFrozen) -> IdentityFile:
        file = await self.identity_files.of(frame.frame)
        if file is None:
            raise FrameFileChangedError(
                f"The key of the identity file of frame “{frame.frame_name}” is gone. Restore the sampler's database."
            )
        if not await asyncio.to_thread(file.path.is_file):
            raise FrameFileChangedError(
                f"The identity file of frame “{frame.frame_name}” is gone. Restore {file.path.name} from a backup."
            )
        return file

    async def select(
        self, frame: FrameFrozen, plan: Plan, seed: str, known: Collection[str] = ()
    ) -> tuple[list[Selected], list[SideStatement]]:
        """Return what a plan selects, and what keeps whom the cases stand for that are not known yet."""
        try:
            return await asyncio.to_thread(self._select, frame, await self._identity_file(frame), plan, seed, known)
        except FileNotFoundError:
            # Written anew meanwhile, without somebody who asked to be forgotten.
            return await asyncio.to_thread(self._select, frame, await self._identity_file(frame), plan, seed, known)

    def _select(
        self, frame: FrameFrozen, file: IdentityFile, plan: Plan, seed: str, known: Collection[str]
    ) -> tuple[list[Selected], list[SideStatement]]:
        selected = self.sampling.select(frame_path(self.frame_folder, frame.frame_hash), plan, seed)
        new = [unit.case for unit in selected if unit.case not in known]
        if not new:
            return selected, []
        with self.identity_files.opened(file) as clear:
            identities = self.sampling.identities(clear, new)
        kept = keep_identities(self.identity_files.sealing, [(frame.series, one) for one in identities])
        return selected, kept

"""Drawing a sample: the frame's place in the log, then the seed, then the sample with its cases and their identities.

What must not break: the seed is committed by itself, before the sample is computed. A retry after a crash between the
two finds the seed and goes on with it.
"""

import asyncio
import secrets
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import ClassVar, Final
from uuid import uuid5

from stickprov_contracts.events.sampler import FrameFrozen
from stickprov_contracts.http.sampler import MakeDraw
from stickprov_kernel.errors import StickprovError, UnavailableError, VersionConflictError
from stickprov_kernel.log.records import CommandContext, History, Receipt, Recorded
from stickprov_kernel.log.signal import LogSignal
from stickprov_kernel.log.store import EventStore, LogReader
from stickprov_sampler.adapters.draws.sampling import Identity, Sampling
from stickprov_sampler.adapters.frames.files import frame_path, hash_of, identity_path
from stickprov_sampler.adapters.sql.vault import keep_identities
from stickprov_sampler.adapters.streams import (
    appended,
    draw_of,
    frame_named,
    frame_of,
    require_control_points,
    require_open,
)
from stickprov_sampler.domain.draw import drawing
from stickprov_sampler.domain.draw.allocation import Plan, plan_draw
from stickprov_sampler.domain.draw.selection import Selected
from stickprov_sampler.domain.draw.state import State

_SEED_BYTES: Final = 24
"""192 bits, which nobody guesses; its 48 digits and a pseudonym still fit into two blocks of SHA-256."""

_LONGEST_WAIT_SECONDS: Final = 10.0
_STEP_SECONDS: Final = 0.25


class FrameFileChangedError(StickprovError):
    """The frame's files are not there as they were frozen; no sample is drawn from what is left."""

    code: ClassVar[str] = "frame-file-changed"
    title: ClassVar[str] = "The frame file is not the frozen one"


@dataclass(frozen=True, slots=True)
class _Prepared:
    frame: FrameFrozen
    frame_file: Path
    frame_position: int
    plan: Plan
    control_points: list[str]


@dataclass(frozen=True, slots=True)
class Drawing:
    """Draws samples.

    Attributes:
        frame_folder: where the frame files lie. vault_folder: where the identity files lie.
    """

    store: EventStore
    reader: LogReader
    signal: LogSignal
    sampling: Sampling
    frame_folder: Path
    vault_folder: Path

    async def draw(self, context: CommandContext, request: MakeDraw) -> Receipt:
        """Draw a sample; the receipt's answer is a ``Draw``.

        Raises:
            BadInputError: the frame is not frozen, or does not hold what is asked for; a subclass says how.
            UnavailableError: the frame has no place in the log yet.
            FrameFileChangedError: the frame file is not the frozen one.
        """
        earlier = await self.store.answer_to(context)
        if earlier is not None:
            return Receipt(earlier, repeated=True)
        prepared = await self._prepare(request)
        history, state = await self._seeded(context, prepared, request.seed)
        if state.sample is not None and (earlier := await self.store.answer_to(context)) is not None:
            return Receipt(earlier, repeated=True)  # the same command, sent twice at once
        return await self._sample(context, prepared, history, state)

    async def _prepare(self, request: MakeDraw) -> _Prepared:
        """Check everything that can be wrong before there is a seed."""
        recorded, frame = await self._frame(request)
        control_points = list(dict.fromkeys(request.control_points)) or [frame.control_point]
        await require_control_points(self.store, "control_points", control_points)
        await require_open(self.store, control_points, frame.period)
        plan = plan_draw(request, frame)
        return _Prepared(frame, await self._frame_file(frame), await self._place_of(recorded), plan, control_points)

    async def _sample(self, context: CommandContext, prepared: _Prepared, history: History, state: State) -> Receipt:
        if state.seed is None:
            raise drawing.NoSeedError("The draw has no seed. Send it again.")
        selected, identities = await asyncio.to_thread(self._select, prepared, state.seed.seed)
        frame = prepared.frame
        command = drawing.DrawSample(frame, prepared.plan, prepared.control_points, selected)
        sample, cases = drawing.decide_sample(command, state)
        seed_position = await self.reader.position_of(history.events[0].id)
        positions = drawing.Positions(prepared.frame_position, seed_position, None)
        return await self.store.commit(
            context,
            appended(history, [sample, *cases]),
            drawing.as_answer(sample, frame.frame_name, positions).model_dump_json().encode(),
            also=[keep_identities(frame.series, identities)],
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

    async def _frame_file(self, frame: FrameFrozen) -> Path:
        file = frame_path(self.frame_folder, frame.frame_hash)
        found = await asyncio.to_thread(hash_of, file)
        if found != frame.frame_hash:
            raise FrameFileChangedError(
                f"The file of frame “{frame.frame_name}” is {'gone' if found is None else 'changed'}. "
                f"Restore the file with SHA-256 {frame.frame_hash} from a backup."
            )
        identity_file = identity_path(self.vault_folder, frame.frame, frame.frame_hash)
        if not await asyncio.to_thread(identity_file.is_file):
            raise FrameFileChangedError(
                f"The identity file of frame “{frame.frame_name}” is gone. Restore {identity_file.name} from a backup."
            )
        return file

    async def _seeded(
        self, context: CommandContext, prepared: _Prepared, ceremony: str | None
    ) -> tuple[History, State]:
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

    def _select(self, prepared: _Prepared, seed: str) -> tuple[list[Selected], list[Identity]]:
        selected = self.sampling.select(prepared.frame_file, prepared.plan, seed)
        identity_file = identity_path(self.vault_folder, prepared.frame.frame, prepared.frame.frame_hash)
        return selected, self.sampling.identities(identity_file, [unit.case for unit in selected])

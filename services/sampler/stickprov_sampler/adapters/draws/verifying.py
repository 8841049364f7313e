"""Verifying a draw against the log and the frame file. It only reads, and it doubts what it reads."""

import asyncio
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from stickprov_contracts.http.sampler import DrawVerification
from stickprov_kernel.log.store import EventStore, LogReader
from stickprov_kernel.log.understanding import NotUnderstoodError
from stickprov_sampler.adapters.draws.sampling import Sampling
from stickprov_sampler.adapters.draws.showing import DrawUnknownError, positions_of
from stickprov_sampler.adapters.frames.files import frame_path, hash_of
from stickprov_sampler.adapters.streams import draw_of, frame_of
from stickprov_sampler.domain.draw.verification import Logged, Recomputed, plan_of, unreadable, verify


@dataclass(frozen=True, slots=True)
class Verifying:
    """Verifies draws.

    Attributes:
        frame_folder: where the frame files lie.
    """

    store: EventStore
    reader: LogReader
    sampling: Sampling
    frame_folder: Path

    async def verify(self, draw: UUID) -> DrawVerification:
        """Compute a draw again and tell the first difference.

        Raises:
            DrawUnknownError: there is no such draw.
        """
        try:
            history, state = await draw_of(self.store, draw)
            if state.sample is None:
                raise DrawUnknownError.of(draw, seeded=state.seed is not None)
            found = await frame_of(self.store, state.sample.frame)
        except NotUnderstoodError as error:
            return unreadable(draw, f"An event of the draw or its frame cannot be read: {error}.")
        if state.seed is None or found is None:
            return unreadable(draw, f"The log has no {'seed' if found else 'frame'} for the draw.")
        recorded, frame = found
        positions = await positions_of(self.reader, recorded, history)
        logged = Logged(frame, state.seed, state.sample, state.cases, positions)
        frame_file = frame_path(self.frame_folder, logged.frame.frame_hash)
        file_hash = await asyncio.to_thread(hash_of, frame_file)
        return await asyncio.to_thread(verify, logged, file_hash, lambda: self._recompute(logged, frame_file))

    def _recompute(self, logged: Logged, frame_file: Path) -> Recomputed:
        plan = plan_of(logged.sample, logged.frame)
        return Recomputed(
            strata=self.sampling.sizes(frame_file),
            selected=self.sampling.select(frame_file, plan, logged.seed.seed),
        )

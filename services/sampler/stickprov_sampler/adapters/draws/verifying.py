"""Verifying a draw against the log and the frame file. It only reads, and it doubts what it reads."""

import asyncio
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import asyncpg

from stickprov_contracts.events.draws import SeedCommitted
from stickprov_contracts.http.draws import DrawSql
from stickprov_contracts.http.sampler import DrawVerification
from stickprov_contracts.streams import series_stream
from stickprov_kernel.log.store import EventStore, LogReader
from stickprov_kernel.log.understanding import NotUnderstoodError
from stickprov_sampler.adapters.draws.sampling import Sampling, by_size
from stickprov_sampler.adapters.draws.showing import DrawUnknownError, positions_of, seed_tale, shown
from stickprov_sampler.adapters.draws.statements import statement_of, written_out
from stickprov_sampler.adapters.frames.files import frame_path, hash_of
from stickprov_sampler.adapters.sql import SQL
from stickprov_sampler.adapters.streams import draw_of, frame_of
from stickprov_sampler.domain.draw.commitment import SeedSecretError
from stickprov_sampler.domain.draw.continuing import plan_now
from stickprov_sampler.domain.draw.differences import Difference, Told, differs
from stickprov_sampler.domain.draw.logged import Altered, Logged, plan_of, request_of
from stickprov_sampler.domain.draw.recomputation import Recomputed
from stickprov_sampler.domain.draw.verification import unreadable, verify


@dataclass(frozen=True, slots=True)
class Verifying:
    """Verifies draws.

    Attributes:
        frame_folder: where the frame files lie.
    """

    store: EventStore
    reader: LogReader
    pool: asyncpg.Pool
    sampling: Sampling
    frame_folder: Path

    async def verify(self, draw: UUID) -> DrawVerification:
        """Compute a draw again and tell the first difference.

        Raises:
            DrawUnknownError: there is no such draw.
        """
        try:
            logged = await self._logged(draw)
        except NotUnderstoodError as error:
            return unreadable(draw, differs(Told.UNREADABLE, why=error))
        if isinstance(logged, Difference):
            return unreadable(draw, logged)
        frame_file = frame_path(self.frame_folder, logged.frame.frame_hash)
        file_hash = await asyncio.to_thread(hash_of, frame_file)
        return await asyncio.to_thread(verify, logged, file_hash, lambda: self._recompute(logged, frame_file))

    async def sql(self, draw: UUID) -> DrawSql:
        """Return the statement that repeats a draw.

        Raises:
            DrawUnknownError: there is no such draw. SeedSecretError: its seed is not revealed.
        """
        found = await shown(self.store, self.reader, draw)
        if found.seed is None:
            raise SeedSecretError("The statement needs the seed, which is secret until it is revealed.")
        plan = plan_now(found.state, found.sample)
        if plan.size_column is not None:
            survey = await asyncio.to_thread(
                self.sampling.survey, frame_path(self.frame_folder, found.frame.frame_hash), request_of(found.sample)
            )
            plan = by_size(plan, survey)
        file = f"{found.frame.frame_hash}.parquet"
        return DrawSql(draw=draw, file=file, sql=written_out(statement_of(plan, file, found.seed, bounded=False)))

    async def _logged(self, draw: UUID) -> Logged | Difference:
        """Return what the log says, or why it does not even make a draw."""
        history, state = await draw_of(self.store, draw)
        if state.sample is None:
            raise DrawUnknownError.of(draw, seeded=state.seed is not None)
        found = await frame_of(self.store, state.sample.frame)
        tale = await seed_tale(self.store, history, state.sample)
        if found is None:
            return differs(Told.NO_FRAME)
        if state.seed is None and tale.commitment is None:
            return differs(Told.NO_SEED)
        recorded, frame = found
        commitment = tale.commitment.event if tale.commitment else None
        return Logged(
            frame,
            state.seed,
            state.sample,
            state,
            await positions_of(self.reader, recorded, history, tale),
            commitment if isinstance(commitment, SeedCommitted) else None,
            tale.revealed,
            await self._altered([history.stream, recorded.stream, series_stream(state.sample.series)]),
        )

    async def _altered(self, streams: list[str]) -> Altered | None:
        row = await self.pool.fetchrow(SQL["altered"], streams)
        return None if row is None else Altered(*row)

    def _recompute(self, logged: Logged, frame_file: Path) -> Recomputed:
        survey = self.sampling.survey(frame_file, request_of(logged.sample))
        seed = logged.known_seed
        if seed is None:
            return Recomputed(survey, [])
        plan = by_size(plan_of(logged), survey)
        return Recomputed(survey, self.sampling.select(frame_file, plan, seed))

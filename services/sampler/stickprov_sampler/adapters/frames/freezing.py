"""Previewing and freezing a register file.

What must not break: nothing is half-imported. The files are complete and on disk before the commit that makes them a
frame; a freeze that did not come about leaves no file, no key and no event.
"""

import asyncio
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO
from uuid import UUID

from stickprov_contracts.events import Period
from stickprov_contracts.events.sampler import FrameFrozen
from stickprov_contracts.http.sampler import FrameFrozenAnswer, FrameOptions, FrameReport
from stickprov_contracts.streams import frame_stream
from stickprov_kernel.errors import VersionConflictError
from stickprov_kernel.log.ids import new_id
from stickprov_kernel.log.records import CommandContext, History, Receipt
from stickprov_kernel.log.store import EventStore
from stickprov_sampler.adapters.frames.reading import reading
from stickprov_sampler.adapters.frames.writing import Places, Written, write
from stickprov_sampler.adapters.sql.vault import keep_series_key
from stickprov_sampler.adapters.streams import appended, frame_of, require_control_points, require_open
from stickprov_sampler.adapters.workspace import workspace
from stickprov_sampler.domain.frame import freezing
from stickprov_sampler.domain.frame.name import frame_id
from stickprov_sampler.domain.period import parse_period


@dataclass(frozen=True, slots=True)
class _Made:
    report: FrameReport
    columns: list[str]
    source_hash: str
    written: Written


@dataclass(frozen=True, slots=True)
class Freezing:
    """Reads register files and freezes them.

    Attributes:
        frame_folder: where the frame files go.
        vault_folder: where the identity files go, and where files lie while they are read.
        staff_key: makes the handlers' pseudonyms.
        memory: DuckDB's limit, such as ``512MB``.
    """

    store: EventStore
    frame_folder: Path
    vault_folder: Path
    staff_key: bytes
    memory: str

    async def preview(self, source: BinaryIO, options: FrameOptions) -> FrameReport:
        """Return what a freeze would see; nothing is stored.

        Raises:
            BadInputError: the options or the file are wrong as a whole; a subclass says how.
        """
        period = parse_period(options.period)
        await require_control_points(self.store, "control_point", [options.control_point])
        return await asyncio.to_thread(self._look, source, options, period)

    async def freeze(self, context: CommandContext, source: BinaryIO, options: FrameOptions) -> Receipt:
        """Freeze a register file; the receipt's answer is a ``FrameFrozenAnswer``.

        Raises:
            BadInputError: options, file or any of its rows are wrong; a subclass says how.
            FrameNameTakenError: there is a frame with this name.
        """
        earlier = await self.store.answer_to(context)
        if earlier is not None:
            return Receipt(earlier, repeated=True)
        period = parse_period(options.period)
        await require_control_points(self.store, "control_point", [options.control_point])
        await require_open(self.store, [options.control_point], period)
        frame = frame_id(options.frame_name)
        freezing.check_name(await self._frozen(frame))
        series, series_key = new_id(), secrets.token_bytes(32)
        made = await asyncio.to_thread(self._make, source, options, period, frame, series_key)
        command = freezing.Freeze(
            frame_name=options.frame_name,
            control_point=options.control_point,
            period=period,
            series=series,
            report=made.report,
            frame_hash=made.written.frame_hash,
            source_hash=made.source_hash,
            columns=made.columns,
        )
        return await self._commit(context, command, series_key, made)

    async def _commit(
        self, context: CommandContext, command: freezing.Freeze, series_key: bytes, made: _Made
    ) -> Receipt:
        frame = frame_id(command.frame_name)
        (event,) = freezing.decide(command, None)
        answer = FrameFrozenAnswer(frame=freezing.as_answer(event, position=None), report=made.report)
        try:
            receipt = await self.store.commit(
                context,
                appended(History(frame_stream(frame)), [event]),
                answer.model_dump_json().encode(),
                also=[keep_series_key(command.series, series_key, context.time)],
            )
        except VersionConflictError:
            made.written.discard()
            freezing.check_name(await self._frozen(frame))
            raise
        if receipt.repeated:
            made.written.discard()
        return receipt

    async def _frozen(self, frame: UUID) -> FrameFrozen | None:
        found = await frame_of(self.store, frame)
        return found[1] if found else None

    def _look(self, source: BinaryIO, options: FrameOptions, period: Period) -> FrameReport:
        with (
            workspace(self.vault_folder) as work,
            reading(source, options, period, work, writable=work, memory=self.memory) as extract,
        ):
            return extract.report

    def _make(self, source: BinaryIO, options: FrameOptions, period: Period, frame: UUID, series_key: bytes) -> _Made:
        with (
            workspace(self.vault_folder) as vault_work,
            workspace(self.frame_folder) as frame_work,
            reading(source, options, period, vault_work, writable=frame_work, memory=self.memory) as extract,
        ):
            freezing.check_rows(extract.report)
            places = Places(self.frame_folder, frame_work, self.vault_folder, vault_work)
            written = write(extract, frame, series_key, self.staff_key, places)
            return _Made(extract.report, extract.plan.kept, extract.source_hash, written)

"""Previewing and freezing a register file.

What must not break: nothing is half-imported. The files are complete and on disk before the commit that makes them a
frame; a freeze that did not come about leaves no file, no key and no event.
"""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from uuid import UUID

from stickprov_contracts.events import Period
from stickprov_contracts.events.sampler import FrameFrozen
from stickprov_contracts.http.progress import FrameStage
from stickprov_contracts.http.sampler import FrameFrozenAnswer, FrameOptions, FrameReport
from stickprov_contracts.streams import frame_stream
from stickprov_kernel.errors import VersionConflictError
from stickprov_kernel.log.records import CommandContext, History, Receipt
from stickprov_kernel.log.store import EventStore
from stickprov_kernel.period import parse_period
from stickprov_kernel.sealing.sealing import Sealing
from stickprov_sampler.adapters.erasing.refusing import Forgotten, forgotten_in, with_series_key
from stickprov_sampler.adapters.erasing.statements import sharing_series
from stickprov_sampler.adapters.frames.files import frame_path
from stickprov_sampler.adapters.frames.listing import listing
from stickprov_sampler.adapters.frames.reading import Files, Stage, reading
from stickprov_sampler.adapters.frames.writing import Places, Written, write
from stickprov_sampler.adapters.open_periods import commit_while_open
from stickprov_sampler.adapters.protections import protecting
from stickprov_sampler.adapters.sql.series import SeriesKey, SeriesKeys
from stickprov_sampler.adapters.sql.vault import keep_frame_key, keep_series_keys
from stickprov_sampler.adapters.streams import appended, frame_named, frame_of, require_control_points, require_open
from stickprov_sampler.adapters.workspace import workspace
from stickprov_sampler.domain.erasure.refusals import IdentitiesErasedError
from stickprov_sampler.domain.frame import freezing
from stickprov_sampler.domain.frame.name import frame_id
from stickprov_sampler.domain.plan.closing import PeriodClosedError

_AT_ONCE: Final = 2


def _nobody(_stage: FrameStage) -> None:
    """Tell nobody."""


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
        keys: the keys of the series, in the vault.
        frame_folder: where the frame files go.
        sealing: seals the identity files.
        vault_folder: where the identity files go, and where files lie while they are read.
        staff_key: makes the handlers' pseudonyms.
        memory: DuckDB's limit, such as ``512MB``.
        turns: how many files are read at once, whoever has hung up meanwhile; each may take that memory, and others
            wait.
    """

    store: EventStore
    keys: SeriesKeys
    sealing: Sealing
    frame_folder: Path
    vault_folder: Path
    staff_key: bytes
    memory: str
    turns: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(_AT_ONCE))

    async def preview(self, files: Files, options: FrameOptions, stage: Stage = _nobody) -> FrameReport:
        """Return what a freeze would see; nothing is stored.

        Raises:
            BadInputError: the options or the file are wrong as a whole; a subclass says how.
        """
        period = parse_period(options.period)
        await require_control_points(self.store, "control_point", [options.control_point])
        if options.series is not None:
            await self._series(options.series)
        async with self.turns:
            return await asyncio.to_thread(self._look, files, options, period, stage)

    async def freeze(
        self, context: CommandContext, files: Files, options: FrameOptions, stage: Stage = _nobody
    ) -> Receipt:
        """Freeze a register file; the receipt's answer is a ``FrameFrozenAnswer``.

        Raises:
            BadInputError: options, file or any of its rows are wrong; a subclass says how.
            FrameNameTakenError: there is a frame with this name.
            PeriodClosedError: the period is closed for the control point, from the start or by now.
        """
        earlier = await self.store.answer_to(context)
        if earlier is not None:
            return Receipt(earlier, repeated=True)
        period = parse_period(options.period)
        await require_control_points(self.store, "control_point", [options.control_point])
        await require_open(self.store, [options.control_point], period)
        frame = frame_id(options.frame_name)
        freezing.check_name(await self._frozen(frame))
        key = await self._series(options.series) if options.series is not None else self.keys.new()
        forgotten = await forgotten_in(self.store, key.series)
        async with self.turns:
            made = await asyncio.to_thread(self._make, files, options, period, frame, key.key, forgotten, stage)
        command = freezing.Freeze(
            frame_name=options.frame_name,
            control_point=options.control_point,
            period=period,
            series=key.series,
            report=made.report,
            frame_hash=made.written.frame_hash,
            listing_hash=made.written.listing_hash,
            source_hash=made.source_hash,
            columns=made.columns,
            filter=options.filter,
            extract_date=options.extract_date,
        )
        stage(FrameStage(stage="storing", rows=made.report.accepted))
        return await self._commit(context, command, key, made, forgotten)

    def listing(self, frame_hash: str) -> Iterator[bytes] | None:
        """Return a frame's listing in chunks, read as they are asked for; None when the frame file is gone. Blocks."""
        file = frame_path(self.frame_folder, frame_hash)
        return listing(file, self.frame_folder, memory=self.memory) if file.exists() else None

    async def _commit(
        self, context: CommandContext, command: freezing.Freeze, key: SeriesKey, made: _Made, forgotten: Forgotten
    ) -> Receipt:
        frame = frame_id(command.frame_name)
        (event,) = freezing.decide(command, None)
        # Answers are kept, and how many of a frame are protected is nobody's to keep.
        report = made.report.model_copy(update={"protected": None})
        answer = FrameFrozenAnswer(frame=freezing.as_answer(event, position=None), report=report)
        try:
            receipt = await commit_while_open(
                self.store,
                context,
                [command.control_point],
                command.period,
                [
                    *appended(History(frame_stream(frame)), [event]),
                    *([] if key.is_new else [await with_series_key(self.store, key.series), forgotten.unmoved]),
                ],
                answer.model_dump_json().encode(),
                also=[
                    sharing_series(key.series),
                    keep_frame_key(frame, key.series, made.written.identity_file.name, made.written.identity_key),
                    *([keep_series_keys(self.sealing, [(key.series, key.key, context.time)])] if key.is_new else []),
                    *([] if key.is_new else protecting(made.written.protected)),
                ],
            )
        except (VersionConflictError, PeriodClosedError, IdentitiesErasedError):
            winner = await self._frozen(frame)
            _discard(made, key, winner)
            freezing.check_name(winner)
            raise
        if receipt.repeated:
            _discard(made, key, await self._frozen(frame))
        return receipt

    async def _series(self, named: str) -> SeriesKey:
        """Return the key of the series that an option names, by its own id or by a frame of it."""
        found = await frame_of(self.store, frame_named(named))
        try:
            series = found[1].series if found else UUID(named)
        except ValueError:
            raise freezing.SeriesUnknownError.named(named, "There is no frame of that name.") from None
        key = await self.keys.of(series)
        if key is None:
            raise freezing.SeriesUnknownError.named(named, "The vault has no key for that series.")
        return key

    async def _frozen(self, frame: UUID) -> FrameFrozen | None:
        found = await frame_of(self.store, frame)
        return found[1] if found else None

    def _look(self, files: Files, options: FrameOptions, period: Period, stage: Stage) -> FrameReport:
        with (
            workspace(self.vault_folder) as work,
            reading(files, options, period, work, writable=work, memory=self.memory, stage=stage) as extract,
        ):
            return extract.report

    def _make(
        self,
        files: Files,
        options: FrameOptions,
        period: Period,
        frame: UUID,
        series_key: bytes,
        forgotten: Forgotten,
        stage: Stage,
    ) -> _Made:
        with (
            workspace(self.vault_folder) as vault_work,
            workspace(self.frame_folder) as frame_work,
            reading(
                files, options, period, vault_work, writable=frame_work, memory=self.memory, stage=stage
            ) as extract,
        ):
            freezing.check_rows(extract.report)
            left_out = frozenset(forgotten.erasures)
            places = Places(self.frame_folder, frame_work, self.vault_folder, vault_work, self.sealing, left_out)
            written = write(extract, frame, series_key, self.staff_key, places, stage)
            return _Made(extract.report, extract.columns, extract.source_hash, written)


def _discard(made: _Made, key: SeriesKey, winner: FrameFrozen | None) -> None:
    """Remove the files of a freeze that did not come about, but no frame file that the frame that did is made of.

    In a series of several frames, another frame may have the very same file.
    """
    same = winner is not None and winner.frame_hash == made.written.frame_hash
    made.written.discard(frame_file=key.is_new and not same)

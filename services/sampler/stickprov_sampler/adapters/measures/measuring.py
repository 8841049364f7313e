"""Making a register measure, showing it, and counting it again."""

import asyncio
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar
from uuid import UUID, uuid5

from stickprov_contracts.events.measures import RegisterMeasured
from stickprov_contracts.events.sampler import FrameFrozen
from stickprov_contracts.http.measures import MakeMeasure, Measure, MeasurePreview, MeasureVerification
from stickprov_contracts.streams import measure_stream
from stickprov_kernel.errors import NotFoundError
from stickprov_kernel.log.records import CommandContext, Receipt, Recorded
from stickprov_kernel.log.store import EventStore, LogReader
from stickprov_sampler.adapters.draws.drawing import FrameFileChangedError
from stickprov_sampler.adapters.frames.files import frame_path, hash_of
from stickprov_sampler.adapters.measures.counting import Counting
from stickprov_sampler.adapters.open_periods import commit_while_open
from stickprov_sampler.adapters.streams import appended, frame_named, frame_of, require_control_points
from stickprov_sampler.domain.draw.drawing import FrameNotFrozenError
from stickprov_sampler.domain.measure import measuring


class MeasureUnknownError(NotFoundError):
    """No measure has this id."""

    code: ClassVar[str] = "measure-unknown"
    title: ClassVar[str] = "There is no such measure"


@dataclass(frozen=True, slots=True)
class Measuring:
    """Makes and verifies register measures.

    Attributes:
        frame_folder: where the frame files lie.
    """

    store: EventStore
    reader: LogReader
    counting: Counting
    frame_folder: Path

    async def measure(self, context: CommandContext, asked: MakeMeasure) -> Receipt:
        """Count a rule over a frame; the receipt's answer is a ``Measure``.

        Raises:
            BadInputError: the frame is not frozen, or the rule does not fit it; a subclass says how.
            FrameFileChangedError: the frame file is not the frozen one.
            PeriodClosedError: the frame's period is closed for a control point.
        """
        earlier = await self.store.answer_to(context)
        if earlier is not None:
            return Receipt(earlier, repeated=True)
        frame, control_points = await self._asked(asked)
        measure = uuid5(context.command_id, "measure")
        history = await self.store.load(measure_stream(measure))
        counted = await asyncio.to_thread(self._count, frame, asked)
        event = measuring.measured(measure, asked, frame, control_points, counted)
        answer = measuring.as_answer(event, frame.frame_name, None)
        return await commit_while_open(
            self.store,
            context,
            control_points,
            frame.period,
            appended(history, [event]),
            answer.model_dump_json().encode(),
        )

    async def preview(self, asked: MakeMeasure) -> MeasurePreview:
        """Return what a rule counts in a frame. Nothing is stored; raises as ``measure`` does."""
        frame, _ = await self._asked(asked)
        counted = await asyncio.to_thread(self._count, frame, asked)
        return MeasurePreview(numerator=counted.numerator, denominator=counted.denominator, cells=list(counted.cells))

    async def show(self, measure: UUID) -> Measure:
        """Return a measure.

        Raises:
            MeasureUnknownError: there is none.
        """
        recorded, event = await self._measured(measure)
        frame = await self._frame(event)
        return measuring.as_answer(event, frame.frame_name, await self.reader.position_of(recorded.id))

    async def verify(self, measure: UUID) -> MeasureVerification:
        """Count a measure again from the frame file and tell the first difference.

        Raises:
            MeasureUnknownError: there is none.
        """
        _, event = await self._measured(measure)
        frame = await self._frame(event)
        try:
            counted = await asyncio.to_thread(self._count, frame, measuring.question_of(event))
        except FrameFileChangedError as error:
            return measuring.different(measure, str(error))
        return measuring.compare(event, frame, counted)

    async def _asked(self, asked: MakeMeasure) -> tuple[FrameFrozen, list[str]]:
        """Return the frame, and the control points that the measure serves."""
        found = await frame_of(self.store, frame_named(asked.frame))
        if found is None:
            raise FrameNotFrozenError.named(str(asked.frame))
        control_points = list(dict.fromkeys(asked.control_points)) or [found[1].control_point]
        await require_control_points(self.store, "control_points", control_points)
        return found[1], control_points

    async def _measured(self, measure: UUID) -> tuple[Recorded, RegisterMeasured]:
        for recorded in (await self.store.load(measure_stream(measure))).events:
            if isinstance(recorded.event, RegisterMeasured):
                return recorded, recorded.event
        raise MeasureUnknownError(f"There is no measure {measure}.")

    async def _frame(self, event: RegisterMeasured) -> FrameFrozen:
        found = await frame_of(self.store, event.frame)
        if found is None:
            raise NotFoundError(f"The frame of measure {event.measure} is not in the log.")
        return found[1]

    def _count(self, frame: FrameFrozen, asked: MakeMeasure) -> measuring.Counted:
        file = frame_path(self.frame_folder, frame.frame_hash)
        found = hash_of(file)
        if found != frame.frame_hash:
            raise FrameFileChangedError(
                f"The file of frame “{frame.frame_name}” is {'gone' if found is None else 'changed'}. "
                f"Restore the file with SHA-256 {frame.frame_hash} from a backup."
            )
        return self.counting.count(file, asked)

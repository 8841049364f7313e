"""The sampler's calls."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import date
from pathlib import Path
from urllib.parse import quote
from uuid import UUID, uuid4

import httpx

from stickprov_client.api.draws import DrawSteps
from stickprov_client.api.transport import Call
from stickprov_client.api.upload import Content, Upload
from stickprov_contracts.http.measures import MakeMeasure, Measure, MeasurePreview, MeasureVerification
from stickprov_contracts.http.planning import PlannedSize, PlanSize
from stickprov_contracts.http.sampler import (
    ControlPoint,
    DefineControlPoint,
    Draw,
    DrawnCase,
    DrawVerification,
    Frame,
    FrameFrozenAnswer,
    FrameOptions,
    FrameReport,
    MakeDraw,
)
from stickprov_contracts.http.schedules import DueSchedule, Schedule, SetSchedule


class SamplerClient(DrawSteps):
    """Control points, frames and draws. Every command takes an id; one is made when it is left out."""

    async def define(
        self, control_point: str, definition: DefineControlPoint, *, command: UUID | None = None
    ) -> ControlPoint:
        path = f"/v1/control-points/{control_point}"
        call = Call(method="PUT", path=path, body=definition, command=command or uuid4())
        return await self.transport.fetch(ControlPoint, call)

    async def control_points(self) -> list[ControlPoint]:
        return await self.transport.fetch(list[ControlPoint], Call(path="/v1/control-points"))

    async def control_point(self, control_point: str) -> ControlPoint:
        return await self.transport.fetch(ControlPoint, Call(path=f"/v1/control-points/{control_point}"))

    async def preview(self, upload: Upload) -> FrameReport:
        """Have a register file read and judged; nothing is stored."""
        return await self.transport.fetch(FrameReport, Call(method="POST", path="/v1/frames/preview", upload=upload))

    async def freeze(self, upload: Upload, *, command: UUID | None = None) -> FrameFrozenAnswer:
        call = Call(method="POST", path="/v1/frames", upload=upload, command=command or uuid4())
        return await self.transport.fetch(FrameFrozenAnswer, call)

    async def frame(self, frame: UUID | str) -> Frame:
        return await self.transport.fetch(Frame, Call(path=f"/v1/frames/{quote(str(frame), safe='')}"))

    @asynccontextmanager
    async def listing(self, frame: UUID | str) -> AsyncIterator[httpx.Response]:
        """Ask for a frame's units as a text, which comes piece by piece."""
        call = Call(path=f"/v1/frames/{quote(str(frame), safe='')}/listing")
        async with self.transport.passing_on(call) as response:
            yield response

    async def frames(self) -> list[Frame]:
        return await self.transport.fetch(list[Frame], Call(path="/v1/frames"))

    async def make_draw(self, request: MakeDraw, *, command: UUID | None = None) -> Draw:
        call = Call(method="POST", path="/v1/draws", body=request, command=command or uuid4())
        return await self.transport.fetch(Draw, call)

    async def draws(self) -> list[Draw]:
        return await self.transport.fetch(list[Draw], Call(path="/v1/draws"))

    async def draw(self, draw: UUID) -> Draw:
        return await self.transport.fetch(Draw, Call(path=f"/v1/draws/{draw}"))

    async def cases(self, draw: UUID) -> list[DrawnCase]:
        return await self.transport.fetch(list[DrawnCase], Call(path=f"/v1/draws/{draw}/cases"))

    async def measure(self, asked: MakeMeasure, *, command: UUID | None = None) -> Measure:
        """Have a rule counted over a frozen frame."""
        call = Call(method="POST", path="/v1/measures", body=asked, command=command or uuid4())
        return await self.transport.fetch(Measure, call)

    async def preview_measure(self, asked: MakeMeasure) -> MeasurePreview:
        """Ask what a rule would count; nothing is stored."""
        return await self.transport.fetch(MeasurePreview, Call(method="POST", path="/v1/measures/preview", body=asked))

    async def measures(self) -> list[Measure]:
        return await self.transport.fetch(list[Measure], Call(path="/v1/measures"))

    async def shown_measure(self, measure: UUID) -> Measure:
        return await self.transport.fetch(Measure, Call(path=f"/v1/measures/{measure}"))

    async def verify_measure(self, measure: UUID) -> MeasureVerification:
        """Have a measure counted again and compared."""
        return await self.transport.fetch(MeasureVerification, Call(path=f"/v1/measures/{measure}/verification"))

    async def set_schedule(self, control_point: str, asked: SetSchedule, *, command: UUID | None = None) -> Schedule:
        path = f"/v1/schedules/{control_point}"
        return await self.transport.fetch(
            Schedule, Call(method="PUT", path=path, body=asked, command=command or uuid4())
        )

    async def due_schedule(self, on: date | None = None, control_point: str | None = None) -> DueSchedule:
        """Read what is missing on a day; the service's own when left out."""
        parameters = {"on": on.isoformat() if on else None, "control_point": control_point}
        return await self.transport.fetch(DueSchedule, Call(path="/v1/schedule", parameters=parameters))

    async def plan_size(self, asked: PlanSize) -> PlannedSize:
        """Ask how many cases a sample needs; nothing is stored."""
        return await self.transport.fetch(PlannedSize, Call(method="POST", path="/v1/plan-size", body=asked))

    async def verify(self, draw: UUID) -> DrawVerification:
        return await self.transport.fetch(DrawVerification, Call(path=f"/v1/draws/{draw}/verification"))


def upload_of(
    file: Path | Content,
    options: FrameOptions,
    progress: Callable[[int], None] | None = None,
    subunits: Path | Content | None = None,
) -> Upload:
    """Put a register file and its reading options into one upload."""
    return Upload(file=file, options=options.model_dump_json(exclude_none=True), progress=progress, subunits=subunits)

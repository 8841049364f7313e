"""A draw looked at before it is made; nothing is stored."""

import asyncio
from dataclasses import dataclass

from stickprov_contracts.http.draws import DrawPreview, PreviewDraw
from stickprov_kernel.log.store import EventStore
from stickprov_sampler.adapters.draws.drawing import Drawing, Prepared
from stickprov_sampler.adapters.draws.sampling import Sampling
from stickprov_sampler.adapters.sql.lists import Lists
from stickprov_sampler.adapters.streams import draw_of
from stickprov_sampler.domain.draw.preview import Last, preview


@dataclass(frozen=True, slots=True)
class Previewing:
    """Looks at draws before they are made."""

    store: EventStore
    lists: Lists
    drawing: Drawing
    sampling: Sampling

    async def preview(self, request: PreviewDraw) -> DrawPreview:
        """Return what a draw would be.

        Raises:
            BadInputError: what a draw would refuse is refused here too.
        """
        prepared = await self.drawing.prepared_for_preview(request)
        coordinated = request.shift is not None or request.panel
        return preview(request, prepared.plan, None if coordinated else await self._last(prepared))

    async def _last(self, prepared: Prepared) -> Last | None:
        """Return the draw of the series that is nearest before the frame's period."""
        frame = prepared.frame
        earlier = [
            sample for sample in await self.lists.samples_of(frame.series) if sample.period.start < frame.period.start
        ]
        if not earlier:
            return None
        last = max(earlier, key=lambda sample: sample.period.start)
        _, state = await draw_of(self.store, last.draw)
        cases = [case.case for case in state.cases]
        found = await asyncio.to_thread(self.sampling.present, prepared.frame_file, cases)
        return Last(str(last.draw), last.period.label, found)

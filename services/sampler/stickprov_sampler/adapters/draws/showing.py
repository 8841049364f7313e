"""A draw as it stands in the log, with the positions that prove its order."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from stickprov_contracts.events.sampler import CaseDrawn, SampleDrawn, SeedDrawn
from stickprov_contracts.http.sampler import Draw
from stickprov_kernel.errors import NotFoundError
from stickprov_kernel.log.records import History, Recorded
from stickprov_kernel.log.store import EventStore, LogReader
from stickprov_sampler.adapters.streams import draw_of, frame_of
from stickprov_sampler.domain.draw.drawing import Positions, as_answer


class DrawUnknownError(NotFoundError):
    """No draw has this id, or its sample is not drawn."""

    code: ClassVar[str] = "draw-unknown"
    title: ClassVar[str] = "There is no such draw"

    @classmethod
    def of(cls, draw: UUID, *, seeded: bool) -> "DrawUnknownError":
        """Return the error; ``seeded``: the draw was interrupted between its seed and its sample."""
        if seeded:
            return cls(f"Draw {draw} has a seed and no sample: it was interrupted. Send its command again.")
        return cls(f"There is no draw {draw}.")


@dataclass(frozen=True, slots=True)
class Shown:
    """A draw as the API shows it, and the events it is made of."""

    draw: Draw
    sample: SampleDrawn
    cases: tuple[CaseDrawn, ...]


async def shown(store: EventStore, reader: LogReader, draw: UUID) -> Shown:
    """Return a draw.

    Raises:
        DrawUnknownError: there is no such draw.
    """
    history, state = await draw_of(store, draw)
    if state.sample is None:
        raise DrawUnknownError.of(draw, seeded=state.seed is not None)
    found = await frame_of(store, state.sample.frame)
    if found is None:
        raise NotFoundError(f"The frame of draw {draw} is not in the log. Verify the draw.")
    recorded, frame = found
    positions = await positions_of(reader, recorded, history)
    return Shown(as_answer(state.sample, frame.frame_name, positions), state.sample, state.cases)


async def positions_of(reader: LogReader, frame: Recorded, draw: History) -> Positions:
    """Return where the log has a draw's frame, seed and sample."""
    seed = next((recorded.id for recorded in draw.events if isinstance(recorded.event, SeedDrawn)), None)
    sample = next((recorded.id for recorded in draw.events if isinstance(recorded.event, SampleDrawn)), None)
    return Positions(
        frame=await reader.position_of(frame.id),
        seed=await reader.position_of(seed) if seed else None,
        sample=await reader.position_of(sample) if sample else None,
    )

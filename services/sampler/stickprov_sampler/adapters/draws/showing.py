"""A draw as it stands in the log, with the positions that prove its order."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

import asyncpg

from stickprov_contracts.events.draws import CaseReplaced, SeedCommitted, SeedRevealed
from stickprov_contracts.events.sampler import FrameFrozen, SampleDrawn, SeedDrawn
from stickprov_contracts.http.draws import ReplacedCase
from stickprov_contracts.http.sampler import Draw
from stickprov_contracts.streams import series_stream
from stickprov_kernel.errors import NotFoundError
from stickprov_kernel.log.records import History, Recorded
from stickprov_kernel.log.store import EventStore, LogReader
from stickprov_kernel.notes.keeping import texts_of
from stickprov_kernel.sealing.sealing import Sealing
from stickprov_sampler.adapters.streams import draw_of, frame_of
from stickprov_sampler.domain.draw.drawing import Positions, as_answer
from stickprov_sampler.domain.draw.state import State


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
    """A draw as the API shows it, and the events it is made of.

    Attributes:
        seed: None while it is secret.
    """

    draw: Draw
    frame: FrameFrozen
    history: History
    state: State
    sample: SampleDrawn
    seed: str | None


@dataclass(frozen=True, slots=True)
class SeedTale:
    """What the log tells of a draw's seed, wherever it stands.

    Attributes:
        commitment, revelation: of a committed seed.
    """

    drawn: Recorded | None = None
    commitment: Recorded | None = None
    revelation: Recorded | None = None

    @property
    def revealed(self) -> SeedRevealed | None:
        """The revelation's event."""
        event = self.revelation.event if self.revelation else None
        return event if isinstance(event, SeedRevealed) else None


async def shown(store: EventStore, reader: LogReader, draw: UUID) -> Shown:
    """Return a draw.

    Raises:
        DrawUnknownError: there is no such draw.
    """
    history, state = await draw_of(store, draw)
    sample = state.sample
    if sample is None:
        raise DrawUnknownError.of(draw, seeded=state.seed is not None)
    found = await frame_of(store, sample.frame)
    if found is None:
        raise NotFoundError(f"The frame of draw {draw} is not in the log. Verify the draw.")
    recorded, frame = found
    tale = await seed_tale(store, history, sample)
    seed = sample.seed or (tale.revealed.seed if tale.revealed else None)
    positions = await positions_of(reader, recorded, history, tale)
    return Shown(as_answer(state, frame.frame_name, positions, seed), frame, history, state, sample, seed)


async def replaced_cases(store: EventStore, pool: asyncpg.Pool, sealing: Sealing, draw: UUID) -> list[ReplacedCase]:
    """Return a draw's replacements, oldest first, with the notes that have not been erased.

    Raises:
        DrawUnknownError: there is no such draw.
    """
    history, state = await draw_of(store, draw)
    if state.sample is None:
        raise DrawUnknownError.of(draw, seeded=state.seed is not None)
    notes = await texts_of(pool, sealing, [history.stream])
    return [
        ReplacedCase(
            **event.model_dump(include={"case", "replacement", "stratum", "month", "reason"}),
            note=notes.get(event.note.note) if event.note else None,
            time=recorded.time,
            actor=recorded.actor,
        )
        for recorded in history.events
        if isinstance(event := recorded.event, CaseReplaced)
    ]


async def seed_tale(store: EventStore, draw: History, sample: SampleDrawn) -> SeedTale:
    """Return what the log tells of a draw's seed."""
    drawn = next((recorded for recorded in draw.events if isinstance(recorded.event, SeedDrawn)), None)
    if sample.seed_hash is None:
        return SeedTale(drawn)
    commitment: Recorded | None = None
    revelation: Recorded | None = None
    for recorded in (await store.load(series_stream(sample.series))).events:
        match recorded.event:
            case SeedCommitted(seed_hash=seed_hash) if seed_hash == sample.seed_hash:
                commitment = recorded
            case SeedRevealed(seed_hash=seed_hash) if seed_hash == sample.seed_hash:
                revelation = recorded
            case _:
                pass
    return SeedTale(drawn, commitment, revelation)


async def positions_of(reader: LogReader, frame: Recorded, draw: History, tale: SeedTale) -> Positions:
    """Return where the log has a draw's frame, seed and sample."""
    sample = next((recorded for recorded in draw.events if isinstance(recorded.event, SampleDrawn)), None)

    async def position(recorded: Recorded | None) -> int | None:
        return await reader.position_of(recorded.id) if recorded else None

    return Positions(
        frame=await position(frame),
        seed=await position(tale.drawn or tale.commitment),
        sample=await position(sample),
        revealed=await position(tale.revelation),
    )

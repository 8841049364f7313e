"""Drawing in two steps: the seed, after the frame's hash is in the log; then the sample that follows from both.

What must not break: a seed is in the log before anybody can know which cases it gives, so that trying seeds until
one suits would be there for all to see. A draw that was interrupted goes on with the seed it has.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, NamedTuple
from uuid import UUID

from stickprov_contracts.events import Event
from stickprov_contracts.events.sampler import CaseDrawn, FrameFrozen, SampleDrawn, SeedDrawn
from stickprov_contracts.http.sampler import Draw, DrawnCase
from stickprov_kernel.errors import ConflictError
from stickprov_sampler.domain.draw.allocation import Plan
from stickprov_sampler.domain.draw.selection import Selected, case_drawn, sample_drawn
from stickprov_sampler.domain.draw.state import State
from stickprov_sampler.domain.draw.ticket import ticket
from stickprov_sampler.domain.problem import OptionError


class FrameNotFrozenError(OptionError):
    """A draw names a frame that is not frozen."""

    code: ClassVar[str] = "frame-not-frozen"
    title: ClassVar[str] = "There is no such frozen frame"

    @classmethod
    def named(cls, frame: str) -> "OptionError":
        """Return the error about the frame with this name or id."""
        return cls.at("frame", f"No frame “{frame}” is frozen. Freeze it first, or name one that is.")


class NoSeedError(ConflictError):
    """A sample cannot be drawn before its seed."""

    code: ClassVar[str] = "no-seed"
    title: ClassVar[str] = "The draw has no seed yet"


class AlreadyDrawnError(ConflictError):
    """A draw has one sample."""

    code: ClassVar[str] = "already-drawn"
    title: ClassVar[str] = "The sample is drawn already"


class Positions(NamedTuple):
    """Where the log has a draw's events; None until they are sequenced."""

    frame: int | None
    seed: int | None
    sample: int | None


@dataclass(frozen=True, slots=True)
class DrawSeed:
    """Command: let this be the draw's seed.

    Attributes:
        frame_position: log position of the frame's ``FrameFrozen``.
        ceremony: the seed that was typed in, if one was. generated: the one to take otherwise.
    """

    draw: UUID
    frame: FrameFrozen
    frame_position: int
    ceremony: str | None
    generated: str


@dataclass(frozen=True, slots=True)
class DrawSample:
    """Command: these are the units that the seed selects from the frame file."""

    frame: FrameFrozen
    plan: Plan
    control_points: Sequence[str]
    selected: Sequence[Selected]


def decide_seed(command: DrawSeed, state: State) -> list[Event]:
    """Return the seed, or nothing when the draw has one: it stays."""
    if state.seed is not None:
        return []
    return [
        SeedDrawn(
            draw=command.draw,
            frame=command.frame.frame,
            frame_hash=command.frame.frame_hash,
            frame_position=command.frame_position,
            seed=command.ceremony or command.generated,
            origin="ceremony" if command.ceremony else "system",
        )
    ]


def decide_sample(command: DrawSample, state: State) -> tuple[SampleDrawn, list[CaseDrawn]]:
    """Return the sample and its cases.

    Raises:
        NoSeedError: the draw has no seed.
        AlreadyDrawnError: the draw has a sample.
    """
    if state.seed is None:
        raise NoSeedError("The seed comes first. Send the draw again.")
    if state.sample is not None:
        raise AlreadyDrawnError("The sample is drawn, and stays as it is.")
    sample = sample_drawn(command.plan, command.frame, state.seed, command.control_points, command.selected)
    return sample, [case_drawn(selected, command.plan, sample) for selected in command.selected]


def as_answer(sample: SampleDrawn, frame_name: str, positions: Positions) -> Draw:
    """Return a draw as the API shows it."""
    return Draw(
        draw=sample.draw,
        frame=sample.frame,
        frame_name=frame_name,
        control_points=sample.control_points,
        period=sample.period,
        design=sample.design,
        size=sample.size,
        drawn=sample.drawn,
        allocation=sample.allocation,
        seed=sample.seed,
        frame_hash=sample.frame_hash,
        algorithm=sample.algorithm,
        frame_position=positions.frame,
        seed_position=positions.seed,
        sample_position=positions.sample,
    )


def drawn_cases(sample: SampleDrawn, cases: Sequence[CaseDrawn]) -> list[DrawnCase]:
    """Return the drawn cases with their tickets, in the order in which they were drawn."""
    return [
        DrawnCase(
            case=case.case,
            order=case.order,
            stratum=case.stratum,
            month=case.month,
            ticket=None if sample.seed is None else ticket(sample.seed, case.case),
            handler=case.handler,
        )
        for case in cases
    ]

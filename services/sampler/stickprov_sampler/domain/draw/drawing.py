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
from stickprov_sampler.domain.draw.continuing import plan_now
from stickprov_sampler.domain.draw.plan import Plan
from stickprov_sampler.domain.draw.selection import Seeding, Selected, case_drawn, chance_of_part, sample_drawn
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
    """Where the log has a draw's events; None until they are sequenced.

    Attributes:
        seed: of the seed, or of its commitment. revealed: of a committed seed's revelation.
    """

    frame: int | None
    seed: int | None
    sample: int | None
    revealed: int | None = None


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
    """Command: these are the units that the seed selects from the frame file.

    Attributes:
        seeding: how the log shows a seed that was committed before, or belongs to the series; the draw's own seed is in
            its stream.
    """

    frame: FrameFrozen
    plan: Plan
    control_points: Sequence[str]
    selected: Sequence[Selected]
    seeding: Seeding | None = None


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
    seeding = command.seeding
    if seeding is None and state.seed is not None:
        seeding = Seeding(state.seed.draw, state.seed.seed)
    if seeding is None or (state.seed is None and seeding.seed_hash is None):
        raise NoSeedError("The seed comes first. Send the draw again.")
    if state.sample is not None:
        raise AlreadyDrawnError("The sample is drawn, and stays as it is.")
    sample = sample_drawn(command.plan, command.frame, seeding, command.control_points, command.selected)
    return sample, [case_drawn(selected, command.plan, sample) for selected in command.selected]


def as_answer(state: State, frame_name: str, positions: Positions, seed: str | None = None) -> Draw:
    """Return a draw as the API shows it; ``seed`` is the one that was revealed, if it was."""
    sample = state.sample
    if sample is None:
        raise ValueError("a draw without a sample is not shown")
    return Draw(
        **sample.model_dump(
            include=set(Draw.model_fields) - {"allocation", "drawn", "seed", "period"},
        ),
        period=sample.period,
        frame_name=frame_name,
        drawn=state.drawn,
        allocation=state.allocation,
        seed=sample.seed or seed,
        frame_position=positions.frame,
        seed_position=positions.seed,
        sample_position=positions.sample,
        revealed_position=positions.revealed,
        extended=sum(extension.added for extension in state.extensions),
        replaced=len(state.replacements),
    )


def drawn_cases(state: State, seed: str | None) -> list[DrawnCase]:
    """Return the drawn cases with their tickets, in the order in which they were drawn; no tickets without a seed.

    An extension changes the chance of every case: here it is the one that holds now.
    """
    out = state.replacements
    plan = plan_now(state, state.sample) if state.sample and state.extensions else None
    return [
        DrawnCase(
            case=case.case,
            order=case.order,
            stratum=case.stratum,
            month=case.month,
            ticket=None if seed is None else ticket(seed, case.case),
            handler=case.handler,
            unit=case.unit,
            subunits=len(case.subunits),
            inclusion_probability=chance_of_part(plan, case) if plan else case.inclusion_probability,
            came_as=way,
            replaced_by=out[case.case].replacement if case.case in out else None,
        )
        for case, way in zip(state.cases, state.came_as(), strict=True)
    ]

"""What a draw's stream says: its seed, its sample with its cases, then what happened to them."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal, NamedTuple

from stickprov_contracts.events import Event
from stickprov_contracts.events.draws import CaseReplaced, SampleExtended
from stickprov_contracts.events.sampler import Allocation, CaseDrawn, SampleDrawn, SeedDrawn

CameAs = Literal["drawn", "spare", "extension"]


class Step(NamedTuple):
    """A replacement or an extension, and how many cases were there before it."""

    event: CaseReplaced | SampleExtended
    before: int


@dataclass(frozen=True, slots=True)
class State:
    """A draw so far. A seed of its own exists before the sample; the cases come with the sample, then by steps."""

    seed: SeedDrawn | None = None
    sample: SampleDrawn | None = None
    cases: tuple[CaseDrawn, ...] = ()
    steps: tuple[Step, ...] = ()

    @property
    def allocation(self) -> list[Allocation]:
        """N_h and n_h as they are now."""
        newest = self.extensions[-1] if self.extensions else self.sample
        return newest.allocation if newest else []

    @property
    def drawn(self) -> int:
        """N as it is now."""
        newest = self.extensions[-1] if self.extensions else self.sample
        return newest.drawn if newest else 0

    @property
    def extensions(self) -> list[SampleExtended]:
        """The extensions, oldest first."""
        return [step.event for step in self.steps if isinstance(step.event, SampleExtended)]

    @property
    def replacements(self) -> dict[str, CaseReplaced]:
        """The replacements, by the case that is out."""
        return {step.event.case: step.event for step in self.steps if isinstance(step.event, CaseReplaced)}

    @property
    def first_cases(self) -> tuple[CaseDrawn, ...]:
        """The cases that came with the sample."""
        return self.cases[: self.steps[0].before] if self.steps else self.cases

    def spans(self) -> list[tuple[Step, int]]:
        """Return each step with how many cases there were after it."""
        if not self.steps:
            return []
        ends = [*(step.before for step in self.steps[1:]), len(self.cases)]
        return list(zip(self.steps, ends, strict=True))

    def came_as(self) -> list[CameAs]:
        """Return of each case how it came."""
        ways: list[CameAs] = ["drawn"] * len(self.cases)
        for step, end in self.spans():
            way: CameAs = "spare" if isinstance(step.event, CaseReplaced) else "extension"
            ways[step.before : end] = [way] * (end - step.before)
        return ways


def state_of(events: Iterable[Event]) -> State:
    """Return the draw after all events of its stream, oldest first."""
    # Cases apart, because a tuple that grows by one at a time takes quadratic time.
    cases: list[CaseDrawn] = []
    steps: list[Step] = []
    state = State()
    for event in events:
        match event:
            case CaseDrawn():
                cases.append(event)
            case CaseReplaced() | SampleExtended():
                steps.append(Step(event, len(cases)))
            case SeedDrawn():
                state = replace(state, seed=event)
            case SampleDrawn():
                state = replace(state, sample=event)
            case _:
                pass
    return replace(state, cases=tuple(cases), steps=tuple(steps))

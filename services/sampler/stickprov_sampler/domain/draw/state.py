"""What a draw's stream says: first its seed, then its sample with its cases."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import reduce

from stickprov_contracts.events import Event
from stickprov_contracts.events.sampler import CaseDrawn, SampleDrawn, SeedDrawn


@dataclass(frozen=True, slots=True)
class State:
    """A draw so far. The seed exists before the sample; the cases come with the sample."""

    seed: SeedDrawn | None = None
    sample: SampleDrawn | None = None
    cases: tuple[CaseDrawn, ...] = ()


def evolve(state: State, event: Event) -> State:
    """Return the draw after an event of its stream."""
    match event:
        case SeedDrawn():
            return replace(state, seed=event)
        case SampleDrawn():
            return replace(state, sample=event)
        case CaseDrawn():
            return replace(state, cases=(*state.cases, event))
        case _:
            return state


def state_of(events: Iterable[Event]) -> State:
    """Return the draw after all events of its stream, oldest first."""
    return reduce(evolve, events, State())

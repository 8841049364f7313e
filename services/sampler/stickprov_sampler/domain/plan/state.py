"""What holds of a plan and of the points around it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from stickprov_contracts.events import Event
from stickprov_contracts.events.plans import ControlPlanAdopted, ControlPointCarriedOver, PeriodClosed
from stickprov_contracts.events.sampler import ControlPointDefined


@dataclass(frozen=True, slots=True)
class PlanState:
    """A plan's stream, folded; ``adopted`` is None while there is no such plan."""

    adopted: ControlPlanAdopted | None = None
    closed: tuple[PeriodClosed, ...] = ()
    version: int = 0


@dataclass(frozen=True, slots=True)
class PointState:
    """A control point's stream, folded.

    Attributes:
        definition: the one that holds.
        went: what became of it, by later plan and later point (None: retired); the newest of each.
        version: of the stream.
    """

    definition: ControlPointDefined | None = None
    went: Mapping[tuple[str, str | None], ControlPointCarriedOver] = field(default_factory=dict)
    version: int = 0


def plan_state(events: Iterable[Event]) -> PlanState:
    """Fold a plan's stream."""
    state = PlanState()
    for event in events:
        state = replace(state, version=state.version + 1)
        match event:
            case ControlPlanAdopted():
                state = replace(state, adopted=event)
            case PeriodClosed():
                state = replace(state, closed=(*state.closed, event))
            case _:
                continue
    return state


def point_state(events: Iterable[Event]) -> PointState:
    """Fold a control point's stream."""
    state = PointState()
    for event in events:
        state = replace(state, version=state.version + 1)
        match event:
            case ControlPointDefined():
                state = replace(state, definition=event)
            case ControlPointCarriedOver():
                state = replace(state, went={**state.went, (event.plan, event.to): event})
            case _:
                continue
    return state

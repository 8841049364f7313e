"""Streams of the sampler, read from the store and folded into what holds now."""

from collections.abc import Sequence
from uuid import UUID

from stickprov_contracts.events import Event, Period
from stickprov_contracts.events.sampler import ControlPointDefined, FrameFrozen
from stickprov_contracts.streams import control_point_stream, draw_stream, frame_stream, plan_stream
from stickprov_kernel.log.ids import new_id
from stickprov_kernel.log.records import History, PendingEvent, Recorded, StreamAppend
from stickprov_kernel.log.store import EventStore
from stickprov_sampler.domain.control_point.reference import ControlPointUnknownError
from stickprov_sampler.domain.draw.state import State as DrawState
from stickprov_sampler.domain.draw.state import state_of
from stickprov_sampler.domain.frame.name import frame_id
from stickprov_sampler.domain.plan.closing import refuse_closed
from stickprov_sampler.domain.plan.state import PlanState, plan_state, point_state


def appended(history: History, events: Sequence[Event]) -> list[StreamAppend]:
    """Return what to commit to extend a stream as it was read; nothing when nothing happened."""
    if not events:
        return []
    return [StreamAppend(history.stream, history.version, [PendingEvent(new_id(), event) for event in events])]


async def control_point_of(store: EventStore, control_point: str) -> tuple[History, ControlPointDefined | None]:
    """Return a control point's stream and the definition that holds."""
    history = await store.load(control_point_stream(control_point))
    return history, point_state(recorded.event for recorded in history.events).definition


async def require_control_points(store: EventStore, option: str, control_points: Sequence[str]) -> None:
    """Refuse control points that are not defined.

    Raises:
        ControlPointUnknownError: names the option and the control point.
    """
    for control_point in control_points:
        if (await control_point_of(store, control_point))[1] is None:
            raise ControlPointUnknownError.named(option, control_point)


async def plan_of(store: EventStore, plan: str) -> tuple[History, PlanState]:
    """Return a plan's stream and what it says."""
    history = await store.load(plan_stream(plan))
    return history, plan_state(recorded.event for recorded in history.events)


async def require_open(store: EventStore, control_points: Sequence[str], period: Period) -> list[History]:
    """Refuse a period that is closed for a control point, in whatever plan the point stood when it was closed.

    Returns:
        the streams that this was read from; it holds as long as they do not move on.

    Raises:
        PeriodClosedError: names the point and the closed period.
    """
    read: dict[str, History] = {}
    for control_point in control_points:
        history, _ = await control_point_of(store, control_point)
        read[history.stream] = history
        defined = [recorded.event for recorded in history.events if isinstance(recorded.event, ControlPointDefined)]
        for plan in sorted({one.plan for one in defined if one.plan}):
            of_plan, state = await plan_of(store, plan)
            read[of_plan.stream] = of_plan
            refuse_closed(period, control_point, state.closed)
    return list(read.values())


async def frame_of(store: EventStore, frame: UUID) -> tuple[Recorded, FrameFrozen] | None:
    """Return a frame with its stored event; None while it is not frozen."""
    for recorded in (await store.load(frame_stream(frame))).events:
        if isinstance(recorded.event, FrameFrozen):
            return recorded, recorded.event
    return None


async def draw_of(store: EventStore, draw: UUID) -> tuple[History, DrawState]:
    """Return a draw's stream and what it says."""
    history = await store.load(draw_stream(draw))
    return history, state_of(recorded.event for recorded in history.events)


def frame_named(name_or_id: UUID | str) -> UUID:
    """Return the id of a frame that is given by id or by name."""
    if isinstance(name_or_id, UUID):
        return name_or_id
    try:
        return UUID(name_or_id)
    except ValueError:
        return frame_id(name_or_id)

"""What rules have counted over whole frames. A measure is one event, so no order of hearing leaves a trace."""

from typing import NamedTuple
from uuid import UUID

from stickprov_contracts.events.measures import RegisterMeasured


class RegisterKey(NamedTuple):
    """One measure under one control point that it serves."""

    control_point: str
    measure: UUID


def register_keys(event: RegisterMeasured) -> list[RegisterKey]:
    """Return the measure under each of its control points, once."""
    return [RegisterKey(point, event.measure) for point in dict.fromkeys(event.control_points)]

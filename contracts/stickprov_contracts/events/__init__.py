"""Every event type ever published, by name and version."""

from stickprov_contracts.events import draws, erasure, findings, follow_ups, identities, measures, plans, sampler
from stickprov_contracts.events.base import Event, NoteReference, Period, type_name

EVENT_TYPES: dict[str, type[Event]] = {
    type_name(event): event
    for event in (
        *sampler.EVENTS,
        *draws.EVENTS,
        *plans.EVENTS,
        *measures.EVENTS,
        *identities.EVENTS,
        *erasure.EVENTS,
        *findings.EVENTS,
        *follow_ups.EVENTS,
    )
}
"""CloudEvents type -> model. What is not in here goes to quarantine."""

__all__ = ["EVENT_TYPES", "Event", "NoteReference", "Period", "type_name"]

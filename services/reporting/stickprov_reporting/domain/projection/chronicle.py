"""Whole events that are told again in reports: plans, questionnaires, frames, samples, conclusions, actions, statuses.

Each is one event at its place in its log, so no order of hearing leaves a trace.
"""

from collections.abc import Iterable, Mapping
from typing import Final, NamedTuple

from stickprov_contracts.events import Event
from stickprov_contracts.events.draws import CaseReplaced, SampleExtended
from stickprov_contracts.events.follow_ups import (
    ActionFollowedUp,
    ActionProposed,
    ActionUpdated,
    ControlConcluded,
    PlanStatusReported,
)
from stickprov_contracts.events.plans import (
    ControlPlanAdopted,
    ControlPointCarriedOver,
    PeriodClosed,
    QuestionnairePublished,
)
from stickprov_contracts.events.sampler import FrameFrozen, SampleDrawn
from stickprov_contracts.topics import Source
from stickprov_kernel.log.records import Incoming

CHRONICLED: Final[tuple[type[Event], ...]] = (
    ControlPlanAdopted,
    ControlPointCarriedOver,
    QuestionnairePublished,
    PeriodClosed,
    FrameFrozen,
    SampleDrawn,
    SampleExtended,
    CaseReplaced,
    ControlConcluded,
    ActionProposed,
    ActionUpdated,
    ActionFollowedUp,
    PlanStatusReported,
)


class ChronicleKey(NamedTuple):
    """Where an event stands."""

    source: Source
    position: int


class Entry(NamedTuple):
    """An event that is kept whole.

    Attributes:
        stream, version: which history it belongs to, and its number there.
        time: RFC 3339, as the log has it. actor: pseudonym.
    """

    stream: str
    version: int
    time: str
    actor: str
    event: Event

    @property
    def control_point(self) -> str | None:
        """The control point that it is about, if it is about one."""
        found: str | None = getattr(self.event, "control_point", None)
        return found

    @property
    def plan(self) -> str | None:
        """The plan that it is about, if it is about one."""
        found: str | None = getattr(self.event, "plan", None)
        return found


def chronicled(incoming: Incoming) -> dict[ChronicleKey, Entry]:
    """Return an event with its place, if it is one that is kept whole."""
    event, envelope = incoming.event, incoming.envelope
    if type(event) not in _KINDS:
        return {}
    entry = Entry(envelope.subject, int(envelope.streamversion), envelope.time, envelope.actor, event)
    return {ChronicleKey(event.source, incoming.position): entry}


def newest_by_stream(entries: Iterable[Entry]) -> Mapping[str, Entry]:
    """Return of each stream the entry with the highest version."""
    newest: dict[str, Entry] = {}
    for entry in entries:
        known = newest.get(entry.stream)
        if known is None or known.version < entry.version:
            newest[entry.stream] = entry
    return newest


_KINDS: Final = frozenset(CHRONICLED)

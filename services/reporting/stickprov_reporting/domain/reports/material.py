"""What reports are made from: statistics, register measures, and the follow-up's facts with their words.

What must not break: a builder asks the world nothing, so the same material gives the same document.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256
from typing import Final, TypeVar
from uuid import UUID

from stickprov_contracts.events import Event, NoteReference, Period
from stickprov_contracts.events.follow_ups import (
    ActionFollowedUp,
    ActionProposed,
    ActionUpdated,
    ControlConcluded,
    PlanStatusReported,
)
from stickprov_contracts.events.plans import ControlPlanAdopted
from stickprov_contracts.events.sampler import ControlPointDefined
from stickprov_contracts.http.register import RegisterMeasure
from stickprov_contracts.http.reports import Paragraph
from stickprov_contracts.http.statistics import Statistics
from stickprov_reporting.domain.reports.writing import Writer

_Told = TypeVar("_Told", bound=Event)

FINISHED: Final = frozenset({"done", "dropped"})
"""Statuses of an action for which its day no longer matters."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A free text as findings keeps it, with its salt."""

    text: str
    salt: bytes


class Words:
    """Free texts by note, believed only where they are what the log has the fingerprint of.

    Attributes:
        erased, altered: notes that were asked for and are gone, or are not what the log says.
    """

    def __init__(self, kept: Mapping[UUID, Kept], writer: Writer) -> None:
        self._kept = kept
        self._writer = writer
        self.erased: set[UUID] = set()
        self.altered: set[UUID] = set()

    def paragraphs(self, reference: NoteReference | None) -> list[Paragraph]:
        """Return a text as paragraphs; what became of it where it cannot be shown; nothing where none was written."""
        if reference is None:
            return []
        kept = self._kept.get(reference.note)
        if kept is None:
            self.erased.add(reference.note)
            say = self._writer.say("Texten är raderad.", "The text has been erased.")
            return [Paragraph(text=say, tone="erased")]
        if sha256(kept.salt + kept.text.encode()).hexdigest() != reference.digest:
            self.altered.add(reference.note)
            say = self._writer.say(
                "Texten visas inte: den är inte den som loggen har fingeravtrycket av.",
                "The text is not shown: it is not the one that the log has the fingerprint of.",
            )
            return [Paragraph(text=say, tone="erased")]
        return [Paragraph(text=line.strip()) for line in kept.text.splitlines() if line.strip()]

    def line(self, reference: NoteReference | None) -> str:
        """Return a text in one line, for the cell of a table; "" where none was written."""
        return " ".join(paragraph.text for paragraph in self.paragraphs(reference))


@dataclass(frozen=True, slots=True)
class Action:
    """An action as it stands, with what was found of it since, oldest first."""

    terms: ActionProposed | ActionUpdated
    status: str
    follow_ups: Sequence[ActionFollowedUp]

    def is_late(self, today: date) -> bool:
        """Tell whether its day has passed while it is neither done nor dropped."""
        return self.terms.due is not None and self.terms.due < today and self.status not in FINISHED


@dataclass(frozen=True, slots=True)
class Point:
    """One control point on a form.

    Attributes:
        conclusions: that hold, one for each period within the report's, in their order.
        actions: that came of this control.
    """

    definition: ControlPointDefined
    statistics: Statistics
    register: Sequence[RegisterMeasure] = ()
    conclusions: Sequence[ControlConcluded] = ()
    actions: Sequence[Action] = ()


@dataclass(frozen=True, slots=True)
class Chronicle:
    """What the logs tell beside reviews and draws.

    Attributes:
        definitions: of control points as they are now, by id.
        events: what the chronicle keeps whole, in the order of each log.
    """

    definitions: Mapping[str, ControlPointDefined] = field(default_factory=dict)
    events: Sequence[Event] = ()

    def plan(self, plan: str) -> ControlPlanAdopted | None:
        """Return a plan as it was adopted last; None when it never was."""
        adopted = [event for event in self._of(ControlPlanAdopted) if event.plan == plan]
        return adopted[-1] if adopted else None

    def plans(self) -> list[str]:
        """Return the ids of every plan that was adopted."""
        return sorted({event.plan for event in self._of(ControlPlanAdopted)})

    def conclusions(self, control_point: str, start: date, end: date) -> list[ControlConcluded]:
        """Return the conclusions that hold for periods within ``[start, end)``, in the order of their periods."""
        newest = {
            (event.period.start, event.period.end): event
            for event in self._of(ControlConcluded)
            if event.control_point == control_point and start <= event.period.start and event.period.end <= end
        }
        return [newest[period] for period in sorted(newest)]

    def conclusions_of(self, control_point: str) -> list[ControlConcluded]:
        """Return the conclusions that hold for a control point, whatever their periods."""
        return self.conclusions(control_point, date.min, date.max)

    def plan_of(self, action: Action) -> str | None:
        """Return the plan that an action belongs to, by itself or by its control point."""
        point = self.definitions.get(action.terms.control_point or "")
        return action.terms.plan or (point.plan if point else None)

    def actions(self) -> list[Action]:
        """Return every action as it stands, in the order in which they were proposed."""
        terms: dict[UUID, ActionProposed | ActionUpdated] = {}
        status: dict[UUID, str] = {}
        found: dict[UUID, list[ActionFollowedUp]] = {}
        for event in self.events:
            match event:
                case ActionProposed() | ActionUpdated() as told:
                    terms[told.action] = told
                    status[told.action] = told.status
                case ActionFollowedUp() as followed:
                    found.setdefault(followed.action, []).append(followed)
                    status[followed.action] = followed.status
                case _:
                    pass
        return [Action(told, status[action], found.get(action, [])) for action, told in terms.items()]

    def statuses(self, plan: str) -> dict[tuple[str, Period], PlanStatusReported]:
        """Return what was told last of each row of a plan and each period."""
        return {
            (event.control_point, event.period): event for event in self._of(PlanStatusReported) if event.plan == plan
        }

    def _of(self, kind: type[_Told]) -> Iterable[_Told]:
        return (event for event in self.events if isinstance(event, kind))


def references(events: Iterable[Event]) -> list[NoteReference]:
    """Return what stands for the free texts that reports may print."""
    found: list[NoteReference | None] = []
    for event in events:
        match event:
            case ControlConcluded(texts=texts):
                found += texts.values()
            case ActionProposed(description=description) | ActionUpdated(description=description):
                found.append(description)
            case ActionFollowedUp(finding=finding):
                found.append(finding)
            case PlanStatusReported(text=text):
                found.append(text)
            case _:
                pass
    return [reference for reference in found if reference is not None]

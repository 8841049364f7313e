"""Facts of the follow-up: what was concluded of a control, which actions came of it, how a plan's rows stand.

Lists of choices are plain text here and literals in the HTTP contracts: another choice must not break a reader.
"""

from datetime import date
from typing import ClassVar
from uuid import UUID

from pydantic import Field

from stickprov_contracts.events.base import Event, NoteReference, Period
from stickprov_contracts.topics import Source


class _FollowUpEvent(Event):
    source: ClassVar[Source] = "findings"


class ControlConcluded(_FollowUpEvent):
    """A control was concluded for a period, in the terms of the standard form; or concluded anew.

    Attributes:
        carried_out_from, carried_out_to: first and last day on which the control was carried out.
        verdict: whether the routine is ``followed``, ``partly-followed`` or ``not-followed``.
        proposal: what becomes of the control point: ``keep``, ``reformulate`` or ``retire``.
        texts: where the form's free texts lie, by field: ``carried_out_by``, ``sampling_method``, ``result``,
            ``assessment``, ``proposed_actions``, ``process``, ``system``, ``wording``.
        replaces: version in the stream of the conclusion that this one replaces. reason: where it says why.
    """

    name: ClassVar[str] = "control-concluded"

    control_point: str
    period: Period
    carried_out_from: date | None = None
    carried_out_to: date | None = None
    verdict: str
    proposal: str | None = None
    texts: dict[str, NoteReference] = {}
    replaces: int | None = Field(default=None, ge=1)
    reason: NoteReference | None = None


class _Action(_FollowUpEvent):
    """An action as it stands.

    Attributes:
        control_point: the control it comes of, if it does. plan: the plan it belongs to, if it does.
        number: what the board's document calls it, such as ``1``.
        description: where it says what will be done.
        responsible: a function such as ``Enhetschef``, never a name. owner: pseudonym of a person.
        due: the day by which it shall be done.
        status: ``proposed``, ``decided``, ``under-way``, ``done`` or ``dropped``.
    """

    action: UUID
    control_point: str | None = None
    plan: str | None = None
    number: str | None = None
    description: NoteReference
    responsible: str | None = None
    owner: str | None = None
    due: date | None = None
    status: str


class ActionProposed(_Action):
    """An action was proposed."""

    name: ClassVar[str] = "action-proposed"


class ActionUpdated(_Action):
    """An action stands otherwise now; everything about it is told again.

    Attributes:
        reason: where it says why.
    """

    name: ClassVar[str] = "action-updated"

    reason: NoteReference | None = None


class ActionFollowedUp(_FollowUpEvent):
    """It was looked into how an action goes, for a tertial or another period.

    Attributes:
        status: of the action from now on.
        effect: whether the action has had the effect it was meant to have: ``yes``, ``partly``, ``no``; None when it
            cannot be told yet.
        finding: where it says what was found.
    """

    name: ClassVar[str] = "action-followed-up"

    action: UUID
    period: Period
    status: str
    effect: str | None = None
    finding: NoteReference | None = None


class PlanStatusReported(_FollowUpEvent):
    """How a row of a plan stands at the end of a tertial or another period; the newest for a period holds.

    Attributes:
        status: ``not-started``, ``under-way``, ``done``, ``deviation`` or ``not-applicable``.
        text: where it says more.
        replaces: version in the stream of the report for the same period that this one replaces.
    """

    name: ClassVar[str] = "plan-status-reported"

    plan: str
    control_point: str
    period: Period
    status: str
    text: NoteReference | None = None
    replaces: int | None = Field(default=None, ge=1)


EVENTS: tuple[type[Event], ...] = (
    ControlConcluded,
    ActionProposed,
    ActionUpdated,
    ActionFollowedUp,
    PlanStatusReported,
)

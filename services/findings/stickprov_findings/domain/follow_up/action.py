"""Actions: proposed, updated and followed up, one period after another."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Final, TypeAlias
from uuid import UUID

from stickprov_contracts.events import NoteReference, Period
from stickprov_contracts.events.follow_ups import ActionFollowedUp, ActionProposed, ActionUpdated
from stickprov_contracts.problems import FieldProblem
from stickprov_findings.domain.follow_up.problems import (
    ActionUnknownError,
    MovedOnError,
    NothingNewError,
    fault,
    refuse,
)
from stickprov_kernel.notes.note import Note

ActionEvent: TypeAlias = ActionProposed | ActionUpdated | ActionFollowedUp

ENDED: Final = frozenset({"done", "dropped"})
"""Statuses after which an action has no day to keep."""


@dataclass(frozen=True, slots=True)
class Terms:
    """What an action says, beside its description.

    Attributes:
        responsible: a function. owner: pseudonym of a person.
    """

    control_point: str | None
    plan: str | None
    number: str | None
    responsible: str | None
    owner: str | None
    due: date | None
    status: str


@dataclass(frozen=True, slots=True)
class State:
    """An action as it stands; ``version`` counts its events."""

    action: UUID
    terms: Terms
    description: NoteReference
    version: int


@dataclass(frozen=True, slots=True)
class Propose:
    """Command: this is to be done."""

    action: UUID
    terms: Terms
    description: Note

    @property
    def notes(self) -> list[Note]:
        """Everything that was typed."""
        return [self.description]


@dataclass(frozen=True, slots=True)
class Update:
    """Command: the whole action as it is from now on.

    Attributes:
        seen: the version that the caller saw.
    """

    action: UUID
    terms: Terms
    description: Note
    reason: Note | None
    seen: int

    @property
    def notes(self) -> list[Note]:
        """Everything that was typed."""
        return [self.description, *([self.reason] if self.reason else [])]


@dataclass(frozen=True, slots=True)
class FollowUp:
    """Command: this was found of the action."""

    action: UUID
    period: Period
    status: str
    effect: str | None
    finding: Note | None

    @property
    def notes(self) -> list[Note]:
        """Everything that was typed."""
        return [self.finding] if self.finding else []


def state_of(events: Iterable[ActionEvent]) -> State | None:
    """Return an action as its events leave it; None without any."""
    state: State | None = None
    for event in events:
        if isinstance(event, ActionFollowedUp):
            if state is not None:
                state = replace(state, terms=replace(state.terms, status=event.status), version=state.version + 1)
        else:
            state = State(event.action, _terms(event), event.description, state.version + 1 if state else 1)
    return state


def propose(command: Propose) -> ActionProposed:
    """Return the new action.

    Raises:
        BadInputError: names the fields at fault.
    """
    refuse([*_faults(command.terms, command.description)])
    terms = command.terms
    return ActionProposed(
        action=command.action,
        control_point=terms.control_point,
        plan=terms.plan,
        number=terms.number,
        description=command.description.reference,
        responsible=terms.responsible,
        owner=terms.owner,
        due=terms.due,
        status=terms.status,
    )


def update(command: Update, state: State | None, description: str | None) -> ActionUpdated:
    """Return the change.

    Args:
        command: what is asked.
        state: the action as it stands.
        description: its text as it can still be read.

    Raises:
        ActionUnknownError: there is none.
        MovedOnError: it has changed since the caller read it.
        NothingNewError: it says all this already.
        BadInputError: names the fields at fault.
    """
    if state is None:
        raise ActionUnknownError
    if command.seen != state.version:
        raise MovedOnError(command.seen, state.version)
    refuse([*_faults(command.terms, command.description)])
    if command.terms == state.terms and command.description.text == description:
        raise NothingNewError(state.version)
    terms = command.terms
    return ActionUpdated(
        action=command.action,
        control_point=terms.control_point,
        plan=terms.plan,
        number=terms.number,
        description=command.description.reference,
        responsible=terms.responsible,
        owner=terms.owner,
        due=terms.due,
        status=terms.status,
        reason=command.reason.reference if command.reason else None,
    )


def follow_up(command: FollowUp, state: State | None) -> ActionFollowedUp:
    """Return what was found.

    Raises:
        ActionUnknownError: there is no such action.
    """
    if state is None:
        raise ActionUnknownError
    return ActionFollowedUp(
        action=command.action,
        period=command.period,
        status=command.status,
        effect=command.effect,
        finding=command.finding.reference if command.finding else None,
    )


def _terms(event: ActionProposed | ActionUpdated) -> Terms:
    return Terms(
        control_point=event.control_point,
        plan=event.plan,
        number=event.number,
        responsible=event.responsible,
        owner=event.owner,
        due=event.due,
        status=event.status,
    )


def _faults(terms: Terms, description: Note) -> Iterator[FieldProblem]:
    if terms.control_point is None and terms.plan is None:
        yield fault("control_point", "belongs-nowhere", "Say which control point or which plan the action belongs to.")
    if not description.text.strip():
        yield fault("description", "description-missing", "Say what will be done; blanks alone are nothing.")

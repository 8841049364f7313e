"""Concluding a control for a period: one conclusion holds, those it replaced stay in the log."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from stickprov_contracts.events import Period
from stickprov_contracts.events.follow_ups import ControlConcluded
from stickprov_contracts.problems import FieldProblem
from stickprov_findings.domain.follow_up.problems import AlreadyConcludedError, MovedOnError, fault, refuse
from stickprov_kernel.notes.note import Note


@dataclass(frozen=True, slots=True)
class Conclude:
    """Command: this is what the control says for the period.

    Attributes:
        texts: what was typed, by the form's field; blank fields are left out.
        today: the day it is, by which a date lies in the future.
        seen: version of the conclusion that is to be replaced; None for the first.
    """

    control_point: str
    period: Period
    verdict: str
    today: date
    proposal: str | None = None
    carried_out_from: date | None = None
    carried_out_to: date | None = None
    texts: Mapping[str, Note] = field(default_factory=dict)
    reason: Note | None = None
    seen: int | None = None

    @property
    def notes(self) -> list[Note]:
        """Everything that was typed."""
        return [*self.texts.values(), *([self.reason] if self.reason else [])]


def decide(command: Conclude, version: int) -> ControlConcluded:
    """Return the conclusion, or say why not.

    Args:
        command: what is asked.
        version: of the period's newest conclusion, 0 without one.

    Raises:
        AlreadyConcludedError: there is one, and the caller did not say which one they saw.
        MovedOnError: there is another one than the caller saw.
        BadInputError: names the fields at fault.
    """
    if version and command.seen is None:
        raise AlreadyConcludedError(version)
    if (command.seen or 0) != version:
        raise MovedOnError(command.seen or 0, version)
    refuse([*_faults(command)])
    return ControlConcluded(
        control_point=command.control_point,
        period=command.period,
        carried_out_from=command.carried_out_from,
        carried_out_to=command.carried_out_to,
        verdict=command.verdict,
        proposal=command.proposal,
        texts={name: note.reference for name, note in command.texts.items()},
        replaces=version or None,
        reason=command.reason.reference if command.reason else None,
    )


def _faults(command: Conclude) -> Iterator[FieldProblem]:
    begun, ended = command.carried_out_from, command.carried_out_to
    if begun and ended and ended < begun:
        yield fault("carried_out_to", "ends-before-it-begins", "The last day lies before the first. Exchange the two.")
    for name, day in (("carried_out_from", begun), ("carried_out_to", ended)):
        if day and day > command.today:
            yield fault(name, "in-the-future", f"{day} has not come yet. Write the day on which it was carried out.")
    if command.proposal == "reformulate" and "wording" not in command.texts:
        yield fault("wording", "wording-missing", "Write how the control point shall be worded.")
    if command.proposal != "reformulate" and "wording" in command.texts:
        message = "A new wording is for a point that is to be reformulated. Propose that, or leave the wording out."
        yield fault("wording", "wording-without-proposal", message)
    if command.seen and command.reason is None:
        yield fault("reason", "reason-missing", "Say why the conclusion is replaced.")
    if not command.seen and command.reason is not None:
        yield fault("reason", "reason-without-change", "A first conclusion replaces nothing. Leave the reason out.")

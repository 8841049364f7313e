"""Giving one case to another reviewer, by hand and for a reason.

What must not break: nobody does both the first and the second review of a case, and where colleagues review, nobody is
given a case of their own, not by hand either, and no case with a protected identity goes to somebody not cleared.
"""

from dataclasses import dataclass
from uuid import UUID

from stickprov_contracts.events.findings import CaseAssigned
from stickprov_contracts.http.findings import Purpose
from stickprov_findings.domain.assignment.refusals import AlreadyTheirsError, AssignmentUnfitError
from stickprov_findings.domain.assignment.rules import Staff
from stickprov_findings.domain.assignment.standing import Standing
from stickprov_kernel.notes.note import Note


@dataclass(frozen=True, slots=True)
class Move:
    """Command: this reviewer is to review the case for the purpose from now on."""

    draw: UUID
    control_point: str
    case: str
    purpose: Purpose
    reviewer: str
    reason: Note


def decide(command: Move, standing: Standing, staff: Staff, rule: str | None) -> CaseAssigned:
    """Return the new assignment.

    Args:
        command: who, and why.
        standing: of the case, which is in its draw and in no closed period.
        staff: the list that holds.
        rule: of the control point.

    Raises:
        AssignmentUnfitError: nobody of the list, or somebody who must not review the case.
        AlreadyTheirsError: the case is theirs.
    """
    if not command.reason.text.strip():
        raise AssignmentUnfitError.at("reason", "Say why in a few words; blanks alone are no reason.")
    if command.reviewer not in staff.members:
        raise AssignmentUnfitError.at("reviewer", "Nobody on the staff list has this pseudonym. Choose somebody there.")
    if command.reviewer in standing.barred(command.purpose):
        message = (
            "They have the other review of this case; a second review is another reviewer's. Choose somebody else."
        )
        raise AssignmentUnfitError.at("reviewer", message)
    if standing.protected and not staff.cleared(command.reviewer):
        message = "They are not cleared for protected identities, and this case has one. Choose somebody who is."
        raise AssignmentUnfitError.at("reviewer", message)
    if rule == "colleague" and command.reviewer == standing.handler:
        message = "It is their own case, and colleagues review each other's here. Choose somebody else."
        raise AssignmentUnfitError.at("reviewer", message)
    if command.reviewer == standing.given_to:
        raise AlreadyTheirsError(standing.version)
    return CaseAssigned(
        draw=command.draw,
        control_point=command.control_point,
        case=command.case,
        purpose=command.purpose,
        reviewer=command.reviewer,
        rule="by_hand",
        reason=command.reason.reference,
    )

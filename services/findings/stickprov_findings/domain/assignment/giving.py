"""Giving the cases of a draw to reviewers: which ones, by which rule, to whom.

What must not break: giving them again gives nobody anything twice; whoever has a case keeps it, unless it has
a protected identity and they are not cleared.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from stickprov_contracts.events.findings import CaseAssigned
from stickprov_contracts.http.findings import Purpose
from stickprov_findings.domain.assignment.assigning import Assignments, How, Sample, assign, for_second_review
from stickprov_findings.domain.assignment.refusals import AssignmentUnfitError
from stickprov_findings.domain.assignment.rules import Rule, Staff, rule_for
from stickprov_findings.domain.assignment.standing import Standing, held, to_be_given, with_reviewer


@dataclass(frozen=True, slots=True)
class Point:
    """What a control point says about who reviews."""

    rule: str | None = None
    group: str | None = None
    second_review_share: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Give:
    """Command: give the cases of a draw to reviewers. What is left out is as the control point has it."""

    draw: UUID
    control_point: str
    purpose: Purpose = "review"
    rule: Rule | None = None
    group: str | None = None
    share: Decimal | None = None
    capacity: int | None = None


@dataclass(frozen=True, slots=True)
class Given:
    """What giving leads to.

    Attributes:
        already: how many cases had a reviewer.
        events: one for each case given, in the order of the cases.
        versions: of those cases' streams of assignments before, in the same order.
    """

    outcome: Assignments
    already: int
    events: Sequence[CaseAssigned]
    versions: Sequence[int]


def decide(
    command: Give,
    point: Point,
    standings: Sequence[Standing],
    staff: Staff,
    waiting: Mapping[str, int],
    sample: Sample,
) -> Given:
    """Return what giving cases leads to.

    Args:
        command: how they are to be given.
        point: what the control point says.
        standings: the draw's cases, without those that are out of it or in a closed period.
        staff: the list that holds.
        waiting: how many cases each reviewer has to do already.
        sample: the source of chance, for second reviews.

    Raises:
        AssignmentUnfitError: neither the command nor the control point names the group or the share.
    """
    how = _how(command, point)
    standings = [held(one, staff) for one in standings]
    cases = to_be_given(standings, command.purpose)
    already = with_reviewer(standings)
    if command.purpose == "second-review":
        chosen = for_second_review([one.case for one in cases], len(already), _share(command, point), sample)
        cases = [one for one in cases if one.case in chosen]
    outcome = assign((one.as_case(command.purpose) for one in cases), staff, waiting, how)
    given = [one for one in cases if one.case in outcome.given]
    events = [
        CaseAssigned(
            draw=command.draw,
            control_point=command.control_point,
            case=one.case,
            purpose=command.purpose,
            reviewer=outcome.given[one.case],
            rule=how.rule,
        )
        for one in given
    ]
    return Given(outcome, len(already), events, [one.version for one in given])


def _how(command: Give, point: Point) -> How:
    rule = command.rule or rule_for(command.purpose, point.rule)
    if rule != "group" and command.group is not None:
        raise AssignmentUnfitError.at("group", "Leave the group out, or write group as the rule.")
    group = (command.group or point.group) if rule == "group" else None
    if rule == "group" and group is None:
        raise AssignmentUnfitError.at("group", "Say which group of the staff list is given the cases.")
    return How(rule, group, command.capacity)


def _share(command: Give, point: Point) -> Decimal:
    share = command.share or point.second_review_share
    if share is None:
        message = "Say which share of the reviewed cases is reviewed again; the control point does not."
        raise AssignmentUnfitError.at("share", message)
    return share

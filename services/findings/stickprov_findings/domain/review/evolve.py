"""How a review changes with each of its events."""

from dataclasses import replace
from typing import assert_never

from stickprov_contracts.events.findings import (
    CaseMarkedNonResponse,
    CaseMarkedOverCoverage,
    DisagreementSettled,
    FileReviewRecorded,
    FindingCorrected,
    FindingRecorded,
    FindingWithdrawn,
    ReviewReopened,
    ReviewStarted,
    SecondReviewRecorded,
)
from stickprov_findings.domain.review.commands import MarkKind
from stickprov_findings.domain.review.state import Finding, Mark, Review
from stickprov_findings.domain.review.status import OutcomeEvent, ReviewEvent


def evolve(state: Review, event: ReviewEvent, actor: str) -> Review:
    """Return the review after an event by somebody."""
    version = state.version + 1
    if isinstance(event, ReviewStarted):
        return replace(state, version=version, started_by=actor)
    bare = replace(state, version=version, changed=version, finding=None, mark=None, started_by=None)
    match event:
        case DisagreementSettled():
            return replace(bare, finding=_finding(event, version, event.second))
        case FindingRecorded() | FindingCorrected() | SecondReviewRecorded() | FileReviewRecorded():
            return replace(bare, finding=_finding(event, version), reviewers=state.reviewers | {actor})
        case CaseMarkedOverCoverage() | CaseMarkedNonResponse():
            kind: MarkKind = "over-coverage" if isinstance(event, CaseMarkedOverCoverage) else "non-response"
            marked = replace(bare, mark=Mark(version, kind, event.reason, event.comment, event.second))
            # Who settles has not reviewed the case.
            return marked if event.second is not None else replace(marked, reviewers=state.reviewers | {actor})
        case FindingWithdrawn() | ReviewReopened():
            return bare
        case _:
            assert_never(event)


def _finding(event: OutcomeEvent, version: int, second: int | None = None) -> Finding:
    return Finding(
        version,
        event.remark,
        tuple(event.categories),
        event.comment,
        event.questionnaire_number,
        tuple(event.answers),
        tuple(event.subunits),
        second,
    )

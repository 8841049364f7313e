"""Where a review stands: the type of the newest event of its stream says it, and nothing else does."""

from collections.abc import Mapping
from typing import Final, TypeAlias

from stickprov_contracts.events import type_name
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
from stickprov_contracts.http.findings import Status

OutcomeEvent: TypeAlias = (
    FindingRecorded | FindingCorrected | DisagreementSettled | SecondReviewRecorded | FileReviewRecorded
)
MarkEvent: TypeAlias = CaseMarkedOverCoverage | CaseMarkedNonResponse
ReviewEvent: TypeAlias = OutcomeEvent | MarkEvent | FindingWithdrawn | ReviewReopened | ReviewStarted

STATUS_AFTER: Final[Mapping[type[ReviewEvent], Status]] = {
    FindingRecorded: "reviewed",
    FindingCorrected: "reviewed",
    DisagreementSettled: "reviewed",
    SecondReviewRecorded: "reviewed",
    FileReviewRecorded: "reviewed",
    CaseMarkedOverCoverage: "over-coverage",
    CaseMarkedNonResponse: "non-response",
    FindingWithdrawn: "waiting",
    ReviewReopened: "waiting",
    ReviewStarted: "started",
}
"""The status that an event leads to; before the first, a case is waiting."""

STATUS_AFTER_TYPE: Final[Mapping[str, Status]] = {type_name(event): status for event, status in STATUS_AFTER.items()}
"""The same by the event's type as the log has it."""

ENDS_A_REVIEW: Final = tuple(name for name, status in STATUS_AFTER_TYPE.items() if status not in {"waiting", "started"})
"""Types of the events after which a review is done, for the time being."""

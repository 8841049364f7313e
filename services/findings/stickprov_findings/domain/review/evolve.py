"""How a review changes with each of its events."""

from dataclasses import replace
from typing import TypeAlias, assert_never

from stickprov_contracts.events.findings import FindingCorrected, FindingRecorded, FindingWithdrawn
from stickprov_findings.domain.review.state import Finding, Review

ReviewEvent: TypeAlias = FindingRecorded | FindingCorrected | FindingWithdrawn


def evolve(state: Review, event: ReviewEvent) -> Review:
    """Return the review after an event."""
    version = state.version + 1
    match event:
        case FindingRecorded() | FindingCorrected():
            finding = Finding(version, event.remark, tuple(event.categories), event.comment)
            return replace(state, finding=finding, version=version)
        case FindingWithdrawn():
            return replace(state, finding=None, version=version)
        case _:
            assert_never(event)

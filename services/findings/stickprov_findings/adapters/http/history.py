"""A review as the API shows it."""

from typing import assert_never

from stickprov_contracts.events.findings import FindingCorrected, FindingRecorded, FindingWithdrawn
from stickprov_contracts.http.findings import HistoryEntry
from stickprov_contracts.http.findings import Review as ReviewAnswer
from stickprov_findings.adapters.sql.reviews import Happened, ReviewRecord
from stickprov_findings.domain.review.commands import ReviewKey
from stickprov_findings.domain.review.state import Review


def review_answer(key: ReviewKey, record: ReviewRecord) -> ReviewAnswer:
    """Return a review with its history; a note that has been erased is None."""
    review = record.review
    finding = review.finding
    return ReviewAnswer(
        draw=key.draw,
        control_point=key.control_point,
        case=key.case,
        month=record.month,
        stratum=record.stratum,
        handler=review.case.handler if review.case else None,
        status="reviewed" if finding else "waiting",
        version=review.version,
        remark=finding.remark if finding else None,
        categories=list(finding.categories) if finding else [],
        history=[_entry(happened, review) for happened in record.history],
    )


def _entry(happened: Happened, review: Review) -> HistoryEntry:
    event = happened.event
    match event:
        case FindingRecorded():
            return HistoryEntry(
                version=happened.version,
                what="recorded",
                time=happened.time,
                actor=happened.actor,
                remark=event.remark,
                categories=event.categories,
                comment=review.text_of(event.comment),
                reason=None,
            )
        case FindingCorrected():
            return HistoryEntry(
                version=happened.version,
                what="corrected",
                time=happened.time,
                actor=happened.actor,
                remark=event.remark,
                categories=event.categories,
                comment=review.text_of(event.comment),
                reason=review.text_of(event.reason),
            )
        case FindingWithdrawn():
            return HistoryEntry(
                version=happened.version,
                what="withdrawn",
                time=happened.time,
                actor=happened.actor,
                remark=None,
                categories=[],
                comment=None,
                reason=review.text_of(event.reason),
            )
        case _:
            assert_never(event)

"""A review as the API shows it.

What must not break: what a reviewer is shown holds nothing of another purpose's review.
"""

from collections.abc import Iterable, Mapping
from typing import Any, Final, Literal

from stickprov_contracts.events.findings import (
    AnswerRecorded,
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
    SubunitOutcome,
)
from stickprov_contracts.http import findings as api
from stickprov_contracts.questionnaires import Questionnaire
from stickprov_findings.adapters.sql.reviews import Happened, ReviewRecord
from stickprov_findings.domain.review.agreement import disagrees
from stickprov_findings.domain.review.commands import ReviewKey
from stickprov_findings.domain.review.state import Review
from stickprov_findings.domain.review.status import OutcomeEvent, ReviewEvent

What = Literal["recorded", "corrected", "withdrawn", "started", "over-coverage", "non-response", "reopened", "settled"]

_WHAT: Final[Mapping[type[ReviewEvent], What]] = {
    FindingRecorded: "recorded",
    FindingCorrected: "corrected",
    FindingWithdrawn: "withdrawn",
    ReviewStarted: "started",
    CaseMarkedOverCoverage: "over-coverage",
    CaseMarkedNonResponse: "non-response",
    ReviewReopened: "reopened",
    DisagreementSettled: "settled",
}


def review_answer(
    key: ReviewKey,
    record: ReviewRecord,
    versions: Mapping[int, Questionnaire],
    draft: api.Draft | None,
    *,
    caller: str,
    sees_everything: bool,
) -> api.Review:
    """Return a review with its history; a note that has been erased is None.

    Args:
        key: which review.
        record: it; with the second beside the first for whoever sees everything.
        versions: of its questionnaire, those that were answered.
        draft: the caller's own.
        caller: their pseudonym.
        sees_everything: whether the caller coordinates or audits.
    """
    review, case = record.review, record.review.case
    finding, mark, asked = review.finding, review.mark, case.asked if case else None
    standing = finding or mark
    second = review.beside if sees_everything and key.purpose == "review" else None
    return api.Review(
        purpose=key.purpose,
        draw=key.draw,
        control_point=key.control_point,
        case=key.case,
        month=record.month,
        stratum=record.stratum,
        order=record.order,
        unit=case.unit if case else "",
        handler=case.handler if case else None,
        reviewer=case.entitled.reviewer if case else None,
        status=review.status,
        version=review.version,
        remark=finding.remark if finding else None,
        categories=list(finding.categories) if finding else [],
        comment=review.text_of(standing.comment) if standing else None,
        mark_reason=mark.reason if mark else None,
        answers=_answers(finding.answers, review) if finding else [],
        found=_subunits(finding.subunits, review) if finding else [],
        history=[_entry(happened, review) for happened in record.history],
        measure=record.measure,
        unit_name=record.unit_name,
        subunit_name=record.subunit_name,
        point_categories=[api.Category(**category) for category in record.categories],
        subunits=list(case.subunits) if case else [],
        questionnaire=asked.questionnaire if asked else None,
        questionnaire_number=asked.number if asked else None,
        content=asked.content if asked else None,
        versions=dict(versions),
        closed=case.closed if case else None,
        erased=case.erased if case else False,
        draft=draft,
        caller=caller,
        disagrees=disagrees(review, second) if second else False,
        second_version=second.version if second and second.version else None,
        second=[_entry(happened, review) for happened in record.beside] if second else [],
    )


def _entry(happened: Happened, review: Review) -> api.HistoryEntry:
    event = happened.event
    return api.HistoryEntry(
        version=happened.version,
        what=_what(event),
        time=happened.time,
        actor=happened.actor,
        **{"remark": None, "categories": [], "comment": None, "reason": None, **_said(event, review)},
    )


def _said(event: ReviewEvent, review: Review) -> dict[str, Any]:
    """Return what an entry shows of an event."""
    if isinstance(event, ReviewStarted):
        return {}
    if isinstance(event, CaseMarkedOverCoverage | CaseMarkedNonResponse):
        return {
            "comment": review.text_of(event.comment),
            "mark_reason": event.reason,
            "settles": event.second is not None,
            "reason": review.text_of(event.settlement_reason),
        }
    if isinstance(event, FindingRecorded):
        return _outcome(event, review)
    reason = {"reason": review.text_of(event.reason)}
    if isinstance(event, FindingWithdrawn | ReviewReopened):
        return reason
    return reason | _outcome(event, review) | {"settles": isinstance(event, DisagreementSettled)}


def _outcome(event: OutcomeEvent, review: Review) -> dict[str, Any]:
    return {
        "remark": event.remark,
        "categories": event.categories,
        "comment": review.text_of(event.comment),
        "questionnaire_number": event.questionnaire_number,
        "answers": _answers(event.answers, review),
        "subunits": _subunits(event.subunits, review),
    }


def _what(event: ReviewEvent) -> What:
    if isinstance(event, SecondReviewRecorded | FileReviewRecorded):
        return "recorded" if event.corrects is None else "corrected"
    return _WHAT[type(event)]


def _subunits(subunits: Iterable[SubunitOutcome], review: Review) -> list[api.SubunitShown]:
    return [
        api.SubunitShown(
            subunit=one.subunit,
            outcome=one.outcome,
            reason=one.reason,
            remark=one.remark,
            categories=one.categories,
            answers=_answers(one.answers, review),
        )
        for one in subunits
    ]


def _answers(answers: Iterable[AnswerRecorded], review: Review) -> list[api.AnswerShown]:
    return [
        api.AnswerShown(
            question=one.question, chosen=one.chosen, number=one.number, day=one.day, text=review.text_of(one.text)
        )
        for one in answers
    ]

"""What findings says of a case: its review, the second one, and the file review. Each is one stream's newest outcome.

What must not break: the highest version of each stream stays, so an event that comes late (requeued from quarantine)
does not overwrite what replaced it.
"""

from collections.abc import Iterable
from typing import Final, Literal, NamedTuple, TypeAlias, TypeGuard, get_args

from stickprov_contracts.events import Event
from stickprov_contracts.events.findings import (
    CaseMarkedNonResponse,
    CaseMarkedOverCoverage,
    DisagreementSettled,
    FileReviewRecorded,
    FindingCorrected,
    FindingRecorded,
    FindingWithdrawn,
    ReviewReopened,
    SecondReviewRecorded,
    SubunitOutcome,
)
from stickprov_contracts.http.cases_behind import CaseStatus
from stickprov_reporting.domain.projection.answers import Answer, answers_of

Outcome: TypeAlias = (
    FindingRecorded | FindingCorrected | DisagreementSettled | SecondReviewRecorded | FileReviewRecorded
)
Mark: TypeAlias = CaseMarkedOverCoverage | CaseMarkedNonResponse
ReviewEvent: TypeAlias = Outcome | Mark | FindingWithdrawn | ReviewReopened

# Told by their exact types: asking a model class whether something is one of its instances costs a call of Python.
_OUTCOMES: Final = frozenset(get_args(Outcome))
_MARKS: Final = frozenset(get_args(Mark))
REVIEW_EVENTS: Final = frozenset(get_args(ReviewEvent))
_MARKED: Final[dict[type[Mark], CaseStatus]] = {
    CaseMarkedOverCoverage: "over-coverage",
    CaseMarkedNonResponse: "non-response",
}


def is_review_event(event: Event) -> TypeGuard[ReviewEvent]:
    """Tell whether an event is about the review of a case, whatever its purpose."""
    return type(event) in REVIEW_EVENTS


def _is_outcome(event: ReviewEvent) -> TypeGuard[Outcome]:
    return type(event) in _OUTCOMES


def _is_mark(event: ReviewEvent) -> TypeGuard[Mark]:
    return type(event) in _MARKS


Purpose: TypeAlias = Literal["review", "second-review", "file-review"]


def purpose_of(stream: str) -> Purpose:
    """Return what a stream of review events is for."""
    if stream.startswith("second-review/"):
        return "second-review"
    if stream.startswith("file-review/"):
        return "file-review"
    return "review"


class Subunit(NamedTuple):
    """What became of one subunit of the case; which one it was is not kept."""

    outcome: str
    reason: str = ""
    remark: bool = False
    categories: tuple[str, ...] = ()
    answers: tuple[Answer, ...] = ()


class Review(NamedTuple):
    """How a case stands.

    Attributes:
        version: of the review's stream; 0 when nothing was heard.
        reason: of over-coverage or non-response, else "".
        categories: of the remark, sorted, each once.
        questionnaire: what was answered, "" without one.
        settled: whether what stands is a settlement of a disagreement, by a finding or by a mark.
    """

    version: int = 0
    status: CaseStatus = "waiting"
    reason: str = ""
    remark: bool = False
    categories: tuple[str, ...] = ()
    questionnaire: str = ""
    answers: tuple[Answer, ...] = ()
    subunits: tuple[Subunit, ...] = ()
    settled: bool = False


UNHEARD: Final = Review()


class First(NamedTuple):
    """What the first reviewer says where a settlement stands; ``remark`` is None where no finding does."""

    version: int
    remark: bool | None


class Second(NamedTuple):
    """The second, blind review; ``remark`` is None where no finding stands."""

    version: int
    remark: bool | None
    categories: tuple[str, ...] = ()


class FileReview(NamedTuple):
    """A remark that was looked into again; not ``reviewed`` where what was found was taken back."""

    version: int
    reviewed: bool
    remark: bool = False
    categories: tuple[str, ...] = ()
    questionnaire: str = ""
    answers: tuple[Answer, ...] = ()


def review_of(event: ReviewEvent, version: int) -> Review:
    """Return how a case stands after an event of its review."""
    if _is_outcome(event):
        return Review(
            version,
            "reviewed",
            "",
            event.remark,
            _categories(event),
            event.questionnaire or "",
            answers_of(event.answers) if event.answers else (),
            _subunits(event.subunits) if event.subunits else (),
            type(event) is DisagreementSettled,
        )
    if _is_mark(event):
        return Review(version, _MARKED[type(event)], event.reason, settled=event.settles is not None)
    return Review(version)


def first_of(review: Review) -> First:
    """Return what the first reviewer says, of a review that is no settlement."""
    return First(review.version, review.remark if review.status == "reviewed" else None)


def second_of(event: ReviewEvent, version: int) -> Second:
    """Return the second review after an event of its stream."""
    if _is_outcome(event):
        return Second(version, event.remark, _categories(event))
    return Second(version, None)


def file_review_of(event: ReviewEvent, version: int) -> FileReview:
    """Return the file review after an event of its stream."""
    if _is_outcome(event):
        answers = answers_of(event.answers)
        return FileReview(
            version,
            reviewed=True,
            remark=event.remark,
            categories=_categories(event),
            questionnaire=event.questionnaire or "",
            answers=answers,
        )
    return FileReview(version, reviewed=False)


def _categories(event: Outcome | SubunitOutcome) -> tuple[str, ...]:
    return tuple(sorted(set(event.categories))) if event.remark and event.categories else ()


def _subunits(outcomes: Iterable[SubunitOutcome]) -> tuple[Subunit, ...]:
    """Return subunits in an order that their ids have no part in."""
    found = [
        Subunit(one.outcome, one.reason or "", one.remark, _categories(one), answers_of(one.answers))
        for one in outcomes
    ]
    return tuple(sorted(found, key=repr))

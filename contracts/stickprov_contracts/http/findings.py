"""The findings API: the queue, and recording, correcting and withdrawing findings.

A case has a review for each control point it serves; beside it there may be a second, blind review and a file review.
Each purpose has the same routes under a path of its own: ``/v1/reviews``, ``/v1/second-reviews``, ``/v1/file-reviews``.
"""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, StrictBool, StrictInt

from stickprov_contracts.http.base import Answer, Request
from stickprov_contracts.questionnaires import PartId, Questionnaire

Purpose = Literal["review", "second-review", "file-review"]
Status = Literal["waiting", "started", "reviewed", "over-coverage", "non-response"]
"""``started``: somebody has opened it and is not done. Only ``waiting`` and ``started`` are still to be done."""

AnswerValue = Annotated[str, Field(max_length=10_000)] | list[PartId] | StrictInt | Decimal
"""An option's id (or ``yes``, ``no``, ``na``), a list of ids, a number, a date as ``YYYY-MM-DD``, or free text."""
Answers = Annotated[dict[PartId, AnswerValue], Field(max_length=500)]
_FreeText = Annotated[str, Field(max_length=10_000)]
_Reason = Annotated[str, Field(min_length=1, max_length=10_000)]


class SubunitFound(Request):
    """What was found of one subunit.

    Attributes:
        subunit: its public id. reason: id of the reason when it was not reviewed; ``other`` needs the case's comment.
    """

    subunit: str = Field(max_length=200)
    outcome: Literal["reviewed", "over-coverage", "non-response"] = "reviewed"
    reason: PartId | None = None
    answers: Answers = {}


class _Outcome(Request):
    """What a reviewer says of a case.

    Attributes:
        remark: where the reviewer says so; left out where the questionnaire's rules settle it.
        categories: of a remark that the reviewer states.
        questionnaire_number: the version that was shown; the newest when left out.
        answers: by the question's id; derived ones are computed, not sent.
        subunits: each of the case's once, where the questionnaire asks about subunits.
    """

    remark: StrictBool | None = None
    categories: list[str] = Field(default=[], max_length=50)
    comment: _FreeText | None = None
    questionnaire_number: StrictInt | None = Field(default=None, ge=1)
    answers: Answers = {}
    subunits: list[SubunitFound] = Field(default=[], max_length=1000)


class RecordFinding(_Outcome):
    """``POST .../{draw}/{control_point}/{case}/finding``."""


class CorrectFinding(_Outcome):
    """``POST .../{draw}/{control_point}/{case}/correction``; needs ``If-Match``."""

    reason: _Reason


class WithdrawFinding(Request):
    """``POST .../{draw}/{control_point}/{case}/withdrawal``; needs ``If-Match``."""

    reason: _Reason


class MarkCase(Request):
    """``POST /v1/reviews/{draw}/{control_point}/{case}/over-coverage`` and ``.../non-response``.

    A case that has a finding or the other mark is changed with ``If-Match``; then the first stays in the log.

    Attributes:
        reason: id from the questionnaire's list, or the standard one. comment: free text; needed with ``other``.
    """

    reason: PartId
    comment: _FreeText | None = None


class ReopenReview(Request):
    """``POST /v1/reviews/{draw}/{control_point}/{case}/reopening``: takes a mark back; needs ``If-Match``."""

    reason: _Reason


class SettleDisagreement(_Outcome):
    """``POST /v1/reviews/{draw}/{control_point}/{case}/settlement``; needs ``If-Match`` of the first review.

    Attributes:
        second_version: version of the second review that was seen.
        mark: what holds is that the case should not have been drawn, or cannot be reviewed; then nothing is answered.
        mark_reason: id of the reason of the mark; ``other`` needs a comment.
    """

    second_version: StrictInt = Field(ge=1)
    reason: _Reason
    mark: Literal["over-coverage", "non-response"] | None = None
    mark_reason: PartId | None = None


class Recorded(Answer):
    """A command was carried out, or had been carried out before under the same command id.

    Attributes:
        event: id of the event. version: the review's version after it, also in ``ETag``.
    """

    event: UUID
    draw: UUID
    control_point: str
    case: str
    version: int


class SaveDraft(Request):
    """``PUT .../{draw}/{control_point}/{case}/draft``: what a reviewer has filled in so far; theirs alone.

    ``If-Match`` holds the draft's version that was seen, ``"0"`` for none; another tab's newer draft is not overwritten
    but answered with 412. A draft is no event; it goes when the review is done, or by ``DELETE``.

    Attributes:
        fields: the form's fields as they are, each with its values in order; complete or not, valid or not.
        review_version: of the review that the form was filled in for.
    """

    fields: dict[Annotated[str, Field(max_length=300)], Annotated[list[_FreeText], Field(max_length=100)]] = Field(
        max_length=5000
    )
    review_version: StrictInt = Field(ge=0)


class Draft(Answer):
    """A draft; its version is also its ``ETag``."""

    fields: dict[str, list[str]]
    review_version: int
    version: int
    saved: datetime


class QueueItem(Answer):
    """A drawn case in a reviewer's queue.

    Attributes:
        order: its number in the draw. With the beginning of its id it names the case for people.
        reviewer: who it is assigned to. has_draft: whether the caller has begun to fill it in.
        subunits: how many it has.
        closed: label of the closed period that the case's lies in; then nothing can be changed.
        erased: whether who the case is has been erased; nothing is written about it any more.
    """

    purpose: Purpose = "review"
    draw: UUID
    control_point: str
    case: str
    month: str
    stratum: str
    order: int
    unit: str = ""
    handler: str | None
    reviewer: str | None = None
    status: Status
    has_draft: bool = False
    subunits: int = 0
    version: int
    closed: str | None = None
    erased: bool = False


class Queue(Answer):
    """``GET /v1/queue``: cases with their progress. Counts are of the whole selection, items are one page of it.

    ``total`` = waiting + reviewed + over_coverage + non_response + closed; what is started still waits.

    Attributes:
        closed: neither reviewed nor marked when their period was closed, so they never will be.
    """

    total: int
    waiting: int
    reviewed: int
    over_coverage: int = 0
    non_response: int = 0
    closed: int = 0
    items: list[QueueItem]


class AnswerShown(Answer):
    """An answer as it was recorded; ``text`` is None where it was erased."""

    question: str
    chosen: list[str]
    number: Decimal | None
    day: date | None
    text: str | None


class SubunitShown(Answer):
    """What became of a subunit."""

    subunit: str
    outcome: str
    reason: str | None
    remark: bool
    categories: list[str]
    answers: list[AnswerShown]


class HistoryEntry(Answer):
    """One event of a review, with its free text where that has not been erased.

    Attributes:
        mark_reason: id of the reason of over-coverage or non-response.
        settles: whether the coordinator settled a disagreement so; then ``reason`` says why.
    """

    version: int
    what: Literal[
        "recorded", "corrected", "withdrawn", "started", "over-coverage", "non-response", "reopened", "settled"
    ]
    time: datetime
    actor: str
    remark: bool | None
    categories: list[str]
    comment: str | None
    reason: str | None
    mark_reason: str | None = None
    settles: bool = False
    questionnaire_number: int | None = None
    answers: list[AnswerShown] = []
    subunits: list[SubunitShown] = []


class Category(Answer):
    """A category of the control point."""

    id: str
    sv: str
    en: str


class Review(Answer):
    """One case's review as it stands, with its history, and what is needed to fill it in.

    Attributes:
        questionnaire, questionnaire_number, content: the version to answer now; None without a questionnaire.
        versions: others that the history answered, by number.
        closed: label of the closed period that the case's lies in; then nothing can be changed.
        erased: whether who the case is has been erased; a command with free text is refused then.
        draft: what the caller has filled in so far.
        caller: pseudonym of whoever asks, so that they can be told what was their own doing.
        order: the case's number in the draw.
        measure: the control point's, in the board's words.
        subunits: their public ids.
        disagrees: whether the second review differs from this one and nobody has settled it; always False towards a
            reviewer, whose review would no longer be blind.
        second: the second review, towards the coordinator and the auditor.
    """

    purpose: Purpose = "review"
    draw: UUID
    control_point: str
    case: str
    month: str
    stratum: str
    order: int = 0
    unit: str = ""
    handler: str | None
    reviewer: str | None = None
    status: Status
    version: int
    remark: bool | None
    categories: list[str]
    comment: str | None = None
    mark_reason: str | None = None
    answers: list[AnswerShown] = []
    found: list[SubunitShown] = []
    history: list[HistoryEntry]
    measure: str = ""
    unit_name: str = ""
    subunit_name: str | None = None
    point_categories: list[Category] = []
    subunits: list[str] = []
    questionnaire: str | None = None
    questionnaire_number: int | None = None
    content: Questionnaire | None = None
    versions: dict[int, Questionnaire] = {}
    closed: str | None = None
    erased: bool = False
    draft: Draft | None = None
    caller: str = ""
    disagrees: bool = False
    second_version: int | None = None
    second: list[HistoryEntry] = []


class AssignCases(Request):
    """``POST /v1/assignments``: give the cases of a draw to reviewers, by the control point's rule; or only look.

    Attributes:
        purpose: ``second-review`` takes reviewed cases, ``file-review`` those with a remark.
        rule: instead of the control point's own. group: for ``group``.
        share: of the cases, for a second review; the control point's own when left out. At least one case.
        capacity: the most cases a reviewer is to have waiting in all; what does not fit stays unassigned.
        dry_run: answer what would be done, and do nothing.
    """

    draw: UUID
    control_point: str
    purpose: Purpose = "review"
    rule: Literal["handler", "colleague", "group", "round_robin"] | None = None
    group: str | None = None
    share: Decimal | None = Field(default=None, gt=0, le=1)
    capacity: StrictInt | None = Field(default=None, ge=1)
    dry_run: StrictBool = False


class ReviewerLoad(Answer):
    """How much one reviewer has: waiting in all before, and given now."""

    reviewer: str
    unit: str
    waiting: int
    given: int


class Unassigned(Answer):
    """A case that nobody could be given, and why."""

    case: str
    why: Literal["no-handler", "handler-not-listed", "no-colleague", "no-reviewer", "capacity"]


class Assigned(Answer):
    """What an assignment did, or would do.

    Attributes:
        already: cases that had a reviewer; they keep them.
    """

    given: int
    already: int
    loads: list[ReviewerLoad]
    unassigned: list[Unassigned]


class Reassign(Request):
    """``POST .../{draw}/{control_point}/{case}/assignment``: another reviewer, for a reason."""

    reviewer: str = Field(max_length=100)
    reason: _Reason


class Reviewer(Answer):
    """Somebody of the staff list, with their load: one of ``GET /v1/reviewers``.

    Attributes:
        cleared: for protected identities, as the staff list says.
    """

    pseudonym: str
    unit: str
    groups: list[str]
    waiting: int
    done: int
    cleared: bool = False


class ProgressRow(Answer):
    """Counts of one part of the cases.

    ``total`` = waiting + reviewed + over_coverage + non_response + closed; what is started still waits.

    Attributes:
        closed: neither reviewed nor marked when their period was closed; they neither wait nor are overdue.
        name: of the control point, the unit, the reviewer (pseudonym) or the period; "" for the whole, or where none.
        remarks: reviewed cases with one.
        overdue: waiting cases whose period ended more days ago than were asked for.
    """

    name: str
    total: int
    waiting: int
    started: int
    reviewed: int
    over_coverage: int
    non_response: int
    remarks: int
    overdue: int = 0
    closed: int = 0


class Progress(Answer):
    """``GET /v1/progress?control_point=&draw=&period=&within=``: how far the reviewing has come.

    Attributes:
        reviewers: a case is theirs who were given it, or else began or did it, or else handle it under the handlers'
            own rule; the row without a name is for the others.
        periods: by label.
    """

    total: ProgressRow
    control_points: list[ProgressRow]
    units: list[ProgressRow]
    reviewers: list[ProgressRow]
    periods: list[ProgressRow] = []

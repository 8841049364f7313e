"""Facts of findings: who reviews what, and what reviewers found, corrected and withdrew.

Lists of choices are plain text here and literals in the HTTP contracts: another choice must not break a reader.
"""

from datetime import date
from decimal import Decimal
from typing import ClassVar
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from stickprov_contracts.events.base import Event, NoteReference
from stickprov_contracts.events.sampler import Hex256
from stickprov_contracts.topics import Source


class _ReviewEvent(Event):
    """Something about one case under one control point of one draw."""

    source: ClassVar[Source] = "findings"

    draw: UUID
    control_point: str
    case: Hex256


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class AnswerRecorded(_Part):
    """The answer to one question that applied; which field holds it follows from the question's type.

    Attributes:
        chosen: ids of what was chosen: one, or several of a ``many_of``; a derived answer stands here too.
        number, day: of a number or a date. text: where a free text lies.
    """

    question: str
    chosen: list[str] = []
    number: Decimal | None = None
    day: date | None = None
    text: NoteReference | None = None


class SubunitOutcome(_Part):
    """What became of one subunit of the case.

    Attributes:
        subunit: its public id, as ``CaseDrawn`` has it.
        outcome: ``reviewed``, ``over-coverage`` or ``non-response``.
        reason: id of the reason for the latter two.
    """

    subunit: str
    outcome: str
    reason: str | None = None
    remark: bool = False
    categories: list[str] = []
    answers: list[AnswerRecorded] = []


class _Outcome(_ReviewEvent):
    """What a reviewer says of a case.

    Attributes:
        remark: whether the case, or one of its subunits, deviates.
        categories: ids of the control point's categories, each once; empty without a remark.
        comment: where the reviewer's free text lies, if there is any.
        questionnaire, questionnaire_number: which version was answered; None without a questionnaire.
        answers: to the questions of the case, derived ones too, in the questionnaire's order.
        subunits: of each subunit, where the questionnaire asks about them.
    """

    remark: bool
    categories: list[str] = []
    comment: NoteReference | None = None
    questionnaire: str | None = None
    questionnaire_number: int | None = Field(default=None, ge=1)
    answers: list[AnswerRecorded] = []
    subunits: list[SubunitOutcome] = []


class FindingRecorded(_Outcome):
    """A reviewer recorded the outcome of a case."""

    name: ClassVar[str] = "finding-recorded"


class FindingCorrected(_Outcome):
    """A finding was replaced by another; the first stays in the log.

    Attributes:
        corrects: version in the stream of the event that this one replaces.
        reason: where the reason lies.
    """

    name: ClassVar[str] = "finding-corrected"

    corrects: int
    reason: NoteReference


class FindingWithdrawn(_ReviewEvent):
    """A finding was taken back; the case waits again."""

    name: ClassVar[str] = "finding-withdrawn"

    withdraws: int
    reason: NoteReference


class ReviewStarted(_ReviewEvent):
    """A reviewer opened the case to review it; until they are done, nobody else is given it."""

    name: ClassVar[str] = "review-started"


class _Mark(_ReviewEvent):
    """The case has no finding, and why.

    Attributes:
        reason: id from the questionnaire's list, or the standard one.
        settles: where the coordinator settled a disagreement so: version of the first review's outcome. second: version
            of the second review's, in its own stream. settlement_reason: where the coordinator's reason lies. All three
            or none.
    """

    reason: str
    comment: NoteReference | None = None
    settles: int | None = None
    second: int | None = None
    settlement_reason: NoteReference | None = None


class CaseMarkedOverCoverage(_Mark):
    """The case should not have been in the frame. It has no finding, and says nothing about those that should."""

    name: ClassVar[str] = "case-marked-over-coverage"


class CaseMarkedNonResponse(_Mark):
    """The case belongs in the frame but could not be reviewed."""

    name: ClassVar[str] = "case-marked-non-response"


class ReviewReopened(_ReviewEvent):
    """A mark of over-coverage or non-response was taken back; the case waits again.

    Attributes:
        reopens: version in the stream of the mark.
    """

    name: ClassVar[str] = "review-reopened"

    reopens: int
    reason: NoteReference


class DisagreementSettled(_Outcome):
    """First and second review disagreed; this holds from now on. It lies in the stream of the first.

    Where what holds is that the case is not reviewed, the event is a mark that says what it settles.

    Attributes:
        settles: version of the first review's outcome. second: version of the second review's, in its own stream.
    """

    name: ClassVar[str] = "disagreement-settled"

    settles: int
    second: int
    reason: NoteReference


class SecondReviewRecorded(_Outcome):
    """Another reviewer recorded the outcome of a case without having seen the first.

    Attributes:
        corrects: version in the stream of an earlier record by the same reviewer that this one replaces.
    """

    name: ClassVar[str] = "second-review-recorded"

    corrects: int | None = None
    reason: NoteReference | None = None


class FileReviewRecorded(_Outcome):
    """A case with a remark was looked into again (aktgranskning), with a questionnaire of its own.

    Attributes:
        corrects: version in the stream of an earlier record that this one replaces.
    """

    name: ClassVar[str] = "file-review-recorded"

    corrects: int | None = None
    reason: NoteReference | None = None


class CaseAssigned(_ReviewEvent):
    """Somebody is to review the case; the newest assignment for a purpose holds.

    Attributes:
        purpose: ``review``, ``second-review`` or ``file-review``.
        reviewer: pseudonym.
        rule: what chose them: ``handler``, ``colleague``, ``group``, ``round_robin`` or ``by_hand``.
        reason: where the reason lies, for a reassignment.
    """

    name: ClassVar[str] = "case-assigned"

    purpose: str
    reviewer: str
    rule: str
    reason: NoteReference | None = None


EVENTS: tuple[type[Event], ...] = (
    FindingRecorded,
    FindingCorrected,
    FindingWithdrawn,
    ReviewStarted,
    CaseMarkedOverCoverage,
    CaseMarkedNonResponse,
    ReviewReopened,
    DisagreementSettled,
    SecondReviewRecorded,
    FileReviewRecorded,
    CaseAssigned,
)

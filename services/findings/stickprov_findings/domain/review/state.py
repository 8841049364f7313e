"""What is known of one review when a decision is taken."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from stickprov_contracts.events import NoteReference
from stickprov_contracts.events.findings import AnswerRecorded, SubunitOutcome
from stickprov_contracts.http.findings import Status
from stickprov_contracts.questionnaires import Questionnaire
from stickprov_findings.domain.assignment.rules import Member
from stickprov_findings.domain.review.commands import MarkKind


@dataclass(frozen=True, slots=True)
class Asked:
    """The questionnaire that a review answers.

    Attributes:
        questionnaire: its id.
        number: the version asked for, or else the newest; None while no version has been heard of.
        content: None when there is no such version.
    """

    questionnaire: str
    number: int | None
    content: Questionnaire | None


@dataclass(frozen=True, slots=True)
class Entitled:
    """Who may review the case for the purpose at hand.

    Attributes:
        reviewer: whom it was assigned to; the rules are for cases that nobody was assigned.
        rule, group: of the control point; a rule of None is that of times before there were any.
        blind: whether second reviews are to be done, so that nobody looks at another's review.
        second_reviewer: whom the second review was assigned to.
        asking, handling: the caller and the case's handler, where they are on the staff list.
    """

    reviewer: str | None = None
    rule: str | None = None
    group: str | None = None
    blind: bool = False
    second_reviewer: str | None = None
    asking: Member | None = None
    handling: Member | None = None


@dataclass(frozen=True, slots=True)
class DrawnCase:
    """What the sampler's log told about the case.

    Attributes:
        handler: pseudonym of its handler; None when nobody's.
        categories: ids of the control point's categories; None while the control point has not been heard of.
        replaced_by: the spare that took its place in the draw; None while it is in.
        unit: that handles it, "" where unknown.
        period_end: the last day of its period.
        closed: label of the closed period that its own lies in.
        subunits: public ids.
        asked: None where the control point has no questionnaire for the purpose.
        erased: whether who it is has been erased.
    """

    handler: str | None
    categories: frozenset[str] | None
    period_end: date
    replaced_by: str | None = None
    unit: str = ""
    closed: str | None = None
    subunits: tuple[str, ...] = ()
    asked: Asked | None = None
    entitled: Entitled = Entitled()
    erased: bool = False


@dataclass(frozen=True, slots=True)
class Finding:
    """The finding that stands, and the version of the event that put it there.

    Attributes:
        number: of the questionnaire's version it answered.
        second: version of the second review that it settled a disagreement with; None where it settles nothing.
    """

    version: int
    remark: bool
    categories: tuple[str, ...]
    comment: NoteReference | None
    number: int | None = None
    answers: tuple[AnswerRecorded, ...] = ()
    subunits: tuple[SubunitOutcome, ...] = ()
    second: int | None = None


@dataclass(frozen=True, slots=True)
class Mark:
    """The mark that stands, and the version of the event that put it there.

    Attributes:
        second: version of the second review that it settled a disagreement with; None where it settles nothing.
    """

    version: int
    kind: MarkKind
    reason: str
    comment: NoteReference | None
    second: int | None = None


@dataclass(frozen=True, slots=True)
class Review:
    """One review as it stands.

    Attributes:
        case: None when no such case has been drawn.
        texts: those notes of this review that have not been erased. They are not in the log, so events do not
            change them.
        finding, mark: at most one of them stands.
        version: how many events the review has had.
        changed: version of the newest event that was more than a start.
        started_by: who has started it and is not done.
        reviewers: all who have said something of the case, whether or not it stands. Who settled is not among them.
        beside: of a second or file review the first; of the first its second, where that is needed.
    """

    case: DrawnCase | None
    texts: Mapping[UUID, str] = field(default_factory=dict)
    finding: Finding | None = None
    mark: Mark | None = None
    version: int = 0
    changed: int = 0
    started_by: str | None = None
    reviewers: frozenset[str] = frozenset()
    beside: "Review | None" = None

    @property
    def settled_with(self) -> int | None:
        """Version of the second review that what stands has settled a disagreement with; None where it has not."""
        standing = self.finding or self.mark
        return standing.second if standing else None

    @property
    def status(self) -> Status:
        """Where it stands, as the newest event says."""
        if self.finding is not None:
            return "reviewed"
        if self.mark is not None:
            return self.mark.kind
        return "waiting" if self.started_by is None else "started"

    def text_of(self, reference: NoteReference | None) -> str | None:
        """Return the text a reference stands for; None when there is none or it has been erased."""
        return self.texts.get(reference.note) if reference else None

"""What is known of one review when a decision is taken."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

from stickprov_contracts.events import NoteReference


@dataclass(frozen=True, slots=True)
class DrawnCase:
    """What the sampler's log told about the case.

    Attributes:
        handler: pseudonym of its handler; None when any reviewer may take it.
        categories: ids of the control point's categories; None while the control point has not been heard of.
        replaced_by: the spare that took its place in the draw; None while it is in.
    """

    handler: str | None
    categories: frozenset[str] | None
    replaced_by: str | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """The finding that stands, and the version of the event that put it there."""

    version: int
    remark: bool
    categories: tuple[str, ...]
    comment: NoteReference | None


@dataclass(frozen=True, slots=True)
class Review:
    """One review as it stands.

    Attributes:
        case: None when no such case has been drawn.
        texts: those notes of this review that have not been erased. They are not in the log, so events do not
            change them.
        finding: None while the case waits.
        version: how many events the review has had.
    """

    case: DrawnCase | None
    texts: Mapping[UUID, str] = field(default_factory=dict)
    finding: Finding | None = None
    version: int = 0

    def text_of(self, reference: NoteReference | None) -> str | None:
        """Return the text a reference stands for; None when there is none or it has been erased."""
        return self.texts.get(reference.note) if reference else None

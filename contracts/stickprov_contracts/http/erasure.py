"""The API of erasure (gallring): retentions, holds, what is due, erasing it, and the report of an erasure."""

from datetime import date, datetime
from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import Field, StrictBool, StrictInt, StringConstraints, model_validator

from stickprov_contracts.events.base import Period
from stickprov_contracts.events.erasure import ErasureReason
from stickprov_contracts.events.sampler import Hex256
from stickprov_contracts.http.base import Answer, Request
from stickprov_contracts.http.sampler import ControlPointId

Why = Annotated[str, StringConstraints(min_length=1, max_length=2000, strip_whitespace=True)]
Standing = Literal["due", "not-due", "no-retention", "held", "erased"]
"""How something stands: its time is up; it is not; none was decided; a hold keeps it; it is gone."""


Searched = Literal["personal-number", "case-number", "neither"]
"""As what something that was typed was looked for; ``neither``: it is no number that anybody has."""


class SetRetention(Request):
    """``PUT /v1/retentions/{control_point}``: how long identities are kept after a period.

    Attributes:
        months: None takes the decision back; nothing is due then.
        keep_for_research: leave the cases of people born on day 5, 15 or 25.
    """

    months: StrictInt | None = Field(ge=0, le=1200)
    keep_for_research: StrictBool = False


class Retention(Answer):
    """A control point's retention; ``version`` is 0 where none was ever set."""

    control_point: str
    months: int | None
    keep_for_research: bool
    version: int


class PlaceHold(Request):
    """``POST /v1/holds``: keep something from being erased.

    Attributes:
        control_point, draw: one of the two. case: one case of ``draw``; the hold is for it alone then.
        why: the reason; it may name a person, so it is kept where it can be erased.
    """

    control_point: ControlPointId | None = None
    draw: UUID | None = None
    case: Hex256 | None = None
    why: Why

    @model_validator(mode="after")
    def _is_about_one_thing(self) -> Self:
        if (self.control_point is None) == (self.draw is None):
            raise ValueError("name a control point or a draw, and not both")
        if self.case is not None and self.draw is None:
            raise ValueError("name the draw that the case is of")
        return self


class LiftHold(Request):
    """``POST /v1/holds/{hold}/lifting``."""

    why: Why


class Hold(Answer):
    """A hold. Its reasons are None once they have been erased."""

    hold: UUID
    control_point: str | None
    draw: UUID | None
    case: str | None
    placed: datetime
    placed_by: str
    why: str | None
    lifted: datetime | None = None
    lifted_by: str | None = None
    why_lifted: str | None = None


class PlacedHold(Answer):
    """What a placed or lifted hold is answered with; the reason is not repeated, because answers cannot be erased."""

    hold: UUID


class StandingDraw(Answer):
    """How a draw stands.

    Attributes:
        frame_name: of the frame it was drawn from.
        months: the longest retention of its control points; None where one of them has none.
        due: the day from which it may be erased; None where no retention was set.
        cases: how many it has, replaced ones too. erased: that are gone. erasable: that would go now. held: that a
            hold keeps. kept_for_research: that stay for research.
        holds: that keep it, or cases of it.
    """

    draw: UUID
    frame: UUID
    frame_name: str
    control_points: list[str]
    period: Period
    standing: Standing
    months: int | None
    due: date | None
    cases: int
    erased: int
    erasable: int
    held: int
    kept_for_research: int
    holds: list[UUID]


class StandingFrame(Answer):
    """How the identities of a frame's units stand; see ``StandingDraw``."""

    frame: UUID
    frame_name: str
    control_point: str
    period: Period
    standing: Standing
    due: date | None


class DueErasure(Answer):
    """``GET /v1/erasures/due``: how everything stands on a day.

    Attributes:
        series: how many keys of pseudonyms would go with the last of what is due.
        staff: people who are not on the staff list any more, whose names the vault still has.
        without_retention: control points with identities and without a decision on how long they are kept.
    """

    on: date
    draws: list[StandingDraw]
    frames: list[StandingFrame]
    series: int
    staff: int
    without_retention: list[str]


class EraseCase(Request):
    """``POST /v1/erasures/cases``: erase one case, in every draw that has it."""

    draw: UUID
    case: Hex256


class ErasePerson(Request):
    """``POST /v1/erasures/persons``: erase every case of a person.

    Attributes:
        number: a personal number or the register's own id. It is looked for, and neither stored nor logged.
    """

    number: str = Field(min_length=1, max_length=100, repr=False)


class FoundPerson(Answer):
    """``POST /v1/erasures/persons/preview``: what an erasure of a person would find. It does not repeat the number.

    Attributes:
        searched: as what it was looked for.
        cases: how many, counted once in each draw that has them. draws: that have them. held: of these, by a hold.
        frames: whose identities hold the person, drawn or not. frames_searched: that were looked through.
    """

    searched: Searched
    cases: int
    draws: int
    held: int
    frames: int
    frames_searched: int


class EraseStaff(Request):
    """``POST /v1/erasures/staff``: erase names and addresses of people who left the staff list.

    Attributes:
        staff: their pseudonyms; None for all of them.
    """

    staff: list[str] | None = None


class ErasedDraw(Answer):
    """What an erasure took of one draw.

    Attributes:
        cases: how many. pseudonyms: which.
    """

    draw: UUID
    frame_name: str
    control_points: list[str]
    period: Period
    cases: int
    pseudonyms: list[str]


class ErasedFrame(Answer):
    """A frame whose identities an erasure took."""

    frame: UUID
    frame_name: str
    control_point: str
    period: Period


class Erasure(Answer):
    """One erasure, as the log tells it.

    Attributes:
        began, completed: ``completed`` is None while it runs, and where it was interrupted: what is left is erased by
            the next one.
        actor: pseudonym; ``system`` for the hourly one.
        draws, frames: what was taken of each. series, staff, notes: how many.
        identities: people the vault knows nothing of any more.
        position: of ``erasure-completed`` in the sampler's log, once it has one.
        frames_rewritten: frames whose identities were written anew without those who asked.
        kept_for_research: cases of the draw that stayed for research.
    """

    erasure: UUID
    why: ErasureReason
    actor: str
    began: datetime
    completed: datetime | None
    draws: list[ErasedDraw]
    frames: list[ErasedFrame]
    series: int
    staff: int
    identities: int
    notes: int
    position: int | None = None
    frames_rewritten: int = 0
    kept_for_research: int = 0


class CarriedOut(Answer):
    """What a command that erases is answered with; ``erasure`` is None where there was nothing to erase.

    Attributes:
        cases: counted once in each draw that they went from.
        draws_held: draws that a hold kept from being erased, wholly or in part.
        frames_rewritten: frames whose identities were written anew without those who asked.
        kept_for_research: cases that stay because their control point keeps them for research.
    """

    erasure: UUID | None
    draws: int
    cases: int
    identities: int
    notes: int
    frames: int
    series: int
    staff: int
    draws_held: int = 0
    frames_rewritten: int = 0
    kept_for_research: int = 0


class ErasedText(Answer):
    """``GET /v1/erased-texts?erasure=`` of findings: free text that went with a draw's cases."""

    erasure: UUID
    draw: UUID
    control_points: list[str]
    cases: int
    notes: int
    drafts: int
    time: datetime

"""What a questionnaire's document may hold: the schema of ``QuestionnairePublished.content``."""

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StrictBool

QuestionType = Literal["yes_no", "yes_no_na", "one_of", "many_of", "number", "date", "text"]
PartId = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$")]
_Text = Annotated[str, Field(min_length=1, max_length=2000)]

FIXED_ANSWERS: dict[QuestionType, tuple[str, ...]] = {"yes_no": ("yes", "no"), "yes_no_na": ("yes", "no", "na")}
"""Answers that a type has of itself; ``one_of`` and ``many_of`` have their options."""


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Option(_Part):
    """One of the answers that can be chosen."""

    id: PartId
    sv: _Text
    en: _Text


class Condition(_Part):
    """Holds when an earlier question has one of these answers."""

    question: PartId
    answers: list[PartId] = Field(min_length=1)


class RemarkRule(_Part):
    """Makes an answer a remark.

    Attributes:
        answers: any of these; or else the bounds of a number.
        above, below: the number is greater, or smaller, than this.
        category: id of the control point's category that the remark is of.
    """

    answers: list[PartId] = []
    above: Decimal | None = None
    below: Decimal | None = None
    category: PartId | None = None


class OlderThan(_Part):
    """A derived answer: "yes" when a date lies further back than this on the reference date, else "no".

    A month or a year back from a day that the other month lacks is that month's last day. A date exactly so far back
    is not older. Without the date (its question did not apply, or was left out) there is no answer.

    Attributes:
        date: id of an earlier question of type ``date``, of the same level or of the case.
        years, months, days: how far back; added up, at least one of them above 0.
        at: the reference date: the last day of the case's period, or the day of the review.
    """

    date: PartId
    years: int = Field(default=0, ge=0, le=200)
    months: int = Field(default=0, ge=0, le=2400)
    days: int = Field(default=0, ge=0, le=73_000)
    at: Literal["period_end", "review"] = "period_end"


class Question(_Part):
    """A question.

    Attributes:
        level: asked of the case, or of each of its subunits.
        options: for ``one_of`` and ``many_of``.
        applies_if: left out unless this holds.
        derived: the answer is computed, nobody is asked; for ``yes_no`` only.
        unit_sv, unit_en: what a number counts, such as ``kr``.
    """

    id: PartId
    sv: _Text
    en: _Text
    help_sv: str | None = None
    help_en: str | None = None
    type: QuestionType
    level: Literal["case", "subunit"] = "case"
    required: StrictBool = True
    options: list[Option] = []
    applies_if: Condition | None = None
    remarks: list[RemarkRule] = []
    derived: OlderThan | None = None
    unit_sv: str | None = Field(default=None, max_length=40)
    unit_en: str | None = Field(default=None, max_length=40)


class Questionnaire(_Part):
    """What is asked about each case, in order.

    Attributes:
        remark: ``by_rules``: the answers settle whether there is a remark; ``asked``: the reviewer says so, with the
            control point's categories, as where there is no questionnaire.
        over_coverage, non_response: reasons to choose among; the standard ones when left out.
    """

    sv: _Text
    en: _Text
    help_sv: str | None = None
    help_en: str | None = None
    questions: list[Question] = Field(min_length=1)
    remark: Literal["by_rules", "asked"] = "by_rules"
    over_coverage: list[Option] = []
    non_response: list[Option] = []


OVER_COVERAGE: tuple[Option, ...] = (
    Option(id="not-in-population", sv="Hör inte till det som kontrolleras", en="Does not belong to what is controlled"),
    Option(id="closed-before", sv="Avslutat före perioden", en="Closed before the period"),
    Option(id="duplicate", sv="Samma ärende två gånger i registret", en="The same case twice in the register"),
    Option(id="other", sv="Annat (skriv i kommentaren)", en="Other (say what in the comment)"),
)
"""Standard reasons why a case should not have been in the frame."""

NON_RESPONSE: tuple[Option, ...] = (
    Option(id="file-missing", sv="Handlingarna finns inte att tillgå", en="The file is not available"),
    Option(id="no-access", sv="Behörighet saknas", en="No access"),
    Option(id="moved", sv="Flyttat till annan enhet eller kommun", en="Moved to another unit or municipality"),
    Option(id="no-time", sv="Hanns inte med", en="There was no time"),
    Option(id="other", sv="Annat (skriv i kommentaren)", en="Other (say what in the comment)"),
)
"""Standard reasons why a case that belongs in the frame could not be reviewed."""

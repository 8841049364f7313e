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


class Question(_Part):
    """A question.

    Attributes:
        level: asked of the case, or of each of its subunits.
        options: for ``one_of`` and ``many_of``.
        applies_if: left out unless this holds.
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


class Questionnaire(_Part):
    """What is asked about each case, in order."""

    sv: _Text
    en: _Text
    questions: list[Question] = Field(min_length=1)

"""The sampler's register measures: a rule counted over every unit of a frozen frame."""

from decimal import Decimal
from typing import Literal
from uuid import UUID

from pydantic import Field

from stickprov_contracts.events.base import Period
from stickprov_contracts.events.measures import Goal, MeasuredCell, MeasureKind
from stickprov_contracts.http.base import Answer, Request
from stickprov_contracts.http.sampler import ControlPointId


class MakeMeasure(Request):
    """``POST /v1/measures``.

    Attributes:
        frame: id or name of a frozen frame.
        title: what is counted, in words.
        kind: ``count``, ``share``, or ``sum`` (needs ``sum_column``).
        rule: which units count, such as ``plan_date < date('2014-03-01')``; all when left out. A unit of which the rule
            cannot be told (an empty value) does not count.
        among: which units are looked at at all, as another rule; all when left out.
        sum_column: a column of numbers whose values are added; an empty value adds nothing.
        category_column: a column by whose values the count is told apart.
        goal: what the share should be; not for sums.
        control_points: those the measure serves; the frame's own when left out.
    """

    frame: UUID | str
    title: str = Field(min_length=1, max_length=300)
    kind: MeasureKind = "count"
    rule: str | None = Field(default=None, min_length=1, max_length=2000)
    among: str | None = Field(default=None, min_length=1, max_length=2000)
    sum_column: str | None = None
    category_column: str | None = None
    goal: Goal | None = None
    control_points: list[ControlPointId] = []


class Measure(Answer):
    """A register measure with what it counted and where the log has it."""

    measure: UUID
    title: str
    frame: UUID
    frame_name: str
    frame_hash: str
    control_points: list[str]
    period: Period
    kind: MeasureKind
    rule: str | None
    among: str | None
    sum_column: str | None
    category_column: str | None
    goal: Goal | None
    numerator: Decimal
    denominator: int
    cells: list[MeasuredCell]
    algorithm: str
    position: int | None = Field(description="log position of RegisterMeasured; null until it is sequenced")


class MeasurePreview(Answer):
    """What a rule would count; nothing is stored."""

    numerator: Decimal
    denominator: int
    cells: list[MeasuredCell]


class MeasureVerification(Answer):
    """What came out when a measure was counted again.

    Attributes:
        verdict: ``verified`` or ``different``.
        first_difference: in words, when different.
    """

    measure: UUID
    verdict: Literal["verified", "different"]
    first_difference: str | None

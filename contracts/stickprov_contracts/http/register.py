"""Reporting's register measures: exact counts over whole frames, for the board."""

from decimal import Decimal
from uuid import UUID

from stickprov_contracts.events.base import Period
from stickprov_contracts.events.measures import Goal, MeasureKind
from stickprov_contracts.http.base import Answer


class RegisterPart(Answer):
    """A month, year, unit, category or the whole ("").

    Attributes:
        numerator: units for which the rule holds, or the sum of their values.
        denominator: units looked at. value: numerator of denominator; None when there are none.
        meets_goal: compared exactly; None without a goal.
    """

    name: str
    numerator: Decimal
    denominator: int
    value: float | None
    meets_goal: bool | None


class RegisterMeasure(Answer):
    """One of ``GET /v1/register-measures/{control_point}``: a rule counted over a whole frame, so without an interval.

    Attributes:
        rule, among: filters over the frame's columns; None for every unit.
        months, years, units, categories: the parts, each in the order of their names.
    """

    measure: UUID
    title: str
    frame: UUID
    frame_hash: str
    period: Period
    kind: MeasureKind
    rule: str | None
    among: str | None
    sum_column: str | None
    category_column: str | None
    goal: Goal | None
    total: RegisterPart
    months: list[RegisterPart]
    years: list[RegisterPart]
    units: list[RegisterPart]
    categories: list[RegisterPart]

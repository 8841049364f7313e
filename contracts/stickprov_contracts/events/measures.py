"""Facts of the sampler about whole frames: what a rule counts in them, and when frames and draws are due."""

from decimal import Decimal
from typing import ClassVar, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from stickprov_contracts.events.base import Event, Period
from stickprov_contracts.events.sampler import Hex256, Month
from stickprov_contracts.topics import Source

MeasureKind = Literal["count", "share", "sum"]
GoalDirection = Literal["at-least", "at-most"]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class _SamplerEvent(Event):
    source: ClassVar[Source] = "sampler"


class MeasuredCell(_Part):
    """What was counted in one month, unit and category; "" where there is none.

    Attributes:
        numerator: units for which the rule holds, or the sum of their values.
        denominator: units that were looked at, by month and unit; the same in each of their categories.
    """

    month: Month
    unit: str
    category: str = ""
    numerator: Decimal
    denominator: int = Field(ge=0)


class Goal(_Part):
    """What the share should be: at least or at most this."""

    share: Decimal = Field(ge=0, le=1)
    direction: GoalDirection = "at-least"


class RegisterMeasured(_SamplerEvent):
    """A rule was counted over every unit of a frozen frame.

    Attributes:
        measure: its id.
        title: what is counted, in words.
        kind: ``count`` (how many of how many), ``share`` (the same, for its share) or ``sum`` (of a column's values).
        rule: which units count, as a filter over the frame's columns; None for every one.
        among: which units are looked at at all, as another filter; None for every one.
        sum_column: whose values are added, for ``sum``. category_column: by whose values it is told apart.
        numerator, denominator: over the whole frame.
        cells: by month, unit and category; their numerators sum to the whole.
        algorithm: version of the counting rule.
    """

    name: ClassVar[str] = "register-measured"

    measure: UUID
    title: str
    frame: UUID
    frame_hash: Hex256
    control_points: list[str]
    period: Period
    kind: MeasureKind
    rule: str | None = None
    among: str | None = None
    sum_column: str | None = None
    category_column: str | None = None
    goal: Goal | None = None
    numerator: Decimal
    denominator: int = Field(ge=0)
    cells: list[MeasuredCell]
    algorithm: str = "register-filter-v1"


class ScheduleSet(_SamplerEvent):
    """A control point's schedule was set: each month a frame of the month before, and a draw from it.

    Attributes:
        first: the first month whose frame is due. last: the last one; None while it goes on.
        n, rate: how many cases each draw takes; at most one is given. Both None: a frame and no draw.
    """

    name: ClassVar[str] = "schedule-set"

    control_point: str
    first: Month
    last: Month | None = None
    n: int | None = Field(default=None, ge=1)
    rate: Decimal | None = Field(default=None, gt=0, le=1)


EVENTS: tuple[type[Event], ...] = (RegisterMeasured, ScheduleSet)

"""The sampler's rolling schedules: each month a frame of the month before, and a draw from it."""

from datetime import date
from decimal import Decimal
from typing import Literal

from pydantic import Field, StrictInt

from stickprov_contracts.events.sampler import Month
from stickprov_contracts.http.base import Answer, Request


class SetSchedule(Request):
    """``PUT /v1/schedules/{control_point}``.

    Attributes:
        first: the first month whose frame is due, such as ``2021-03``. last: the last one, if it ends.
        n: cases of each month's draw; or rate: their share of the frame. Neither: a frame is due and no draw, as for a
            register measure.
    """

    first: Month
    last: Month | None = None
    n: StrictInt | None = Field(default=None, ge=1)
    rate: Decimal | None = Field(default=None, gt=0, le=1)


class Schedule(Answer):
    """A control point's schedule as it stands."""

    control_point: str
    first: str
    last: str | None
    n: int | None
    rate: Decimal | None
    version: int


class Reminder(Answer):
    """Something that is due and not there.

    Attributes:
        missing: ``frame``, or ``draw`` when the frame is there.
        month: whose frame. due: the first day of the month after it.
        frame_name: the frame to draw from, when it is there.
    """

    control_point: str
    month: str
    missing: Literal["frame", "draw"]
    due: date
    frame_name: str | None
    n: int | None
    rate: Decimal | None


class DueSchedule(Answer):
    """``GET /v1/schedule?on=``: what is missing on a day, by control point and month."""

    on: date
    schedules: list[Schedule]
    reminders: list[Reminder]

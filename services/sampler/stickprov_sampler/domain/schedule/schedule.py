"""Rolling schedules: each month a frame of the month before and a draw from it, and what of that is missing on a day.

What must not break: the day comes with the question. Nothing here knows what day it is.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from stickprov_contracts.events import Period
from stickprov_contracts.events.measures import ScheduleSet
from stickprov_contracts.events.sampler import FrameFrozen, SampleDrawn
from stickprov_contracts.http.schedules import DueSchedule, Reminder, Schedule, SetSchedule
from stickprov_kernel.period import PeriodUnclearError, parse_period
from stickprov_sampler.domain.problem import OptionError


class ScheduleUnclearError(OptionError):
    """The options do not make a schedule."""

    code: ClassVar[str] = "schedule-unclear"
    title: ClassVar[str] = "The options do not make a schedule"


@dataclass(frozen=True, slots=True)
class Set:
    """Command: this is the control point's schedule from now on."""

    control_point: str
    schedule: SetSchedule


@dataclass(frozen=True, slots=True)
class Kept:
    """A schedule with the version of its stream."""

    schedule: ScheduleSet
    version: int


def decide(command: Set, state: ScheduleSet | None) -> ScheduleSet:
    """Return the schedule that holds from now on; it is the state itself when nothing changes.

    Raises:
        ScheduleUnclearError: a month does not exist, the last is before the first, or both n and rate are given.
    """
    asked = command.schedule
    for option in ("first", "last"):
        month = getattr(asked, option)
        if month is not None:
            _check_month(option, month)
    if asked.last is not None and asked.last < asked.first:
        raise ScheduleUnclearError.at("last", f"The last month, {asked.last}, is before the first, {asked.first}.")
    if asked.n is not None and asked.rate is not None:
        raise ScheduleUnclearError.at("rate", "Give how many cases to draw, or their share, not both.")
    decided = ScheduleSet(control_point=command.control_point, **dict(asked))
    return state if state == decided else decided


def as_answer(kept: Kept) -> Schedule:
    """Return a schedule as the API shows it."""
    return Schedule(**dict(kept.schedule), version=kept.version)


def due_on(
    on: date, schedules: Sequence[Kept], frames: Sequence[FrameFrozen], samples: Sequence[SampleDrawn]
) -> DueSchedule:
    """Return what is missing on a day: of every month that is over, its frame, or else its draw."""
    reminders = [reminder for kept in schedules for reminder in _missing(on, kept.schedule, frames, samples)]
    return DueSchedule(on=on, schedules=[as_answer(kept) for kept in schedules], reminders=reminders)


def _missing(
    on: date, schedule: ScheduleSet, frames: Sequence[FrameFrozen], samples: Sequence[SampleDrawn]
) -> Iterator[Reminder]:
    point = schedule.control_point
    drawn = {sample.frame for sample in samples if point in sample.control_points}
    ours = [frame for frame in frames if frame.control_point == point or frame.frame in drawn]
    draws = schedule.n is not None or schedule.rate is not None
    for month in _months_over(on, schedule):
        covering = [frame for frame in ours if _covers(frame.period, month)]
        if covering and (not draws or any(frame.frame in drawn for frame in covering)):
            continue
        yield Reminder(
            control_point=point,
            month=month.label,
            missing="draw" if covering else "frame",
            due=month.end,
            frame_name=covering[-1].frame_name if covering else None,
            n=schedule.n,
            rate=schedule.rate,
        )


def _months_over(on: date, schedule: ScheduleSet) -> Iterator[Period]:
    month = parse_period(schedule.first)
    while month.end <= on and (schedule.last is None or month.label <= schedule.last):
        yield month
        month = parse_period(f"{month.end:%Y-%m}")


def _covers(period: Period, month: Period) -> bool:
    return period.start <= month.start and month.end <= period.end


def _check_month(option: str, month: str) -> None:
    try:
        parse_period(month)
    except PeriodUnclearError as error:
        raise ScheduleUnclearError.at(option, error.errors[0].message) from None

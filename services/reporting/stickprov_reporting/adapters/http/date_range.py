"""The date range that statistics are asked for, and the moment at which they are told."""

from datetime import UTC, date, datetime
from typing import Annotated, Final

from fastapi import Depends, Query
from pydantic import AwareDatetime

from stickprov_contracts.problems import FieldProblem
from stickprov_kernel.errors import BadInputError
from stickprov_reporting.adapters.reading import Moment, When
from stickprov_reporting.domain.statistics.statistic import DateRange

_MOST: Final = 2**62
Position = Annotated[int | None, Query(ge=0, le=_MOST, description="Up to where in the log; both or neither")]


async def _date_range(
    start: Annotated[date, Query(alias="from", description="First day")],
    end: Annotated[date, Query(alias="to", description="First day that no longer counts")],
) -> DateRange:
    """Return the range ``[from, to)``.

    Raises:
        BadInputError: there is no day in it.
    """
    return range_of(start, end, "to")


def range_of(start: date, end: date, field: str) -> DateRange:
    """Return the range between two dates; ``field`` is the one that the later stands in.

    Raises:
        BadInputError: there is no day in it.
    """
    if start >= end:
        message = f"This should be later than the first day ({start}); the last day that counts is the day before it."
        raise BadInputError(
            "The date range holds no day.", errors=[FieldProblem(field=field, code="range-empty", message=message)]
        )
    return DateRange(start, end)


Dates = Annotated[DateRange, Depends(_date_range)]
"""Query parameters ``from`` and ``to``: draws whose period lies within count."""


At = Annotated[
    AwareDatetime | None,
    Query(description="As everything was known that had happened then; with its offset from UTC, and no positions"),
]


async def _moment(sampler_position: Position = None, findings_position: Position = None, at: At = None) -> When:
    """Return the moment that is asked for, None for now.

    Raises:
        BadInputError: only one of the positions was given, or a point in time beside them.
    """
    given = {"sampler_position": sampler_position, "findings_position": findings_position}
    told = [name for name, position in given.items() if position is not None]
    if at is not None:
        if told:
            message = "Give a point in time, or the positions of both logs."
            raise _no_moment(told[0], "moment-twice", "A point in time stands for positions.", message)
        return in_utc(at)
    if sampler_position is not None and findings_position is not None:
        return Moment(sampler_position, findings_position)
    if not told:
        return None
    missing = "findings_position" if findings_position is None else "sampler_position"
    message = "Give the positions of both logs, or neither."
    raise _no_moment(missing, "position-missing", "One position alone is no moment.", message)


def in_utc(at: datetime) -> datetime:
    """Return a point in time in UTC; the first or last there is where it has none."""
    try:
        return at.astimezone(UTC)
    except OverflowError:
        return datetime.min.replace(tzinfo=UTC) if at.year == 1 else datetime.max.replace(tzinfo=UTC)


def _no_moment(field: str, code: str, what: str, message: str) -> BadInputError:
    return BadInputError(what, errors=[FieldProblem(field=field, code=code, message=message)])


AsOfMoment = Annotated[When, Depends(_moment)]
"""Query parameters ``at``, or ``sampler_position`` and ``findings_position``: as it was known there."""

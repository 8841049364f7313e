"""The date range that statistics are asked for, and the moment at which they are told."""

from datetime import date
from typing import Annotated, Final

from fastapi import Depends, Query

from stickprov_contracts.problems import FieldProblem
from stickprov_kernel.errors import BadInputError
from stickprov_reporting.adapters.reading import Moment
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


async def _moment(sampler_position: Position = None, findings_position: Position = None) -> Moment | None:
    """Return the moment that is asked for, None for now.

    Raises:
        BadInputError: only one of the positions was given.
    """
    if sampler_position is not None and findings_position is not None:
        return Moment(sampler_position, findings_position)
    if sampler_position is None and findings_position is None:
        return None
    missing = "findings_position" if findings_position is None else "sampler_position"
    message = "Give the positions of both logs, or neither."
    raise BadInputError(
        "One position alone is no moment.",
        errors=[FieldProblem(field=missing, code="position-missing", message=message)],
    )


AsOfMoment = Annotated[Moment | None, Depends(_moment)]
"""Query parameters ``sampler_position`` and ``findings_position``: the statistic as it was known there."""

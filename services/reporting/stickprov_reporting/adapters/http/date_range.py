"""The date range that statistics are asked for."""

from datetime import date
from typing import Annotated

from fastapi import Depends, Query

from stickprov_contracts.problems import FieldProblem
from stickprov_kernel.errors import BadInputError
from stickprov_reporting.domain.statistics.statistic import DateRange


async def _date_range(
    start: Annotated[date, Query(alias="from", description="First day")],
    end: Annotated[date, Query(alias="to", description="First day that no longer counts")],
) -> DateRange:
    """Return the range ``[from, to)``.

    Raises:
        BadInputError: there is no day in it.
    """
    if start >= end:
        message = f"This should be later than from ({start}); the last day that counts is the day before it."
        raise BadInputError(
            "The date range holds no day.", errors=[FieldProblem(field="to", code="range-empty", message=message)]
        )
    return DateRange(start, end)


Dates = Annotated[DateRange, Depends(_date_range)]
"""Query parameters ``from`` and ``to``: draws whose period lies within count."""

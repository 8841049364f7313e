"""Trends and differences of one reading."""

from stickprov_contracts.http.trends import PeriodDifference, Trend, TrendStep
from stickprov_reporting.adapters.reading import Reading, facts_of
from stickprov_reporting.domain.statistics.statistic import DateRange
from stickprov_reporting.domain.statistics.trend import periods_compared, trend_of


async def read_trend(reading: Reading, control_point: str, dates: DateRange, step: TrendStep) -> Trend:
    """Return the periods of a control point that have a draw.

    Raises:
        NotFoundError: it is not defined; names those that are.
    """
    facts = await facts_of(reading, control_point, dates)
    return trend_of(facts.basis(dates.start, dates.end), dates, step, reading.as_of)


async def read_difference(
    reading: Reading, control_point: str, dates: DateRange, against: DateRange
) -> PeriodDifference:
    """Return how one range of a control point differs from another, both of one moment.

    Raises:
        NotFoundError: it is not defined; names those that are.
    """
    both = DateRange(min(dates.start, against.start), max(dates.end, against.end))
    facts = await facts_of(reading, control_point, both)
    first, second = (facts.basis(it.start, it.end) for it in (dates, against))
    return periods_compared(first, dates, second, against, reading.as_of)

"""Statistics of one reading."""

from stickprov_contracts.http.statistics import Statistics
from stickprov_reporting.adapters.reading import Reading, facts_of
from stickprov_reporting.domain.reading import PointFacts
from stickprov_reporting.domain.statistics.statistic import DateRange, statistics_of


async def read_statistics(reading: Reading, control_point: str, dates: DateRange) -> Statistics:
    """Return the statistic of a control point.

    Raises:
        NotFoundError: it is not defined; names those that are.
    """
    return statistics_from(reading, await facts_of(reading, control_point, dates), dates)


def statistics_from(reading: Reading, facts: PointFacts, dates: DateRange) -> Statistics:
    """Return the statistic for a range within the one that the facts were read for."""
    found = statistics_of(facts.basis(dates.start, dates.end), dates, reading.as_of)
    return found.model_copy(update={"projection": reading.projection})

"""Register measures of one reading."""

from datetime import date

from stickprov_contracts.http.register import RegisterMeasure
from stickprov_reporting.adapters.reading import Reading, unknown
from stickprov_reporting.domain.register.measure import measure_of
from stickprov_reporting.domain.statistics.statistic import DateRange


async def read_measures(
    reading: Reading, control_point: str, start: date | None, end: date | None
) -> list[RegisterMeasure]:
    """Return a control point's measures whose frame's period lies within ``[start, end)``.

    Raises:
        NotFoundError: reporting knows no such control point; names those it knows.
    """
    dates = DateRange(start or date.min, end or date.max)
    found = await reading.measures([control_point], dates)
    if not found and control_point not in await reading.facts([control_point], DateRange(date.min, date.min)):
        raise await unknown(reading, control_point)
    return [measure_of(measured) for _, measured in found]

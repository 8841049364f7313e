"""Steps of the calendar that a trend goes by, and the labels people know them by."""

from datetime import date
from typing import Final

from stickprov_contracts.events.base import Period
from stickprov_contracts.http.trends import TrendStep

MONTHS_IN: Final[dict[TrendStep, int]] = {"month": 1, "quarter": 3, "tertial": 4, "half-year": 6, "year": 12}
_LETTERS: Final = {3: "Q", 4: "T", 6: "H"}


def label_of(start: date, end: date) -> str:
    """Return ``2021-03``, ``2021-Q1``, ``2021-T1``, ``2021-H1`` or ``2021`` for dates ``[start, end)``, else both."""
    for months in MONTHS_IN.values():
        period = period_of(start, months)
        if (period.start, period.end) == (start, end):
            return period.label
    return f"{start}/{end}"


def period_of(day: date, months: int) -> Period:
    """Return the period of so many months, a divisor of 12, that a day lies in."""
    number = (day.month - 1) // months
    first, past = number * months, (number + 1) * months
    label = {1: f"{day:%Y-%m}", 12: f"{day:%Y}"}.get(months) or f"{day:%Y}-{_LETTERS[months]}{number + 1}"
    # The calendar's last period ends with its last day.
    end = date.max if (day.year, past) == (date.max.year, 12) else date(day.year + past // 12, past % 12 + 1, 1)
    return Period(start=date(day.year, first + 1, 1), end=end, label=label)


def cut_to(period: Period, start: date, end: date) -> Period | None:
    """Return what of a period lies in dates ``[start, end)``, by its days; None where nothing does."""
    first, past = max(period.start, start), min(period.end, end)
    if first >= past:
        return None
    if (first, past) == (period.start, period.end):
        return period
    return Period(start=first, end=past, label=f"{first}/{past}")

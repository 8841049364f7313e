"""Periods: half-open ranges of dates ``[start, end)`` and the labels people know them by."""

import re
from collections.abc import Callable
from datetime import date
from typing import ClassVar

from stickprov_contracts.events import Period
from stickprov_contracts.problems import FieldProblem
from stickprov_kernel.errors import BadInputError

_HOW = (
    "Write 2021-03 (month), 2021-Q1 (quarter), 2021-T1 (tertial), 2021 (year) or 2021-01-01/2021-04-01 (end excluded)."
)
_MONTHS_IN = {"Q": 3, "T": 4}
_NAME_OF = {"Q": "quarter", "T": "tertial"}


class PeriodUnclearError(BadInputError):
    """A period's label cannot be read."""

    code: ClassVar[str] = "period-unclear"
    title: ClassVar[str] = "The period cannot be read"

    def __init__(self, why: str) -> None:
        super().__init__(
            f"{why} {_HOW}", errors=[FieldProblem(field="period", code=self.code, message=f"{why} {_HOW}")]
        )


def parse_period(label: str) -> Period:
    """Read a label: ``2021-03``, ``2021-Q1``, ``2021-T1``, ``2021`` or two ISO dates with ``/`` between.

    Raises:
        PeriodUnclearError: the label has no such form, or names a day, month, quarter or tertial that does not exist.
    """
    label = label.strip()
    for pattern, read in _FORMS:
        if match := pattern.fullmatch(label):
            return read(label, match)
    raise PeriodUnclearError(f"“{label}” is not a period.")


def months_of(period: Period) -> list[str]:
    """Return every month that a period touches, as ``YYYY-MM``, in order."""
    first = period.start.year * 12 + period.start.month - 1
    day_past = period.end.year * 12 + period.end.month - 1
    end = day_past if period.end.day == 1 else day_past + 1
    return [f"{month // 12:04}-{month % 12 + 1:02}" for month in range(first, end)]


def _months(label: str, year: int, first: int, count: int) -> Period:
    past = first - 1 + count
    return Period(
        start=_day(label, f"{year:04}-{first:02}-01"),
        end=_day(label, f"{year + past // 12:04}-{past % 12 + 1:02}-01"),
        label=label,
    )


def _day(label: str, text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise PeriodUnclearError(f"“{label}” names a day that does not exist.") from None


def _month(label: str, match: re.Match[str]) -> Period:
    month = int(match[2])
    if not 1 <= month <= 12:  # noqa: PLR2004 - the months of a year
        raise PeriodUnclearError(f"“{label}” has month {match[2]}, and months go from 01 to 12.")
    return _months(label, int(match[1]), month, 1)


def _part_of_year(label: str, match: re.Match[str]) -> Period:
    kind, number = match[2].upper(), int(match[3])
    months = _MONTHS_IN[kind]
    parts = 12 // months
    if not 1 <= number <= parts:
        raise PeriodUnclearError(f"“{label}” has {_NAME_OF[kind]} {number}, and a year has {parts}.")
    return _months(label.upper(), int(match[1]), (number - 1) * months + 1, months)


def _year(label: str, match: re.Match[str]) -> Period:
    return _months(label, int(match[1]), 1, 12)


def _dates(label: str, match: re.Match[str]) -> Period:
    start, end = _day(label, match[1]), _day(label, match[2])
    if end <= start:
        raise PeriodUnclearError(f"“{label}” ends on {end}, which is not after its start.")
    return Period(start=start, end=end, label=label)


_FORMS: list[tuple[re.Pattern[str], Callable[[str, re.Match[str]], Period]]] = [
    (re.compile(r"(\d{4})-(\d{2})"), _month),
    (re.compile(r"(\d{4})-([QTqt])(\d)"), _part_of_year),
    (re.compile(r"(\d{4})"), _year),
    (re.compile(r"(\d{4}-\d{2}-\d{2})/(\d{4}-\d{2}-\d{2})"), _dates),
]

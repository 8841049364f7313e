"""Date ranges and their labels, for people. Ranges are half-open, as everywhere: the end is not part of them."""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from babel.dates import format_date, get_month_names

from stickprov_client.language.translations import Language

_LABEL: Final = re.compile(
    r"^(?P<year>\d{4})(?:-(?:Q(?P<quarter>[1-4])|T(?P<tertial>[1-3])|(?P<month>0[1-9]|1[0-2])))?$"
)
_PART: Final = re.compile(r"^\d{4}-(?P<kind>Q|T|)(?P<number>\d+)$")
_PARTS: Final = {"Q": ("quarter", 4), "T": ("tertial", 3)}
_RANGE: Final = re.compile(r"^(\d{4}-\d{2}-\d{2})/(\d{4}-\d{2}-\d{2})$")


@dataclass(frozen=True)
class DateRange:
    """Days from ``start`` to before ``end``."""

    start: date
    end: date


def range_of(label: str) -> DateRange:
    """Read ``2021``, ``2021-Q1``, ``2021-T1``, ``2021-03`` or ``2021-01-01/2021-04-01``.

    Raises:
        ValueError: it is none of these, or ends before it begins; the message says what would do.
    """
    if dates := _RANGE.match(label):
        found = DateRange(_day(label, dates[1]), _day(label, dates[2]))
        if found.start >= found.end:
            raise ValueError(f"The period {label} ends before it begins; the second date is the first day after it.")
        return found
    parts = _LABEL.match(label.upper())
    if parts is None:
        raise ValueError(_no_period(label))
    first, months = _months_of(parts)
    year = int(parts["year"])
    return DateRange(date(year, first, 1), _first_of_month(year, first + months))


def _day(label: str, text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ValueError(f"“{label}” names a day that does not exist.") from None


def _no_period(label: str) -> str:
    """Say why a label is none: by the part of the year that there is not, where it names one."""
    part = _PART.match(label.upper())
    if part is None:
        return f"“{label}” is no period; write 2021, 2021-Q1, 2021-T1, 2021-03 or 2021-01-01/2021-04-01."
    if part["kind"]:
        kind, parts = _PARTS[part["kind"]]
        return f"“{label}” has {kind} {part['number']}, and a year has {parts}."
    return f"“{label}” has month {part['number']}, and months go from 01 to 12."


def day_after_month(month: str) -> date:
    """Return the first day after a month written ``2021-03``."""
    return range_of(month).end


def whole_months(start: date, end: date) -> DateRange:
    """Widen a range to whole months."""
    last = end - timedelta(days=1)
    return DateRange(start.replace(day=1), _first_of_month(last.year, last.month + 1))


def whole_years(days: DateRange) -> DateRange:
    """Widen a range to whole calendar years, so that every quarter, tertial and half-year in it is whole."""
    last = days.end - timedelta(days=1)
    return DateRange(date(days.start.year, 1, 1), date(last.year + 1, 1, 1))


def month_name(month: str, language: Language) -> str:
    """Write ``2021-03`` as ``mars 2021`` or ``March 2021``."""
    return format_date(range_of(month).start, "LLLL y", locale=language)


def period_name(label: str, language: Language) -> str:
    """Write a period's label as people say it: ``2021-Q1`` as ``januari–mars 2021``."""
    period = range_of(label)
    return range_name(period.start, period.end, language)


def short_month_name(month: str, language: Language) -> str:
    """Write ``2021-03`` as ``mars`` or ``Mar``, without the year."""
    name: str = get_month_names("abbreviated", context="stand-alone", locale=language)[int(month[5:7])]
    return name.rstrip(".")


def range_name(start: date, end: date, language: Language) -> str:
    """Write a range as people say it: ``januari–mars 2021``, ``2021``, or its first and last day."""
    last = end - timedelta(days=1)
    if not _is_whole_months(start, last):
        return f"{format_date(start, 'd MMMM y', locale=language)} – {format_date(last, 'd MMMM y', locale=language)}"
    if (start.month, last.month) == (1, 12):
        return str(start.year) if start.year == last.year else f"{start.year}–{last.year}"
    closing = format_date(last, "LLLL y", locale=language)
    if (start.year, start.month) == (last.year, last.month):
        return closing
    opening = format_date(start, "LLLL" if start.year == last.year else "LLLL y", locale=language)
    return f"{opening}–{closing}" if start.year == last.year else f"{opening} – {closing}"


def _is_whole_months(start: date, last: date) -> bool:
    return start.day == 1 and last.day == monthrange(last.year, last.month)[1]


def _months_of(parts: re.Match[str]) -> tuple[int, int]:
    if parts["quarter"]:
        return 3 * int(parts["quarter"]) - 2, 3
    if parts["tertial"]:
        return 4 * int(parts["tertial"]) - 3, 4
    if parts["month"]:
        return int(parts["month"]), 1
    return 1, 12


def _first_of_month(year: int, month: int) -> date:
    return date(year + (month - 1) // 12, (month - 1) % 12 + 1, 1)

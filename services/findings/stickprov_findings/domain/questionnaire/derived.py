"""Answers that are computed: whether a date lies far enough back."""

from calendar import monthrange
from datetime import date, timedelta
from typing import Final, Literal

from stickprov_contracts.questionnaires import OlderThan

_IN_A_YEAR: Final = 12


def is_older(day: date, rule: OlderThan, reference: date) -> bool:
    """Whether a date lies further back than the rule says; exactly so far back is not older.

    Args:
        day: the date that was answered.
        rule: how far back.
        reference: the day that the rule's ``at`` names.
    """
    return day < earliest_within(rule, reference)


def earliest_within(rule: OlderThan, reference: date) -> date:
    """Return the earliest date that is not older: years and months back first, then days.

    Years and months lead to the same day of an earlier month, or to that month's last day where it has no such day:
    one month back from 31 March is 28 or 29 February. Nothing lies further back than the first day of year 1.
    """
    months = reference.year * _IN_A_YEAR + reference.month - 1 - rule.years * _IN_A_YEAR - rule.months
    year, month = divmod(months, _IN_A_YEAR)
    if year < date.min.year:
        return date.min
    there = date(year, month + 1, min(reference.day, monthrange(year, month + 1)[1]))
    return there - min(timedelta(days=rule.days), there - date.min)


def reference_of(at: Literal["period_end", "review"], period_end: date, review_day: date) -> date:
    """Return the day from which is counted back."""
    return period_end if at == "period_end" else review_day

"""How long identities are kept: decided per control point, and for a draw by the longest of its points.

What must not break: where a point has no retention, nothing of it is ever due; nobody decided that it may go.
"""

from calendar import monthrange
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from stickprov_contracts.events import Event
from stickprov_contracts.events.erasure import RetentionSet

_MONTHS_OF_A_YEAR = 12


@dataclass(frozen=True, slots=True)
class Rule:
    """A retention that holds.

    Attributes:
        months: after the end of the period, or after the draw where that was later.
        keep_for_research: cases of people born on day 5, 15 or 25 stay.
    """

    months: int
    keep_for_research: bool = False


def newest(events: Iterable[Event]) -> RetentionSet | None:
    """Return the retention that a point's stream says; None where none was ever set."""
    found = None
    for event in events:
        if isinstance(event, RetentionSet):
            found = event
    return found


def rule_of(event: RetentionSet | None) -> Rule | None:
    """Return what holds; None where nothing is decided, or not any more."""
    return None if event is None or event.months is None else Rule(event.months, event.keep_for_research)


def decide(asked: RetentionSet, holds: RetentionSet | None) -> list[Event]:
    """Return what is to be stored: nothing where it is so already."""
    unset = RetentionSet(control_point=asked.control_point, months=None)
    return [] if asked == (holds or unset) else [asked]


def longest(control_points: Iterable[str], rules: Mapping[str, Rule]) -> Rule | None:
    """Return what holds for a draw of some points: the longest time, and research where any of them keeps for it.

    Args:
        control_points: of the draw.
        rules: by point, of those that have one.

    Returns:
        the rule; None where one of the points has none.
    """
    found = [rules.get(point) for point in control_points]
    known = [rule for rule in found if rule is not None]
    if not known or len(known) < len(found):
        return None
    return Rule(max(rule.months for rule in known), any(rule.keep_for_research for rule in known))


def due_from(period_end: date, made: date, rule: Rule) -> date:
    """Return the day from which something may be erased.

    Args:
        period_end: the first day after the period.
        made: the day of the draw or the freeze.
        rule: that holds.
    """
    return months_after(max(period_end, made), rule.months)


def months_after(day: date, months: int) -> date:
    """Return the same day so many months later, or the last of that month where it has no such day.

    Days beyond what a calendar holds come out as its last one: never.
    """
    year, month = divmod(day.year * _MONTHS_OF_A_YEAR + day.month - 1 + months, _MONTHS_OF_A_YEAR)
    if year > date.max.year:
        return date.max
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))

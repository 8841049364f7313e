"""Charts as plain geometry; the templates draw them as SVG. Beside each stands a table with the same numbers.

Widths are shares of the drawing's width, so that a chart fills a telephone and a wide screen without scaling its text.
"""

from dataclasses import dataclass
from typing import Final

from stickprov_client.language.numbers import percent, round_percent, shares
from stickprov_client.language.periods import month_name
from stickprov_client.language.translations import Language
from stickprov_contracts.http.statistics import CategoryStatistics, MonthStatistics

_LEFT: Final = 4.0
_RIGHT: Final = 95.0
_ROW: Final = 52
_AXIS: Final = 28
_STEPS: Final = (0.01, 0.02, 0.05, 0.1, 0.2)
_MOST_TICKS: Final = 5


@dataclass(frozen=True)
class Tick:
    """A line of the scale. ``x`` is in percent of the width."""

    x: float
    text: str


@dataclass(frozen=True)
class MonthRow:
    """One month: its share as a point, its interval as a line. Heights in pixels, widths in percent."""

    name: str
    text: str
    text_y: int
    line_y: int
    point: float
    lower: float | None
    upper: float | None


@dataclass(frozen=True)
class MonthChart:
    """Shares by month with their intervals."""

    height: int
    axis_y: int
    ticks: list[Tick]
    rows: list[MonthRow]


def month_shares(months: list[MonthStatistics], language: Language) -> MonthChart | None:
    """Return the chart of the months with something reviewed; None when there is none."""
    told = [month for month in months if month.remark_share.value is not None]
    if not told:
        return None
    highest = max(_highest(month) for month in told)
    step = next((step for step in _STEPS if highest / step <= _MOST_TICKS), _STEPS[-1])
    steps = max(1, -int(-highest // step))
    top = steps * step
    ticks = [Tick(_x(number * step, top), round_percent(number * step, language)) for number in range(steps + 1)]
    rows = [_row(place, month, top, language) for place, month in enumerate(told)]
    axis_y = _ROW * len(rows) + 8
    return MonthChart(height=axis_y + _AXIS, axis_y=axis_y, ticks=ticks, rows=rows)


def category_bars(categories: list[CategoryStatistics]) -> dict[str, float]:
    """Return each category's bar in percent of the longest one's width, by id."""
    longest = max((category.share.numerator for category in categories), default=0)
    if longest == 0:
        return {category.category: 0.0 for category in categories}
    return {category.category: round(100 * category.share.numerator / longest, 2) for category in categories}


def _row(place: int, month: MonthStatistics, top: float, language: Language) -> MonthRow:
    share = month.remark_share.value or 0.0
    interval = month.interval
    text = percent(share, language) + (f" ({shares(interval, language)})" if interval else "")
    return MonthRow(
        name=month_name(month.month, language),
        text=text,
        text_y=_ROW * place + 20,
        line_y=_ROW * place + 38,
        point=_x(share, top),
        lower=_x(interval.lower_share, top) if interval else None,
        upper=_x(interval.upper_share, top) if interval else None,
    )


def _highest(month: MonthStatistics) -> float:
    return max(month.remark_share.value or 0.0, month.interval.upper_share if month.interval else 0.0, 0.01)


def _x(share: float, top: float) -> float:
    return round(_LEFT + (_RIGHT - _LEFT) * share / top, 2)

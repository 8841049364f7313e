"""Charts as plain geometry; the templates draw them as SVG. Beside each stands a table with the same numbers.

Widths are shares of the drawing's width, so that a chart fills a telephone and a wide screen without scaling its text.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from stickprov_client.language.numbers import percent, precise_percent, round_percent, shares
from stickprov_client.language.periods import month_name
from stickprov_client.language.translations import Language, texts
from stickprov_client.language.trends import initial_of_month, period_label
from stickprov_contracts.http.statistics import CategoryStatistics, Interval, MonthStatistics, OptionStatistics, Share
from stickprov_contracts.http.trends import PeriodShare

_LEFT: Final = 4.0
_RIGHT: Final = 95.0
_ROW: Final = 52
_AXIS: Final = 28
_ABOVE: Final = 24
_STEPS: Final = (0.01, 0.02, 0.05, 0.1, 0.2)
_MOST_TICKS: Final = 5
_MONTHS: Final = 12
_BAR: Final = 5.0
_SMALL_TOP: Final = 4.0
_SMALL_FOOT: Final = 44.0
"""Pixels: where the bars of the small chart end; what the months are called stands below."""


@dataclass(frozen=True)
class Tick:
    """A line of the scale. ``x`` is in percent of the width."""

    x: float
    text: str


@dataclass(frozen=True)
class ShareRow:
    """A month or another period: its share as a point, its interval as a line. Heights in pixels, widths in percent."""

    name: str
    text: str
    text_y: int
    line_y: int
    point: float
    lower: float | None
    upper: float | None


@dataclass(frozen=True)
class ShareChart:
    """Shares with their intervals, one below the other; ``tolerance`` is a line to compare with."""

    height: int
    top: int
    axis_y: int
    ticks: list[Tick]
    rows: list[ShareRow]
    tolerance: Tick | None


@dataclass(frozen=True)
class SmallBar:
    """A month of the small chart. ``x`` and ``width`` in percent, heights in pixels; no bar where nothing is known."""

    initial: str
    middle: float
    x: float
    width: float
    y: float
    height: float
    known: bool


@dataclass(frozen=True)
class SmallChart:
    """The months of a year as bars; ``told`` says the same in words."""

    bars: list[SmallBar]
    foot: float
    tolerance_y: float | None
    told: str


def month_shares(
    months: Sequence[MonthStatistics], language: Language, tolerance: Decimal | None = None
) -> ShareChart | None:
    """Return the chart of the months with something reviewed; None when there is none."""
    told = [(month_name(month.month, language), month.remark_share, month.interval) for month in months]
    return _shares(told, language, tolerance)


def period_shares(
    periods: Sequence[PeriodShare], language: Language, tolerance: Decimal | None = None
) -> ShareChart | None:
    """Return the chart of a trend's periods with something reviewed; None when there is none."""
    told = [(period_label(period.label, language), period.pooled, period.interval) for period in periods]
    return _shares(told, language, tolerance)


def category_bars(categories: Sequence[CategoryStatistics]) -> dict[str, float]:
    """Return each category's bar in percent of the longest one's width, by id."""
    return _bars({category.category: category.share.numerator for category in categories})


def option_bars(options: Sequence[OptionStatistics]) -> dict[str, float]:
    """Return each option's bar in percent of the longest one's width, by id."""
    return _bars({option.option: option.share.numerator for option in options})


def small_months(
    months: Mapping[str, float | None], year: int, language: Language, tolerance: Decimal | None = None
) -> SmallChart | None:
    """Return the small chart of a year's months; None when nothing is known of any of them."""
    known = {month: share for month, share in months.items() if share is not None}
    if not known:
        return None
    highest = max([*known.values(), float(tolerance or 0), 0.01]) * 1.1
    labels = [f"{year}-{number:02}" for number in range(1, _MONTHS + 1)]
    slot = 100 / _MONTHS
    room = _SMALL_FOOT - _SMALL_TOP
    bars = []
    for place, label in enumerate(labels):
        share = known.get(label)
        # A share of nothing is a thin line, so that it can be told from a month that nobody knows of.
        height = 0.0 if share is None else max(1.5, room * share / highest)
        middle = slot * (place + 0.5)
        bars.append(
            SmallBar(
                initial=initial_of_month(label, language),
                middle=round(middle, 2),
                x=round(middle - _BAR / 2, 2),
                width=_BAR,
                y=round(_SMALL_FOOT - height, 2),
                height=round(height, 2),
                known=share is not None,
            )
        )
    said = ", ".join(f"{month_name(label, language)} {percent(known[label], language)}" for label in sorted(known))
    line = round(_SMALL_FOOT - room * float(tolerance) / highest, 2) if tolerance is not None else None
    return SmallChart(bars=bars, foot=_SMALL_FOOT, tolerance_y=line, told=said)


def _bars(counts: Mapping[str, int]) -> dict[str, float]:
    longest = max(counts.values(), default=0)
    return {name: round(100 * count / longest, 2) if longest else 0.0 for name, count in counts.items()}


def _shares(
    rows: Sequence[tuple[str, Share, Interval | None]], language: Language, tolerance: Decimal | None
) -> ShareChart | None:
    told = [(name, share.value, interval) for name, share, interval in rows if share.value is not None]
    if not told:
        return None
    highest = max(max(value, interval.upper_share if interval else 0.0) for _name, value, interval in told)
    highest = max(highest, float(tolerance or 0), 0.01)
    step = next((step for step in _STEPS if highest / step <= _MOST_TICKS), _STEPS[-1])
    steps = max(1, -int(-highest // step))
    top = steps * step
    above = _ABOVE if tolerance is not None else 0
    ticks = [Tick(_x(number * step, top), round_percent(number * step, language)) for number in range(steps + 1)]
    axis_y = above + _ROW * len(told) + 8
    return ShareChart(
        height=axis_y + _AXIS,
        top=above,
        axis_y=axis_y,
        ticks=ticks,
        rows=[_row(above + _ROW * place, one, top, language) for place, one in enumerate(told)],
        tolerance=_tolerance(tolerance, top, language) if tolerance is not None else None,
    )


def _tolerance(tolerance: Decimal, top: float, language: Language) -> Tick:
    named = texts(language).gettext("Tolerance {share}").format(share=precise_percent(tolerance, language))
    return Tick(_x(float(tolerance), top), named)


def _row(y: int, told: tuple[str, float, Interval | None], top: float, language: Language) -> ShareRow:
    name, pooled, interval = told
    # What the interval is of; with several strata it may be another share than all remarks over all reviewed.
    share = pooled if interval is None or interval.estimate_share is None else interval.estimate_share
    return ShareRow(
        name=name,
        text=percent(share, language) + (f" ({shares(interval, language)})" if interval else ""),
        text_y=y + 20,
        line_y=y + 38,
        point=_x(share, top),
        lower=_x(interval.lower_share, top) if interval else None,
        upper=_x(interval.upper_share, top) if interval else None,
    )


def _x(share: float, top: float) -> float:
    return round(_LEFT + (_RIGHT - _LEFT) * share / top, 2)

"""How a control point's share moves from period to period, and how two periods differ."""

from datetime import date
from typing import Literal

from stickprov_contracts.http.base import Answer
from stickprov_contracts.http.statistics import AsOf, Assumption, Counts, Interval, NoInterval, Share, ToleranceVerdict

TrendStep = Literal["month", "quarter", "tertial", "half-year", "year"]


class Difference(Answer):
    """One period's share minus an earlier one's, with its interval recovered from both (MOVER, approximate).

    Attributes:
        estimate: difference of the estimated shares, in -1..1. None, like the limits, without both intervals.
        told: ``higher`` or ``lower`` when the interval leaves out 0, else ``cannot-be-told``.
    """

    estimate: float | None
    lower: float | None
    upper: float | None
    confidence: float
    told: Literal["higher", "lower", "cannot-be-told"]
    assumptions: list[Assumption] = []


class PeriodShare(Answer):
    """One period of a trend.

    Attributes:
        label: ``2021-03``, ``2021-Q1``, ``2021-T1``, ``2021-H1`` or ``2021``; else the two dates with ``/`` between.
        difference: from the period before it in the trend that has something reviewed; None for the first.
    """

    label: str
    start: date
    end: date
    counts: Counts
    pooled: Share
    mean_of_months: float | None
    weighted: float | None
    interval: Interval | None
    no_interval: NoInterval | None
    verdict: ToleranceVerdict | None
    difference: Difference | None


class Trend(Answer):
    """``GET /v1/trends/{control_point}?by=&from=&to=``: periods with a draw, in order.

    A draw over several periods, such as a yearly one, has its months in each of them.
    """

    control_point: str
    by: TrendStep
    periods: list[PeriodShare]
    as_of: dict[str, AsOf]


class PeriodDifference(Answer):
    """``GET /v1/differences/{control_point}?from=&to=&against_from=&against_to=``."""

    control_point: str
    period: PeriodShare
    against: PeriodShare
    difference: Difference
    as_of: dict[str, AsOf]

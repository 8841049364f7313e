"""Three ways to say what share has a remark. The board's documents use two of them without saying which."""

import math
from collections.abc import Iterable
from typing import NamedTuple

from stickprov_contracts.http.statistics import Share


def share(numerator: int, denominator: int) -> Share:
    """Return a share with what it is made of; of nothing there is no share."""
    value = numerator / denominator if denominator else None
    return Share(numerator=numerator, denominator=denominator, value=value)


class MonthCounts(NamedTuple):
    """One month of a measure.

    Attributes:
        reviewed: what is reviewed at all, cases or subunits.
        counted: with the outcome. among: what they are a share of.
    """

    reviewed: int
    counted: int
    among: int


def mean_of_months(months: Iterable[MonthCounts]) -> float | None:
    """Return the unweighted mean of the shares of months that have units.

    A month in which a question applied to no reviewed case has no share and does not count. None while a month has
    nothing reviewed, or without months.
    """
    told = list(months)
    if not all(month.reviewed for month in told):
        return None
    shares = [month.counted / month.among for month in told if month.among]
    return math.fsum(shares) / len(shares) if shares else None

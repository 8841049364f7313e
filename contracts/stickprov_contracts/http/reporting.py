"""The reporting API: statistics per control point and date range, and their audit."""

from datetime import date
from decimal import Decimal
from typing import Literal

from pydantic import Field

from stickprov_contracts.http.base import Answer


class Share(Answer):
    """A share with what it is made of. ``value`` is None when the denominator is 0."""

    numerator: int
    denominator: int
    value: float | None


class Interval(Answer):
    """A confidence interval for the number of units with a remark in a frame.

    Attributes:
        lower, upper: limits in units; whole numbers for an exact method.
        lower_share, upper_share: the same divided by the frame's size.
        confidence: such as 0.95.
        method: ``hypergeometric-exact`` or ``mover-approximate``.
        exact: whether the stated coverage is guaranteed.
    """

    lower: float
    upper: float
    lower_share: float
    upper_share: float
    confidence: float
    method: Literal["hypergeometric-exact", "mover-approximate"]
    exact: bool


class Counts(Answer):
    """Counts for one month, stratum, unit or the whole.

    Attributes:
        size: N, units in the frame or frames. drawn: n. reviewed: with a finding. waiting: drawn but without one.
        remarks: x, reviewed cases with a remark.
        sampling_fraction: n of N. remark_share: x of reviewed.
    """

    size: int
    drawn: int
    reviewed: int
    waiting: int
    remarks: int
    sampling_fraction: Share
    remark_share: Share


class MonthStatistics(Counts):
    """One month; the interval is None while nothing is reviewed."""

    month: str
    interval: Interval | None


class StratumStatistics(Counts):
    """One stratum within one month."""

    month: str
    stratum: str


class CategoryStatistics(Answer):
    """How many reviewed cases carry a category; one case may carry several."""

    category: str
    sv: str
    en: str
    share: Share
    by_month: dict[str, int]


class AsOf(Answer):
    """The log position up to which an answer knows, with the chain hash there."""

    position: int
    chain_hash: str


class Statistics(Answer):
    """``GET /v1/statistics/{control_point}?from=&to=``.

    Attributes:
        start, end: the date range, end excluded; every draw whose period lies within it counts.
        size_average: mean of the months' N.
        pooled: all remarks over all reviewed; names itself and carries no interval of its own, see design 40.
        mean_of_months: unweighted mean of the months' shares.
        weighted: share by stratum size, sum of N_h * p_h over sum of N_h.
        interval: for the number of units with a remark in all frames together; exact for one simple draw only.
        as_of: by source, how far the logs were read.
        projection: version of the projection the numbers came from.
    """

    control_point: str
    number: str
    measure: str
    unit_name: str
    board: str
    area: str
    tolerance: Decimal | None
    start: date
    end: date
    total: Counts
    size_average: float | None
    pooled: Share
    mean_of_months: float | None
    weighted: float | None
    interval: Interval | None
    months: list[MonthStatistics]
    strata: list[StratumStatistics]
    categories: list[CategoryStatistics]
    as_of: dict[str, AsOf]
    projection: int


class ControlPointSummary(Answer):
    """A control point that reporting knows, with the range of its draws and its progress."""

    control_point: str
    number: str
    measure: str
    year: int
    start: date | None
    end: date | None
    drawn: int
    reviewed: int
    remarks: int


class LogVerdict(Answer):
    """A log re-read from its first event.

    Attributes:
        events: how many were read. root: of the tree over all their leaves.
        verdict: ``verified``, ``different`` (with ``first_difference``) or ``unreachable`` (the source did not answer).
    """

    source: str
    events: int
    chain_hash: str
    root: str
    verdict: Literal["verified", "different", "unreachable"]
    first_difference: str | None


class StatisticDifference(Answer):
    """A figure that came out otherwise when the logs were folded again."""

    figure: str
    stored: str
    replayed: str


class Replay(Answer):
    """``GET /v1/audit/replay``: logs verified and the statistic folded again from the first event."""

    verdict: Literal["verified", "different", "unreachable"]
    logs: list[LogVerdict]
    figures_compared: int = Field(ge=0)
    differences: list[StatisticDifference]
    digest_stored: str
    digest_replayed: str

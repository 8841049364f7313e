"""How a share moves from period to period, and how two periods differ.

A trend's period has the months that lie in it, also of draws over several periods: given how many cases fell into a
month, they are a simple draw from its units. So a yearly draw has a trend by month.
"""

from collections.abc import Mapping, Sequence
from datetime import date

from stickprov_contracts.events.base import Period
from stickprov_contracts.http.statistics import AsOf, Assumption, Counts, Interval
from stickprov_contracts.http.trends import Difference, PeriodDifference, PeriodShare, Trend, TrendStep
from stickprov_reporting.domain.projection.counting import REVIEWED
from stickprov_reporting.domain.statistics.calendar import MONTHS_IN, cut_to, label_of, period_of
from stickprov_reporting.domain.statistics.estimating import estimated
from stickprov_reporting.domain.statistics.hypergeometric import CONFIDENCE
from stickprov_reporting.domain.statistics.mover import Term, mover_difference
from stickprov_reporting.domain.statistics.outcomes import counted
from stickprov_reporting.domain.statistics.parts import REMARKED, may_share_units
from stickprov_reporting.domain.statistics.shares import share
from stickprov_reporting.domain.statistics.statistic import DateRange, counts_of
from stickprov_reporting.domain.statistics.tally import Basis, cases_alone, split, together
from stickprov_reporting.domain.statistics.verdict import verdict_of


def trend_of(basis: Basis, dates: DateRange, step: TrendStep, as_of: Mapping[str, AsOf]) -> Trend:
    """Return the periods with a draw in order, each but the first beside the one before it with something reviewed."""
    months = MONTHS_IN[step]
    # By what was drawn, not by the calendar: somebody may ask for ten thousand years.
    parts = split(cases_alone(basis), lambda place: _period_of_month(place.month, months).start)
    periods: list[PeriodShare] = []
    before: Basis | None = None
    for first in sorted(parts):
        period, within = cut_to(period_of(first, months), dates.start, dates.end), parts[first]
        if period is None:
            continue
        found = period_share(within, period)
        earlier = next((one for one in reversed(periods) if one.counts.reviewed), None)
        if earlier is not None and before is not None:
            difference = difference_of(found.interval, earlier.interval, _shared(within, before))
            found = found.model_copy(update={"difference": difference})
        periods.append(found)
        before = within if found.counts.reviewed else before
    return Trend(control_point=basis.point.control_point, by=step, periods=periods, as_of=dict(as_of))


def periods_compared(
    basis: Basis, dates: DateRange, against: Basis, against_dates: DateRange, as_of: Mapping[str, AsOf]
) -> PeriodDifference:
    """Return two periods of one control point and how the first differs from the second."""
    first, second = (
        period_share(cases_alone(one), Period(start=when.start, end=when.end, label=label_of(when.start, when.end)))
        for one, when in ((basis, dates), (against, against_dates))
    )
    return PeriodDifference(
        control_point=basis.point.control_point,
        period=first,
        against=second,
        difference=difference_of(first.interval, second.interval, _shared(basis, against)),
        as_of=dict(as_of),
    )


def period_share(basis: Basis, period: Period) -> PeriodShare:
    """Return one period, of a basis that has its draws or months and no others."""
    total = together(basis.tallies.values())
    estimate = estimated(basis)
    return PeriodShare(
        label=period.label,
        start=period.start,
        end=period.end,
        counts=Counts(**counts_of(total)),
        pooled=share(total.remarks, total.reviewed),
        mean_of_months=counted(basis).mean_of_months(REMARKED, REVIEWED),
        weighted=estimate.weighted,
        interval=estimate.interval,
        no_interval=estimate.no_interval,
        verdict=verdict_of(estimate.interval, basis.point.tolerance),
        difference=None,
    )


def difference_of(
    interval: Interval | None, against: Interval | None, assumptions: Sequence[Assumption] = ()
) -> Difference:
    """Return how one share differs from another, with limits recovered from both intervals (MOVER, approximate)."""
    term, other = _term(interval), _term(against)
    if interval is None or against is None or term is None or other is None:
        return Difference(
            estimate=None, lower=None, upper=None, confidence=float(CONFIDENCE), told="cannot-be-told", assumptions=[]
        )
    found = mover_difference(term, other)
    taken = [*interval.assumptions, *against.assumptions, *assumptions]
    return Difference(
        estimate=found.estimate,
        lower=max(found.lower, -1.0),
        upper=min(found.upper, 1.0),
        confidence=float(CONFIDENCE),
        told="higher" if found.lower > 0 else "lower" if found.upper < 0 else "cannot-be-told",
        assumptions=list(dict.fromkeys(taken)),
    )


def _term(interval: Interval | None) -> Term | None:
    if interval is None or interval.estimate_share is None:
        return None
    return Term(interval.estimate_share, interval.lower_share, interval.upper_share)


def _shared(basis: Basis, against: Basis) -> list[Assumption]:
    return ["draws-independent"] if may_share_units({**basis.strata, **against.strata}) else []


def _period_of_month(month: str, months: int) -> Period:
    year, number = map(int, month.split("-"))
    return period_of(date(year, number, 1), months)

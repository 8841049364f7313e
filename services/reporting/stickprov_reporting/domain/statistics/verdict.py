"""What an interval says about a tolerance, and what persons concluded beside it."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Literal

from stickprov_contracts.http.statistics import ConclusionFact, Interval, ToleranceVerdict
from stickprov_reporting.domain.statistics.tally import Concluded


def verdict_of(interval: Interval | None, tolerance: Decimal | None) -> ToleranceVerdict | None:
    """Return the verdict, None where no tolerance is set.

    Followed only when the whole interval lies within the tolerance; an upper limit equal to it does.
    """
    if tolerance is None:
        return None
    if interval is None:
        return ToleranceVerdict(verdict="cannot-be-told", tolerance=tolerance, method=None, exact=False)
    return ToleranceVerdict(
        verdict=_told(interval, tolerance), tolerance=tolerance, method=interval.method, exact=interval.share_exact
    )


def _told(interval: Interval, tolerance: Decimal) -> Literal["followed", "not-followed", "cannot-be-told"]:
    # A limit of 5 in 100 and a tolerance of 0.05 are the same number in floating point, both being rounded once.
    bound = float(tolerance)
    if interval.upper_share <= bound:
        return "followed"
    return "not-followed" if interval.lower_share > bound else "cannot-be-told"


def conclusions_within(conclusions: Iterable[Concluded], start: date, end: date) -> list[ConclusionFact]:
    """Return what was concluded for periods within ``[start, end)``: of each period the newest, in their order."""
    newest: dict[tuple[date, date], Concluded] = {}
    for one in sorted(conclusions, key=lambda one: one.version):
        period = one.event.period
        if start <= period.start and period.end <= end:
            newest[period.start, period.end] = one
    return [
        ConclusionFact(
            period=one.event.period,
            verdict=one.event.verdict,
            proposal=one.event.proposal,
            carried_out_from=one.event.carried_out_from,
            carried_out_to=one.event.carried_out_to,
            version=one.version,
        )
        for _, one in sorted(newest.items())
    ]

"""The interval of any measure of a basis: by the estimator that its draws' designs call for, or why there is none."""

from collections.abc import Sequence
from typing import NamedTuple

from stickprov_contracts.http.statistics import Assumption, Interval, NoInterval
from stickprov_reporting.domain.statistics import horvitz_thompson as weighing
from stickprov_reporting.domain.statistics.hypergeometric import CONFIDENCE
from stickprov_reporting.domain.statistics.interval import interval_of, share_of
from stickprov_reporting.domain.statistics.parts import (
    PPS,
    REMARKED,
    Measure,
    Part,
    assumptions_of,
    designs_of,
    is_ready,
    parts_of,
    why_not_together,
)
from stickprov_reporting.domain.statistics.stratified import MOST_WORK
from stickprov_reporting.domain.statistics.tally import Basis


class Estimate(NamedTuple):
    """An interval, or why there is none; one of them is None.

    Attributes:
        weighted: the estimated share of what belongs, which may be had without an interval.
    """

    interval: Interval | None
    no_interval: NoInterval | None
    weighted: float | None = None


def estimated(basis: Basis, measure: Measure = REMARKED, most_work: int = MOST_WORK) -> Estimate:
    """Return the interval for the number of units with an outcome in all frames together.

    Args:
        basis: what was drawn and counted.
        measure: which outcome.
        most_work: how much work an exact interval over several parts may be.
    """
    reason = why_not_together(basis)
    if reason is not None:
        return Estimate(None, reason)
    if PPS in designs_of(basis).values():
        return _weighed(basis, measure)
    parts = list(parts_of(basis, measure).values())
    weighted = share_of(parts)
    reason = is_ready(parts) or _alone(basis, parts)
    if reason is not None:
        return Estimate(None, reason, weighted)
    return Estimate(interval_of(parts, assumptions=assumptions_of(basis), most_work=most_work), None, weighted)


def _alone(basis: Basis, parts: Sequence[Part]) -> NoInterval | None:
    """Return whether one case stands for each of several groups, which has no variance."""
    groups = "per_group" in designs_of(basis).values()
    open_parts = [part for part in parts if part.known < part.size]
    alone = len(open_parts) > 1 and any(part.known == 1 for part in open_parts)
    return "one-per-group" if groups and alone else None


def _weighed(basis: Basis, measure: Measure) -> Estimate:
    draws = weighing.known_cases(basis.weighed, measure)
    reason = weighing.why_not_weighed(draws)
    among = weighing.totals_of(draws)[1] if reason is None else 0
    weighted = weighing.totals_of(draws)[0] / among if among else None
    if reason is not None:
        return Estimate(None, reason, weighted)
    size = sum(stratum.size for stratum in basis.strata.values())
    known = sum(len(cases) for cases in draws.values())
    units, share = weighing.weighed_units(draws, size), weighing.weighed_limits(draws, size)
    certain = known == size
    return Estimate(
        Interval(
            estimate=units.estimate,
            lower=units.lower,
            upper=units.upper,
            estimate_share=share.estimate,
            lower_share=share.lower,
            upper_share=share.upper,
            confidence=float(CONFIDENCE),
            method="census" if certain else "horvitz-thompson-approximate",
            exact=certain,
            share_exact=certain,
            assumptions=[] if certain else _taken(basis, known, draws),
        ),
        None,
        weighted,
    )


def _taken(basis: Basis, known: int, draws: weighing.Draws) -> list[Assumption]:
    missing: list[Assumption] = ["missing-at-random"] if known < len(basis.weighed) else []
    outside = any(not case.among for cases in draws.values() for case in cases)
    belonging: list[Assumption] = ["over-coverage-conditioned"] if outside else []
    return [*missing, "normal-approximation", *assumptions_of(basis), *belonging]

"""What is counted inside the cases, such as the children of households: cases are clusters of subunits."""

from collections.abc import Mapping
from fractions import Fraction

from stickprov_contracts.http.statistics import Assumption, Interval, Method, SubunitStatistics
from stickprov_reporting.domain.projection.counting import (
    NON_RESPONSE,
    OF_SUBUNITS,
    OVER_COVERAGE,
    PRODUCT,
    REMARKS,
    REVIEWED,
    SQUARE,
    SUBUNITS,
)
from stickprov_reporting.domain.statistics import horvitz_thompson as weighing
from stickprov_reporting.domain.statistics.estimating import Estimate
from stickprov_reporting.domain.statistics.hypergeometric import CONFIDENCE
from stickprov_reporting.domain.statistics.mover import Term
from stickprov_reporting.domain.statistics.normal import half_width, total_limits
from stickprov_reporting.domain.statistics.parts import (
    PPS,
    Measure,
    PartKey,
    assumptions_of,
    designs_of,
    part_keys,
    why_not_together,
)
from stickprov_reporting.domain.statistics.ratio import (
    ClusterPart,
    freedom_of,
    ratio_limits,
    totals_of,
    variance_of_total,
    why_no_ratio,
)
from stickprov_reporting.domain.statistics.shares import share
from stickprov_reporting.domain.statistics.tally import Basis, Place

SUBUNITS_REMARKED = Measure(OF_SUBUNITS + REMARKS, OF_SUBUNITS + REVIEWED)


def subunits_of(basis: Basis, totals: Mapping[str, int]) -> SubunitStatistics | None:
    """Return the statistic of the subunits, None where neither the control point nor a case has any."""
    name = basis.point.subunit_name
    if name is None and not totals.get(SUBUNITS):
        return None
    drawn, reviewed, outside, lacking, remarks = (
        totals.get(indicator, 0)
        for indicator in (SUBUNITS, *(OF_SUBUNITS + of for of in (REVIEWED, OVER_COVERAGE, NON_RESPONSE, REMARKS)))
    )
    size = frame_size(basis)
    found = estimated_subunits(basis, SUBUNITS_REMARKED)
    return SubunitStatistics(
        name=name or "",
        size=size,
        drawn=drawn,
        reviewed=reviewed,
        over_coverage=outside,
        non_response=lacking,
        waiting=drawn - reviewed - outside - lacking,
        remarks=remarks,
        remark_share=share(remarks, reviewed),
        sampling_fraction=None if size is None else share(drawn, size),
        interval=found.interval,
        no_interval=found.no_interval,
    )


def frame_size(basis: Basis) -> int | None:
    """Return the subunits in the frames of all draws together, None where one is not told."""
    draws = {key.draw for key in basis.strata}
    if not draws or not draws <= basis.subunit_sizes.keys():
        return None
    return sum(basis.subunit_sizes[draw] for draw in draws)


def estimated_subunits(basis: Basis, measure: Measure) -> Estimate:
    """Return the interval for the number of subunits with an outcome, by the combined ratio."""
    reason = why_not_together(basis)
    if reason is None and PPS in designs_of(basis).values():
        # Chances belong to cases, and a case weighs for all its subunits.
        return _weighed(basis, measure)
    if reason is not None:
        return Estimate(None, reason)
    parts = cluster_parts(basis, measure)
    reason = why_no_ratio(parts)
    if reason is not None:
        known = all(part.known for part in parts) and any(part.among for part in parts)
        totals = totals_of(parts) if known else None
        return Estimate(None, reason, float(totals.counted / totals.among) if totals else None)
    shares = ratio_limits(parts)
    return Estimate(_interval(basis, parts, shares), None, shares.estimate)


def cluster_parts(basis: Basis, measure: Measure) -> list[ClusterPart]:
    """Return the parts from which cases were drawn, with the sums that a ratio takes, in the order of their keys."""
    columns: list[Mapping[Place, int]] = [
        basis.values.get(indicator, {})
        for indicator in (
            measure.counted,
            measure.among,
            SQUARE + measure.counted,
            SQUARE + measure.among,
            PRODUCT + measure.counted,
            OF_SUBUNITS + REVIEWED,
            OF_SUBUNITS + OVER_COVERAGE,
        )
    ]
    key_of = part_keys(basis)
    sums: dict[PartKey, list[int]] = {}
    for place, tally in basis.tallies.items():
        *told, belonging, outside = (column.get(place, 0) for column in columns)
        row = (tally.size, tally.reviewed + tally.over_coverage, *told, belonging + outside)
        total = sums.setdefault(key_of[place], [0] * len(row))
        for number, value in enumerate(row):
            total[number] += value
    parts = [ClusterPart(*total) for _, total in sorted(sums.items())]
    return [part for part in parts if part.size or part.known]


def _interval(basis: Basis, parts: list[ClusterPart], shares: Term) -> Interval:
    totals, size = totals_of(parts), frame_size(basis)
    certain = all(part.known == part.size for part in parts)
    conditional = size is not None and totals.among < totals.inside
    missing = any(tally.drawn > tally.reviewed + tally.over_coverage for tally in basis.tallies.values())
    taken: list[Assumption] = ["missing-at-random"] if missing else []
    if not certain:
        taken += ["normal-approximation", *assumptions_of(basis)]
        taken += ["over-coverage-conditioned"] if conditional else []
    units = _of_frame(shares, size * totals.among / totals.inside) if size is not None else _of_cases(parts, shares)
    return _named(units, shares, "census" if certain else "ratio-approximate", taken)


def _of_frame(shares: Term, belonging: Fraction) -> Term:
    """Return the shares times the frames' subunits that belong: all but the proportion that was found not to."""
    return Term(*(float(belonging) * value for value in shares))


def _of_cases(parts: list[ClusterPart], shares: Term) -> Term:
    """Return what each stratum's cases have on average, times its cases; for frames that do not count subunits."""
    totals, variance = totals_of(parts), variance_of_total(parts, Fraction(0))
    if not variance:
        return _of_frame(shares, totals.among)
    estimate = float(totals.counted)
    lower, upper = total_limits(estimate, half_width(float(variance), freedom_of(parts), CONFIDENCE))
    return Term(estimate, max(lower, sum(part.counted for part in parts)), upper)


def _weighed(basis: Basis, measure: Measure) -> Estimate:
    draws = weighing.known_cases(basis.weighed, measure)
    reason = weighing.why_not_weighed(draws)
    if reason is not None:
        return Estimate(None, reason)
    cases, known = sum(stratum.size for stratum in basis.strata.values()), sum(map(len, draws.values()))
    shares = weighing.weighed_limits(draws, cases)
    taken: list[Assumption] = ["missing-at-random"] if known < len(basis.weighed) else []
    units = _of_frame(shares, Fraction(weighing.totals_of(draws)[1]))
    interval = _named(units, shares, "horvitz-thompson-approximate", [*taken, "normal-approximation"])
    return Estimate(interval, None, shares.estimate)


def _named(units: Term, shares: Term, method: Method, taken: list[Assumption]) -> Interval:
    certain = method == "census"
    return Interval(
        estimate=units.estimate,
        lower=units.lower,
        upper=units.upper,
        estimate_share=shares.estimate,
        lower_share=shares.lower,
        upper_share=shares.upper,
        confidence=float(CONFIDENCE),
        method=method,
        exact=certain,
        share_exact=certain,
        assumptions=taken,
    )

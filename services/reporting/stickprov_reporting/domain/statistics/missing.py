"""What the cases that were not reviewed could change: as if they were like the others, and in the worst case."""

from collections.abc import Mapping
from dataclasses import replace

from stickprov_contracts.http.statistics import Interval, Missing
from stickprov_reporting.domain.projection.counting import DRAWN, OVER_COVERAGE, REMARKS, REVIEWED
from stickprov_reporting.domain.statistics.estimating import estimated
from stickprov_reporting.domain.statistics.tally import Basis, WeighedCase, together


def missing_of(basis: Basis, at_random: Interval | None) -> Missing | None:
    """Return what missing cases could change, None where none is missing."""
    total = together(basis.tallies.values())
    missing, belonging = total.non_response + total.waiting, total.drawn - total.over_coverage
    if missing <= 0:
        return None
    return Missing(
        missing=missing,
        at_random=at_random,
        worst_case=_worst_case(basis, at_random),
        lowest_share=total.remarks / belonging,
        highest_share=(total.remarks + missing) / belonging,
    )


def _worst_case(basis: Basis, at_random: Interval | None) -> Interval | None:
    """Return the limits as if none of the missing had a remark, and as if all had; nothing is taken at random then.

    Never narrower than at random, which an approximate method might be when it hears of more cases.
    """
    fewest, most = (estimated(_filled(basis, remark=remark)).interval for remark in (False, True))
    if fewest is None or most is None:
        return None
    narrower = at_random or fewest.model_copy(update={"upper": most.upper, "upper_share": most.upper_share})
    return fewest.model_copy(
        update={
            "estimate": None,
            "estimate_share": None,
            "lower": min(fewest.lower, narrower.lower),
            "upper": max(most.upper, narrower.upper),
            "lower_share": min(fewest.lower_share, narrower.lower_share),
            "upper_share": max(most.upper_share, narrower.upper_share),
            "exact": fewest.exact and most.exact,
            "share_exact": fewest.share_exact and most.share_exact,
        }
    )


def _filled(basis: Basis, *, remark: bool) -> Basis:
    """Return the basis as if the missing cases had been reviewed, all of them with a remark or none."""
    kept = {DRAWN, REVIEWED, OVER_COVERAGE, REMARKS}
    cells = {key: value for key, value in basis.cells.items() if key.indicator in kept}
    for key, drawn in basis.cells.items():
        if key.indicator != DRAWN:
            continue
        known = sum(cells.get(key._replace(indicator=name), 0) for name in (REVIEWED, OVER_COVERAGE))
        for indicator in (REVIEWED, REMARKS) if remark else (REVIEWED,):
            filled = key._replace(indicator=indicator)
            cells[filled] = cells.get(filled, 0) + drawn - known
    return replace(basis, cells=cells, weighed=[_filled_case(case, remark=remark) for case in basis.weighed])


def _filled_case(case: WeighedCase, *, remark: bool) -> WeighedCase:
    if case.counts.get(REVIEWED) or case.counts.get(OVER_COVERAGE):
        return case
    counts: Mapping[str, int] = {DRAWN: 1, REVIEWED: 1, REMARKS: int(remark)}
    return case._replace(counts=counts)

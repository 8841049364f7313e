"""The interval for a number of units over parts, by the strictest method that is to be had, and named after it.

What must not break: a share pooled over several draws or strata is no simple sample, and no interval is computed as
if it were one. ``exact`` is said of limits whose coverage is guaranteed, and never of those that take something for
granted: that missing cases are like the others, that a systematic draw is a simple one.
"""

import math
from collections.abc import Sequence
from fractions import Fraction
from typing import Final, NamedTuple

from stickprov_contracts.http.statistics import Assumption, Interval, Method
from stickprov_reporting.domain.statistics.hypergeometric import CONFIDENCE, exact_limits
from stickprov_reporting.domain.statistics.mover import Term, mover_sum
from stickprov_reporting.domain.statistics.parts import Part
from stickprov_reporting.domain.statistics.stratified import MOST_WORK, Drawn, stratified_limits, work_of

EXACT: Final = frozenset({"census", "hypergeometric-exact", "stratified-exact"})


class Found(NamedTuple):
    """Limits for a number of units, and how they were found."""

    lower: float
    upper: float
    method: Method


def interval_of(
    parts: Sequence[Part],
    *,
    assumptions: Sequence[Assumption] = (),
    most_work: int = MOST_WORK,
    confidence: Fraction = CONFIDENCE,
) -> Interval:
    """Return the interval for the number of units with a remark in all parts together.

    Args:
        parts: at least one, each with something known, at least one with something reviewed; see ``is_ready``.
        assumptions: what is taken for granted of the draws.
        most_work: how much work an exact interval over several parts may be.
        confidence: between 0 and 1, both excluded.
    """
    taken = list(assumptions)
    if any(part.missing for part in parts):
        taken.insert(0, "missing-at-random")
    found = limits_of(parts, most_work, confidence)
    exact = found.method in EXACT and not taken
    share, share_exact = _share(parts, found, confidence)
    if any(part.outside for part in parts) and not share_exact:
        taken.append("over-coverage-conditioned")
    return Interval(
        lower=found.lower,
        upper=found.upper,
        lower_share=share.lower,
        upper_share=share.upper,
        estimate=math.fsum(part.estimate for part in parts),
        estimate_share=share.estimate,
        confidence=float(confidence),
        method=found.method,
        exact=exact,
        share_exact=share_exact and exact,
        assumptions=taken,
    )


def limits_of(parts: Sequence[Part], most_work: int, confidence: Fraction) -> Found:
    """Return limits for the number of units with a remark; a part of which all is known adds nothing but its count."""
    open_parts = sorted(part for part in parts if part.known < part.size)
    told = sum(part.remarks for part in parts if part.known == part.size)
    if not open_parts:
        return Found(told, told, "census")
    if len(open_parts) == 1:
        part = open_parts[0]
        limits = exact_limits(part.size, part.known, part.remarks, confidence)
        return Found(told + limits.lower, told + limits.upper, "hypergeometric-exact")
    strata = tuple(Drawn(part.size, part.known, part.remarks) for part in open_parts)
    if work_of(strata) <= most_work:
        limits = stratified_limits(strata, confidence)
        return Found(told + limits.lower, told + limits.upper, "stratified-exact")
    total = mover_sum([_term(part, confidence) for part in parts])
    return Found(total.lower, total.upper, "mover-approximate")


def _term(part: Part, confidence: Fraction) -> Term:
    limits = exact_limits(part.size, part.known, part.remarks, confidence)
    return Term(part.estimate, limits.lower, limits.upper)


def share_of(parts: Sequence[Part]) -> float | None:
    """Return the estimated share of what belongs: ``sum(N_h x_h / n_h)`` of ``sum(N_h r_h / n_h)``.

    None while a part has nothing known, or when nothing belongs.
    """
    if not all(part.known for part in parts):
        return None
    belonging = math.fsum(part.belonging for part in parts)
    return math.fsum(part.estimate for part in parts) / belonging if belonging else None


def _share(parts: Sequence[Part], found: Found, confidence: Fraction) -> tuple[Term, bool]:
    """Return the share of what belongs, and whether its limits are as sure as those of the number."""
    estimate = share_of(parts) or 0.0
    outside, size = sum(part.outside for part in parts), sum(part.size for part in parts)
    if not outside or found.method == "census":
        return Term(estimate, found.lower / (size - outside), found.upper / (size - outside)), True
    if len(parts) == 1:
        return _conditional(parts[0], confidence), False
    weights = [part.belonging for part in parts]
    shares = [_conditional(part, confidence) for part in parts]
    whole = math.fsum(weights)
    terms = [Term(*(weight * value / whole for value in term)) for weight, term in zip(weights, shares, strict=True)]
    total = mover_sum(terms)
    return Term(estimate, min(total.lower, estimate), max(total.upper, estimate)), False


def _conditional(part: Part, confidence: Fraction) -> Term:
    """Return the share of one part's units that belong, given how many of those drawn do not.

    Those that belong are then a simple sample from all that belong. How many there are is not known; that all units
    but those found outside are is the most there can be, and gives the widest limits.
    """
    if not part.reviewed:
        return Term(0, 0, 1)
    size = part.size - part.outside
    lower, upper = exact_limits(size, part.reviewed, part.remarks, confidence)
    return Term(part.remarks / part.reviewed, lower / size, upper / size)

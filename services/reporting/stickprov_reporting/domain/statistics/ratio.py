"""What is counted inside cases that were drawn as wholes: the combined ratio, cases being clusters.

With y the subunits of a case that have an outcome and m those it is a share of, over strata h of N_h cases of which n_h
are known: ``R = sum(N_h/n_h * sum y) / sum(N_h/n_h * sum m)``, and with d = y - R m

    ``V = sum(N_h^2 * (1 - n_h/N_h) / n_h * s2_h(d)) / M^2``,  ``M = sum(N_h/n_h * sum m)``

(Cochran 1977, 6.11). A case that does not belong counts, with y = m = 0. What must not break: one case of a stratum
says nothing of how its cases vary, and then there is no interval.
"""

import math
import operator
from collections.abc import Sequence
from fractions import Fraction
from typing import NamedTuple

from stickprov_contracts.http.statistics import NoInterval
from stickprov_reporting.domain.statistics.hypergeometric import CONFIDENCE
from stickprov_reporting.domain.statistics.interval import limits_of
from stickprov_reporting.domain.statistics.mover import Term
from stickprov_reporting.domain.statistics.normal import half_width, share_limits
from stickprov_reporting.domain.statistics.parts import Part


class ClusterPart(NamedTuple):
    """One part; sums are over its known cases.

    Attributes:
        size: N_h, cases. known: n_h.
        counted: sum of y. among: sum of m.
        counted_squares, among_squares, products: sums of y*y, m*m and y*m.
        inside: sum of the subunits of which is known whether they belong.
    """

    size: int
    known: int
    counted: int
    among: int
    counted_squares: int
    among_squares: int
    products: int
    inside: int = 0

    def squares(self, ratio: Fraction) -> Fraction:
        """Return the sum of ``(d - mean d)^2``; exact, so that cases that do not differ give 0."""
        total = self.counted - ratio * self.among
        squared = self.counted_squares - 2 * ratio * self.products + ratio * ratio * self.among_squares
        return squared - total * total / self.known


class Totals(NamedTuple):
    """Estimated totals in the frames."""

    counted: Fraction
    among: Fraction
    inside: Fraction


def totals_of(parts: Sequence[ClusterPart]) -> Totals:
    """Return the estimated totals; needs something known in each part."""
    columns = zip(*((part.counted, part.among, part.inside) for part in parts), strict=True)
    weights = [Fraction(part.size, part.known) for part in parts]
    return Totals(*(sum(map(operator.mul, weights, column), Fraction(0)) for column in columns))


def why_no_ratio(parts: Sequence[ClusterPart]) -> NoInterval | None:
    """Return why there is no interval, None if there is one."""
    if not any(part.among for part in parts):
        return "nothing-reviewed"
    if any(part.known > part.size for part in parts):
        return "sample-unheard"
    if not all(part.known for part in parts):
        return "part-without-review"
    return "one-per-group" if any(part.known == 1 < part.size for part in parts) else None


def variance_of_total(parts: Sequence[ClusterPart], ratio: Fraction) -> Fraction:
    """Return the estimated variance of the total of ``y - ratio * m``; needs two known cases in each part."""
    return sum(
        (
            Fraction(part.size * (part.size - part.known), part.known * (part.known - 1)) * part.squares(ratio)
            for part in parts
            if part.known < part.size
        ),
        Fraction(0),
    )


def freedom_of(parts: Sequence[ClusterPart]) -> int:
    """Return the degrees of freedom that the variance has."""
    return max(1, sum(part.known - 1 for part in parts if part.known < part.size))


def ratio_limits(parts: Sequence[ClusterPart], confidence: Fraction = CONFIDENCE) -> Term:
    """Return R with limits; needs ``why_no_ratio`` to be None."""
    counted, among, _ = totals_of(parts)
    ratio = counted / among
    estimate = float(ratio)
    variance = variance_of_total(parts, ratio) / (among * among)
    if variance:
        half = half_width(float(variance), freedom_of(parts), confidence)
        return Term(estimate, *share_limits(estimate, half))
    if all(part.known == part.size for part in parts):
        return Term(estimate, estimate, estimate)
    return _without_variance(parts, ratio, confidence)


def _without_variance(parts: Sequence[ClusterPart], ratio: Fraction, confidence: Fraction) -> Term:
    """Return limits where the known cases do not differ, such as when none of their subunits has a remark.

    That is no proof that the others are like them. As if all subunits of a case were alike, each case counts as one
    unit with a remark or without one.
    """
    size = sum(part.size for part in parts)
    fewest = [Part(part.size, part.known, math.floor(ratio * part.known)) for part in parts]
    most = [Part(part.size, part.known, math.ceil(ratio * part.known)) for part in parts]
    lower = limits_of(fewest, 0, confidence).lower / size
    upper = limits_of(most, 0, confidence).upper / size
    return Term(float(ratio), min(lower, float(ratio)), max(upper, float(ratio)))

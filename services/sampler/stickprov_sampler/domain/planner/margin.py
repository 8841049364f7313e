"""The sample for a margin of error: half the width that the interval for a share may have."""

from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from math import ceil, floor
from typing import Final

from stickprov_contracts.http.planning import MarginPlan

WORST_CASE: Final = Decimal("0.5")
_ROUNDING: Final = 1e-12


def plan_margin(size: int | None, margin: Decimal, confidence: Decimal, expected: Decimal | None) -> MarginPlan:
    """Return the sample by the normal approximation and by the exact interval.

    Args:
        size: N; None when infinite.
        margin: the wanted half-width, as a share.
        confidence: such as 0.95.
        expected: the share to plan for; a half, the worst case, when None.
    """
    share = WORST_CASE if expected is None else expected
    n = _normal(size, margin, confidence, share)
    n_exact = _exact(size, margin, confidence, share)
    return MarginPlan(
        n=n,
        n_exact=n_exact,
        half_width=half_width(size, n_exact, _found(n_exact, share), confidence),
        expected=float(share),
        worst_case=expected is None,
    )


def half_width(size: int | None, n: int, found: int, confidence: Decimal) -> float:
    """Return half the width, as a share, of the exact interval when ``found`` of n deviate.

    For the infinite frame Clopper and Pearson's; for the finite one all numbers of deviating units for which neither
    so few nor so many as were found would be rarer than half the risk.
    """
    from scipy.stats import beta, hypergeom  # noqa: PLC0415 - see Population.chances

    tail = (1 - float(confidence)) / 2
    if size is None:
        lower = float(beta.ppf(tail, found, n - found + 1)) if found else 0.0
        upper = float(beta.isf(tail, found + 1, n - found)) if found < n else 1.0
        return (upper - lower) / 2
    lowest, highest = found, size - (n - found)
    first = _first(lowest, highest, lambda units: float(hypergeom.sf(found - 1, size, units, n)) > tail)
    past = _first(first, highest + 1, lambda units: float(hypergeom.cdf(found, size, units, n)) <= tail)
    return (past - 1 - first) / size / 2


def _normal(size: int | None, margin: Decimal, confidence: Decimal, share: Decimal) -> int:
    """Return n0 / (1 + (n0 - 1) / N) with n0 = z^2 p(1-p) / d^2 (Cochran, Sampling Techniques, 3rd ed., 4.4)."""
    from scipy.stats import norm  # noqa: PLC0415 - see Population.chances

    z = float(norm.isf((1 - float(confidence)) / 2))
    n0 = z * z * float(share * (1 - share)) / float(margin) ** 2
    if size is None:
        return max(1, ceil(n0))
    return min(size, max(1, ceil(n0 / (1 + (n0 - 1) / size)) if n0 > 1 else 1))


def _exact(size: int | None, margin: Decimal, confidence: Decimal, share: Decimal) -> int:
    """Find a sample that is within the margin while one less is not."""

    def within(n: int) -> bool:
        return half_width(size, n, _found(n, share), confidence) <= float(margin) + _ROUNDING

    least, most = 1, 2
    while not within(most if size is None else min(most, size)):
        least, most = most, most * 2
    most = most if size is None else min(most, size)
    return _first(least, most, within)


def _found(n: int, share: Decimal) -> int:
    """Return the whole number of deviations nearest to the share."""
    return floor(Fraction(share) * n + Fraction(1, 2))


def _first(least: int, most: int, holds: Callable[[int], bool]) -> int:
    """Return where ``holds`` begins, in a range at whose end it does (or is taken to)."""
    while least < most:
        middle = (least + most) // 2
        if holds(middle):
            most = middle
        else:
            least = middle + 1
    return least

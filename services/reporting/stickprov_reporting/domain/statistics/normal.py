"""Limits of an estimate with an estimated variance, by Student's distribution."""

import math
from fractions import Fraction


def quantile(confidence: Fraction, freedom: int) -> float:
    """Return Student's two-sided quantile; ``freedom`` is at least 1."""
    from scipy.special import stdtrit  # noqa: PLC0415 - costs memory, and most processes never need it

    return float(stdtrit(freedom, float((1 + confidence) / 2)))


def half_width(variance: float, freedom: int, confidence: Fraction) -> float:
    """Return how far the limits lie from the estimate."""
    return quantile(confidence, freedom) * math.sqrt(variance) if variance else 0.0


def share_limits(share: float, half: float) -> tuple[float, float]:
    """Return limits for a share that lie within 0 and 1.

    The half width is laid on the scale of the logit, where a share near 0 or 1 varies more evenly (as in Korn and
    Graubard 1999); needs ``0 < share < 1``.
    """
    logit, half = math.log(share / (1 - share)), half / (share * (1 - share))
    return _share_at(logit - half), _share_at(logit + half)


def total_limits(total: float, half: float) -> tuple[float, float]:
    """Return limits for a total that lie above 0: the half width is laid on the scale of the logarithm.

    Totals of few and heavy cases vary further upwards than downwards; needs ``total > 0``.
    """
    return total * math.exp(-half / total), total * math.exp(half / total)


def _share_at(logit: float) -> float:
    # Both forms avoid the overflow of the other.
    return 1 / (1 + math.exp(-logit)) if logit >= 0 else math.exp(logit) / (1 + math.exp(logit))

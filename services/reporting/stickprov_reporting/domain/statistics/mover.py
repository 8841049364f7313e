"""MOVER: an approximate interval for a total over strata, recovered from each stratum's own exact limits.

Method of variance estimates recovery (Zou and Donner 2008) for a sum: each stratum's distance from its estimate to
its limit stands for its standard error on that side, and independent ones add as squares. It needs no normal
distribution within the strata, but it is an approximation: coverage of the stated confidence is not claimed.
"""

import math
from collections.abc import Sequence
from fractions import Fraction
from typing import NamedTuple

from stickprov_reporting.domain.statistics.hypergeometric import CONFIDENCE, exact_limits


class Part(NamedTuple):
    """What was simply drawn: one stratum of one draw, or all of a simple draw.

    Attributes:
        size: N_h, units. reviewed: n_h, with a finding. remarks: x_h.
    """

    size: int
    reviewed: int
    remarks: int


class TotalLimits(NamedTuple):
    """Limits for the number of units with a remark in all parts together; not whole numbers."""

    lower: float
    upper: float


def estimate(part: Part) -> float:
    """Return ``N_h * x_h / n_h``, the estimated number of units with a remark; needs a reviewed case."""
    return part.size * part.remarks / part.reviewed


def mover_limits(parts: Sequence[Part], confidence: Fraction = CONFIDENCE) -> TotalLimits:
    """Return limits for the total over independent parts, each with at least one reviewed case."""
    estimates = [estimate(part) for part in parts]
    limits = [exact_limits(part.size, part.reviewed, part.remarks, confidence) for part in parts]
    total = sum(estimates)
    below = math.sqrt(sum((e - limit.lower) ** 2 for e, limit in zip(estimates, limits, strict=True)))
    above = math.sqrt(sum((limit.upper - e) ** 2 for e, limit in zip(estimates, limits, strict=True)))
    return TotalLimits(total - below, total + above)

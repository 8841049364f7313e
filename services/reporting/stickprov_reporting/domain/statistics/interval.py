"""Which interval a number of units with a remark gets, and whether its coverage is guaranteed.

What must not break: a share pooled over several draws or strata is no simple sample, and no interval is computed as
if it were one. Cases that are drawn but not yet reviewed are taken as missing at random: n is the number reviewed.
"""

from collections.abc import Sequence
from fractions import Fraction

from stickprov_contracts.http.statistics import Interval
from stickprov_reporting.domain.statistics.hypergeometric import CONFIDENCE, exact_limits
from stickprov_reporting.domain.statistics.mover import Part, estimate, mover_limits


def interval_of(parts: Sequence[Part], confidence: Fraction = CONFIDENCE) -> Interval | None:
    """Return the interval for the number of units with a remark in all parts together.

    Exact for one part, MOVER for several. None without parts, while a part has no reviewed case, or when more cases
    are reviewed than the part is said to have (its sample was not heard of yet).
    """
    if not parts or not all(0 < part.reviewed <= part.size for part in parts):
        return None
    size = sum(part.size for part in parts)
    lower: float
    upper: float
    if len(parts) == 1:
        lower, upper = exact_limits(*parts[0], confidence)
    else:
        lower, upper = mover_limits(parts, confidence)
    return Interval(
        lower=lower,
        upper=upper,
        lower_share=lower / size,
        upper_share=upper / size,
        estimate=sum(estimate(part) for part in parts),
        estimate_share=sum(estimate(part) for part in parts) / size,
        confidence=float(confidence),
        method="hypergeometric-exact" if len(parts) == 1 else "mover-approximate",
        exact=len(parts) == 1,
        share_exact=len(parts) == 1,
    )

"""What a sample is drawn from when the tolerable rate is just reached, and the chance of what it may show.

What must not break: a number of units or of allowed deviations is rounded up from exact decimals. As binary floating
point, 0.035 * 400 is 14.000000000000002, and the plan would allow 15 deviations instead of 14.
"""

from dataclasses import dataclass
from decimal import ROUND_CEILING, Context, Decimal
from fractions import Fraction
from math import comb, perm
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import numpy as np

NEAR: Final = 1e-9
"""Closer than this to a risk, floating point does not decide."""

_EXACTLY: Final = Context(prec=60)


def ceiling(share: Decimal, of: int) -> int:
    """Return ``share * of`` rounded up, exactly."""
    return int(_EXACTLY.multiply(share, Decimal(of)).to_integral_value(ROUND_CEILING))


@dataclass(frozen=True, slots=True)
class Population:
    """Units of which the share ``tolerable`` deviates.

    Attributes:
        size: N; None when it counts as infinite (drawing with the binomial's chances).
        tolerable: the share, between 0 and 1.
    """

    size: int | None
    tolerable: Decimal

    @property
    def deviating(self) -> int | None:
        """How many units deviate when the rate is just reached: the least number that is not below it."""
        return None if self.size is None else ceiling(self.tolerable, self.size)

    def every(self, n: int) -> int:
        """Return the number of equally likely ways to draw n units one by one."""
        return Fraction(self.tolerable).denominator ** n if self.size is None else perm(self.size, n)

    def favourable(self, n: int, deviations: int) -> int:
        """Return how many of those ways go through one given sequence with so many deviations.

        It is the same for every such sequence. So the chance of any plan is the number of sequences that lead to its
        stops, each times this, over ``every``.
        """
        if self.size is None or self.deviating is None:
            rate = Fraction(self.tolerable)
            kept = rate.denominator - rate.numerator
            return int(rate.numerator**deviations * kept ** (n - deviations))
        return perm(self.deviating, deviations) * perm(self.size - self.deviating, n - deviations)

    def exceeds(self, allowed: int, n: int, risk: Decimal) -> bool:
        """Return whether at most ``allowed`` of n drawn units deviate with a chance above ``risk``."""
        chance = float(self.chances([allowed], [n])[0])
        if abs(chance - float(risk)) > NEAR:
            return chance > float(risk)
        ways = sum(comb(n, found) * self.favourable(n, found) for found in range(min(allowed, n) + 1))
        bound = Fraction(risk)
        return ways * bound.denominator > bound.numerator * self.every(n)

    def chances(self, allowed: "np.typing.ArrayLike", n: "np.typing.ArrayLike") -> "np.typing.NDArray[np.float64]":
        """Return in floating point the chances that at most so many of so many drawn units deviate."""
        # Only a planner in use should cost this: a second to load, and as much memory as all the rest of the service.
        import numpy as np  # noqa: PLC0415
        from scipy.stats import binom, hypergeom  # noqa: PLC0415

        if self.size is None or self.deviating is None:
            return np.asarray(binom.cdf(np.asarray(allowed), np.asarray(n), float(self.tolerable)))
        return np.asarray(hypergeom.cdf(np.asarray(allowed), self.size, self.deviating, np.asarray(n)))

"""Pareto sampling: chances proportional to size, by ranking variables.

Source: B. Rosén, "On sampling with probability proportional to size", Journal of Statistical Planning and Inference 62
(1997); inclusion probabilities come close to the wanted ones, and are not exactly them. A unit whose share reaches 1 is
taken for sure; the rest is shared out anew among the others until none does.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

BITS: Final = 52
"""How much of a ticket makes the random number: what a double holds exactly."""
_PLACES: Final = 1 << BITS


@dataclass(frozen=True, slots=True)
class Shares:
    """How n cases are shared out by size.

    Attributes:
        certain: how many units are taken for sure. certain_from: their least size; None when there are none.
        n: how many more are drawn. total: the sizes of the units that they are drawn from.
    """

    certain: int
    certain_from: Decimal | None
    n: int
    total: Decimal

    def chance(self, size: Decimal) -> float:
        """Return λ, the wanted inclusion probability of a unit of this size."""
        if self.certain_from is not None and size >= self.certain_from:
            return 1.0
        return self.n * float(size) / float(self.total)


def shares(n: int, largest: Sequence[Decimal], total: Decimal) -> Shares:
    """Find the units that are taken for sure.

    Args:
        n: how many are drawn.
        largest: the n largest sizes, falling.
        total: of all sizes, which are positive.
    """
    taken: Decimal | None = None
    certain = 0
    for size in largest:
        if n == certain or (n - certain) * size < total:
            break
        taken, certain, total = size, certain + 1, total - size
    return Shares(certain, taken, n - certain, total)


def uniform(ticket: str, shift: str | None) -> float:
    """Return u in (0, 1): the middle of the ticket's place among ``2^52``, counted from the shift."""
    digits = BITS // 4
    start = int(shift[:digits], 16) if shift else 0
    return ((int(ticket[:digits], 16) - start) % _PLACES + 0.5) / _PLACES


def ranking(u: float, chance: float) -> float:
    """Return Q = u (1 - λ) / (λ (1 - u)); the smallest are drawn."""
    return (u * (1 - chance)) / (chance * (1 - u))

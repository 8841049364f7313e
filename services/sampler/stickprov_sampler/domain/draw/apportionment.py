"""Sharing n out among strata by Sainte-Laguë, in exact numbers.

What must not break: the same weights give the same seats on every machine; ties go by name. The method is that of
Sainte-Laguë (La représentation proportionnelle et la méthode des moindres carrés, 1910), with one case for every
stratum first and no more than a stratum holds.
"""

from collections.abc import Mapping
from fractions import Fraction
from heapq import heapify, heappop, heappush
from typing import Final

_HALVINGS: Final = 60


def sainte_lague(n: int, weights: Mapping[str, Fraction], capacity: Mapping[str, int]) -> dict[str, int]:
    """Return how many of ``n`` each stratum gets; each further case goes to the greatest ``w / (2 s + 1)``.

    Args:
        n: at least one for each stratum that holds any, and at most what they hold together.
        weights: w of each stratum, not negative.
        capacity: how many it holds.
    """
    seats = {name: min(1, capacity[name]) for name in weights}
    seats = _close_below(n, weights, capacity, seats)
    left = n - sum(seats.values())
    heap = [_place(name, weights[name], seats[name]) for name in weights if seats[name] < capacity[name]]
    heapify(heap)
    for _ in range(left):
        _, name = heappop(heap)
        seats[name] += 1
        if seats[name] < capacity[name]:
            heappush(heap, _place(name, weights[name], seats[name]))
    return dict(sorted(seats.items()))


def _place(name: str, weight: Fraction, seats: int) -> tuple[Fraction, str]:
    return -weight / (2 * seats + 1), name


def _close_below(
    n: int, weights: Mapping[str, Fraction], capacity: Mapping[str, int], least: Mapping[str, int]
) -> dict[str, int]:
    """Return the seats after all quotients above some bound, not more than n of them: a start that saves most steps."""
    low, high = Fraction(0), max(weights.values(), default=Fraction(0)) + 1
    best = dict(least)
    for _ in range(_HALVINGS):
        middle = Fraction(float((low + high) / 2))
        if middle <= 0:
            break
        seats = {
            name: max(least[name], min(capacity[name], _above(weight, middle))) for name, weight in weights.items()
        }
        if sum(seats.values()) > n:
            low = middle
        else:
            high, best = middle, seats
    return best


def _above(weight: Fraction, bound: Fraction) -> int:
    """Return for how many s from 0 on ``weight / (2 s + 1) > bound`` holds."""
    ratio = weight / bound
    if ratio <= 1:
        return 0
    return -(-(ratio - 1) // 2)

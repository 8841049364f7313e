"""Limits for a number of units, in whole numbers: the exact ones of a simple draw, and MOVER's of several parts.

With X hypergeometric for A units with a remark among N, n drawn: ``L = min{A : P(X >= x) > α/2}``, ``U = max{A :
P(X <= x) > α/2}`` (Katz 1953, Buonaccorsi 1987), α being a twentieth. A sum's limits are recovered from its terms' own
(Zou and Donner 2008).
"""

import math
from collections.abc import Sequence
from fractions import Fraction
from functools import lru_cache
from typing import Final, NamedTuple

TAIL: Final = Fraction(1, 40)
"""Half of a twentieth."""


class Bounds(NamedTuple):
    """An estimate with its limits."""

    estimate: float
    lower: float
    upper: float


@lru_cache(maxsize=4096)
def exact_bounds(size: int, known: int, marked: int) -> tuple[int, int]:
    """Return the exact limits for the number of units with a remark, both included.

    Args:
        size: N.
        known: n, drawn units of which all is known.
        marked: x, those with a remark.
    """
    fewest = _fewest(size, known, marked)
    return fewest, size - _fewest(size, known, known - marked)


def _fewest(size: int, known: int, marked: int) -> int:
    """Return the smallest A with ``P(X >= marked) > TAIL``, which never falls as A grows."""
    low, high = marked, size - known + marked
    while low < high:
        middle = (low + high) // 2
        if _is_likelier(size, known, middle, marked):
            high = middle
        else:
            low = middle + 1
    return low


def _is_likelier(size: int, known: int, among: int, marked: int) -> bool:
    """Tell whether ``P(X >= marked) > TAIL`` when ``among`` units have a remark; the shorter tail is added up."""
    first, last = max(0, known - (size - among)), min(known, among)
    if marked <= first:
        return True
    if marked > last:
        return False
    whole = math.comb(size, known)
    if last - marked <= marked - first:
        ways = _ways(size, known, among, marked, last)
    else:
        ways = whole - _ways(size, known, among, first, marked - 1)
    return ways * TAIL.denominator > whole * TAIL.numerator


def _ways(size: int, known: int, among: int, first: int, last: int) -> int:
    """Return in how many ways a sample has from ``first`` to ``last`` of the units with a remark."""
    term = math.comb(among, first) * math.comb(size - among, known - first)
    total = term
    for count in range(first, last):
        above = (among - count) * (known - count)
        term = term * above // ((count + 1) * (size - among - known + count + 1))
        total += term
    return total


def sum_bounds(terms: Sequence[Bounds]) -> Bounds:
    """Return the sum of independent terms by MOVER."""
    total = math.fsum(term.estimate for term in terms)
    below = math.sqrt(math.fsum((term.estimate - term.lower) ** 2 for term in terms))
    above = math.sqrt(math.fsum((term.upper - term.estimate) ** 2 for term in terms))
    return Bounds(total, total - below, total + above)

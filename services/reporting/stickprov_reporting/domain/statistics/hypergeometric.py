"""The exact interval for the number of units with a remark in a finite frame, from one simple draw.

X, the remarks among n units drawn without replacement from N of which A have one, is hypergeometric. The limits
are ``L = min{A : P(X >= x | A) > alpha/2}`` and ``U = max{A : P(X <= x | A) > alpha/2}`` (the conservative,
equal-tailed convention; Katz 1953, Buonaccorsi 1987), so at least ``confidence`` of all draws cover A.

What must not break: no rounding decides whether an A belongs to the interval. Probabilities are summed in floating
point outwards from the most likely count, which loses less than 1e-9 of them; whoever comes that close to alpha/2
is counted again in whole numbers.
"""

import math
from fractions import Fraction
from functools import lru_cache
from typing import Final, NamedTuple

CONFIDENCE: Final = Fraction(95, 100)
"""What the board's forms use. A fraction, because 1 - 0.95 in floating point is not a twentieth."""

_NEAR: Final = 1e-9
_NEGLIGIBLE: Final = 1e-30


class Limits(NamedTuple):
    """Lower and upper limit for A, both included."""

    lower: int
    upper: int


@lru_cache(maxsize=4096)
def exact_limits(size: int, reviewed: int, remarks: int, confidence: Fraction = CONFIDENCE) -> Limits:
    """Return the exact limits for the number of units with a remark.

    Args:
        size: N, units in the frame.
        reviewed: n, units drawn and reviewed, at most N; 0 says nothing, so the limits are 0 and N.
        remarks: x, those with a remark, at most n.
        confidence: between 0 and 1, both excluded.

    Raises:
        ValueError: the counts do not fit each other, or the confidence is not between 0 and 1.
    """
    if not 0 <= remarks <= reviewed <= size:
        raise ValueError(f"{remarks} remarks among {reviewed} reviewed of {size} units cannot be.")
    if not 0 < confidence < 1:
        raise ValueError(f"A confidence lies between 0 and 1, not at {confidence}.")
    tail = (1 - confidence) / 2
    lower = _fewest(size, reviewed, remarks, tail)
    # Units without a remark are drawn just as those with one: their fewest are the most with one.
    upper = size - _fewest(size, reviewed, reviewed - remarks, tail)
    return Limits(lower, upper)


def _fewest(size: int, reviewed: int, remarks: int, tail: Fraction) -> int:
    """Return the smallest A with ``P(X >= remarks | A) > tail``; that probability never falls as A grows."""
    low, high = remarks, size - reviewed + remarks
    while low < high:
        middle = (low + high) // 2
        if _is_likelier(size, reviewed, middle, remarks, tail):
            high = middle
        else:
            low = middle + 1
    return low


def _is_likelier(size: int, reviewed: int, marked: int, remarks: int, tail: Fraction) -> bool:
    """Tell whether ``P(X >= remarks)`` exceeds ``tail`` when ``marked`` of the frame's units have a remark."""
    probability = _at_least(size, reviewed, marked, remarks)
    bound = float(tail)
    if abs(probability - bound) > _NEAR * bound:
        return probability > bound
    return _at_least_exactly(size, reviewed, marked, remarks) > tail


def _at_least(size: int, reviewed: int, marked: int, remarks: int) -> float:
    """Return ``P(X >= remarks)`` from weights relative to the most likely count's."""
    first, last = max(0, reviewed - (size - marked)), min(reviewed, marked)
    if remarks <= first:
        return 1.0
    if remarks > last:
        return 0.0
    mode = min(max((reviewed + 1) * (marked + 1) // (size + 2), first), last)
    others = size - marked - reviewed
    upwards, downwards = [1.0], []
    weight = 1.0
    for count in range(mode, last):
        weight *= (marked - count) * (reviewed - count) / ((count + 1) * (others + count + 1))
        upwards.append(weight)
        if weight < _NEGLIGIBLE:
            break
    weight = 1.0
    for count in range(mode, first, -1):
        weight *= count * (others + count) / ((marked - count + 1) * (reviewed - count + 1))
        downwards.append(weight)
        if weight < _NEGLIGIBLE:
            break
    total = sum(upwards) + sum(downwards)
    if remarks > mode:
        return sum(upwards[remarks - mode :]) / total
    return (sum(upwards) + sum(downwards[: mode - remarks])) / total


def _at_least_exactly(size: int, reviewed: int, marked: int, remarks: int) -> Fraction:
    """Return ``P(X >= remarks)`` as the fraction it is."""
    first, last = max(remarks, reviewed - (size - marked), 0), min(reviewed, marked)
    ways = sum(
        math.comb(marked, count) * math.comb(size - marked, reviewed - count) for count in range(first, last + 1)
    )
    return Fraction(ways, math.comb(size, reviewed))

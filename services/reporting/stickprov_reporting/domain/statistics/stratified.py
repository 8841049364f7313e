"""The exact interval for a total over strata that were drawn from apart: the worst case over allocations.

The number A of units with a remark can lie in the strata in many ways. With T the estimated total and t what was
observed, the limits are ``L = min{A : max P(T >= t) > alpha/2}`` and ``U = max{A : max P(T <= t) > alpha/2}``, the
inner maximum over all ways to lay A out in the strata (Wendell and Schmee 1996). So at least ``confidence`` of all
samples cover A, whichever way it lies. Beside that, A is no less than the remarks that were seen, and the units without
one no fewer than those seen.

What must not break: no rounding decides whether an A belongs to the interval. Totals are compared as whole numbers;
whoever's probability comes within 1e-9 of alpha/2 is counted again in whole numbers.
"""

import math
from collections.abc import Sequence
from fractions import Fraction
from functools import lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple

from stickprov_reporting.domain.statistics.hypergeometric import CONFIDENCE, Limits

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    _Floats = npt.NDArray[np.float64]
    _Places = npt.NDArray[np.int64]

MOST_ALLOCATIONS: Final = 10**6
"""How many ways for remarks to lie in the strata are looked into; beyond that the interval is approximate."""

MOST_WORK: Final = 2 * 10**6
"""How many probabilities an interval may take, which is some tenths of a second at worst."""

_NEAR: Final = 1e-9


class Drawn(NamedTuple):
    """One stratum.

    Attributes:
        size: N_h. reviewed: n_h, from 1 to N_h. remarks: x_h.
    """

    size: int
    reviewed: int
    remarks: int


def work_of(strata: Sequence[Drawn]) -> float:
    """Return about how many probabilities an interval takes; infinite beyond ``MOST_ALLOCATIONS``."""
    if math.prod(stratum.size + 1 for stratum in strata) > MOST_ALLOCATIONS:
        return math.inf
    ordered = sorted(strata)
    last = ordered[-1]
    laid_out = math.prod(stratum.size + 1 for stratum in ordered[:-1]) * (last.reviewed + 1)
    tables = sum((stratum.size + 1) * (stratum.reviewed + 1) for stratum in ordered[:-1])
    if _has_table(last):
        return laid_out + tables + (last.size + 1) * (last.reviewed + 1)
    rows = sum(stratum.size for stratum in ordered[:-1]) + 1
    return laid_out + tables + 2 * math.log2(last.size) * rows * (last.reviewed + 1)


@lru_cache(maxsize=1024)
def stratified_limits(strata: tuple[Drawn, ...], confidence: Fraction = CONFIDENCE) -> Limits:
    """Return the exact limits for the number of units with a remark in all strata together.

    Args:
        strata: at least one, each with something reviewed, and of finite ``work_of``; their order leaves no trace.
        confidence: between 0 and 1, both excluded.
    """
    # The largest last: its own dimension is the one that is never laid out in full.
    ordered = sorted(strata)
    tail = (1 - confidence) / 2
    lower = _fewest(ordered, tail)
    # Units without a remark are drawn just as those with one: their fewest are the most with one.
    mirrored = [stratum._replace(remarks=stratum.reviewed - stratum.remarks) for stratum in ordered]
    return Limits(lower, sum(stratum.size for stratum in strata) - _fewest(mirrored, tail))


def _fewest(strata: Sequence[Drawn], tail: Fraction) -> int:
    """Return the smallest A that has an allocation with ``P(T >= t) > tail``.

    The largest such probability never falls as A grows, because no stratum's probability falls as its A_h grows.
    """
    worst = _WorstCase(strata)
    low = sum(stratum.remarks for stratum in strata)
    high = low + sum(stratum.size - stratum.reviewed for stratum in strata)
    while low < high:
        middle = (low + high) // 2
        if worst.is_likelier(middle, tail):
            high = middle
        else:
            low = middle + 1
    return low


class _WorstCase:
    """``P(T >= t)`` by allocation of A to the strata; T is compared as ``sum(weight_h * x_h)`` in whole numbers."""

    def __init__(self, strata: Sequence[Drawn]) -> None:
        multiple = math.lcm(*(stratum.reviewed for stratum in strata))
        self._strata = strata
        self._weights = [stratum.size * (multiple // stratum.reviewed) for stratum in strata]
        self._least = sum(weight * stratum.remarks for weight, stratum in zip(self._weights, strata, strict=True))
        self._others = _laid_out(strata, self._weights, self._least)
        self._elsewhere = _sums([stratum.size for stratum in strata[:-1]])

    def is_likelier(self, marked: int, tail: Fraction) -> bool:
        """Tell whether some allocation of ``marked`` remarks has ``P(T >= t) > tail``."""
        import numpy as np  # noqa: PLC0415 - costs memory, and most processes never need it

        rest = marked - self._elsewhere
        places = np.flatnonzero((rest >= 0) & (rest <= self._strata[-1].size))
        found = np.einsum("ax,ax->a", self._others[places], _rows(self._strata[-1], rest[places]))
        bound = float(tail)
        if found.max() > bound * (1 + _NEAR):
            return True
        return any(self._exactly(int(place), int(rest[place])) > tail for place in places[found > bound * (1 - _NEAR)])

    def _exactly(self, place: int, last: int) -> Fraction:
        """Return ``P(T >= t)`` as the fraction it is, for the allocation at a place and in the last stratum."""
        import numpy as np  # noqa: PLC0415 - see is_likelier

        shape = [stratum.size + 1 for stratum in self._strata[:-1]]
        allocation = [*(int(index) for index in np.unravel_index(place, shape)), last]
        totals = {0: 1}
        for stratum, weight, marked in zip(self._strata, self._weights, allocation, strict=True):
            totals = _extended(totals, stratum, weight, marked)
        ways = sum(count for total, count in totals.items() if total >= self._least)
        return Fraction(ways, math.prod(math.comb(stratum.size, stratum.reviewed) for stratum in self._strata))


def _extended(totals: dict[int, int], stratum: Drawn, weight: int, marked: int) -> dict[int, int]:
    """Return in how many ways each weighted total comes about when one more stratum is drawn."""
    first, last = max(0, stratum.reviewed - (stratum.size - marked)), min(stratum.reviewed, marked)
    extended: dict[int, int] = {}
    for remarks in range(first, last + 1):
        ways = math.comb(marked, remarks) * math.comb(stratum.size - marked, stratum.reviewed - remarks)
        for total, count in totals.items():
            key = total + weight * remarks
            extended[key] = extended.get(key, 0) + count * ways
    return extended


def _laid_out(strata: Sequence[Drawn], weights: Sequence[int], least: int) -> "_Floats":
    """Return ``P(T >= t | x of the last stratum)``, a row for each allocation to the others, a column for each x."""
    import numpy as np  # noqa: PLC0415 - see _WorstCase.is_likelier

    totals = np.zeros((), dtype=np.int64)
    for stratum, weight in zip(strata, weights, strict=True):
        totals = np.add.outer(totals, weight * np.arange(stratum.reviewed + 1, dtype=np.int64))
    found = (totals >= least).astype(np.float64)
    for stratum in strata[:-1]:
        # Draws the first stratum's outcomes together and puts its A_h behind all others.
        found = np.tensordot(found, _table(stratum.size, stratum.reviewed), axes=(0, 1))
    return np.moveaxis(found, 0, -1).reshape(-1, strata[-1].reviewed + 1)


def _has_table(stratum: Drawn) -> bool:
    """Tell whether the probabilities of all A_h are computed once, instead of the needed ones again and again."""
    return (stratum.size + 1) * (stratum.reviewed + 1) <= MOST_ALLOCATIONS


def _rows(stratum: Drawn, marked: "_Places") -> "_Floats":
    """Return ``P(X = x)`` in a stratum, a row for each of the given A_h."""
    if _has_table(stratum):
        return _table(stratum.size, stratum.reviewed)[marked]
    first = int(marked.min())
    return _chances(stratum.size, stratum.reviewed, first, int(marked.max()))[marked - first]


def _sums(sizes: Sequence[int]) -> "_Places":
    """Return the sum of every allocation to strata of these sizes, in the order of ``_laid_out``."""
    import numpy as np  # noqa: PLC0415 - see _WorstCase.is_likelier

    totals = np.zeros((), dtype=np.int64)
    for size in sizes:
        totals = np.add.outer(totals, np.arange(size + 1, dtype=np.int64))
    return totals.reshape(-1)


@lru_cache(maxsize=32)
def _table(size: int, reviewed: int) -> "_Floats":
    """Return ``P(X = x)``, a row for each A from 0 to N, a column for each x from 0 to n."""
    return _chances(size, reviewed, 0, size)


def _chances(size: int, reviewed: int, first: int, last: int) -> "_Floats":
    """Return ``P(X = x)``, a row for each A from ``first`` to ``last``, a column for each x from 0 to n.

    Each from its neighbour's, relative to the largest, so that what is lost does not grow with N.
    """
    import numpy as np  # noqa: PLC0415 - see _WorstCase.is_likelier

    marked = np.arange(first, last + 1, dtype=np.float64)[:, None]
    x = np.arange(reviewed + 1, dtype=np.float64)[None, :]
    others = size - marked - reviewed
    possible = (x <= marked) & (others + x >= 0)
    up = (marked - x[:, :-1]) * (reviewed - x[:, :-1]) / (x[:, :-1] + 1)
    down = others + x[:, 1:]
    both = possible[:, 1:] & possible[:, :-1]
    steps = np.log(np.where(both, up, 1.0)) - np.log(np.where(both, down, 1.0))
    logs = np.zeros(possible.shape)
    np.cumsum(steps, axis=1, out=logs[:, 1:])
    weights: _Floats = np.where(possible, np.exp(logs - logs.max(axis=1, keepdims=True)), 0.0)
    weights /= weights.sum(axis=1, keepdims=True)
    return weights

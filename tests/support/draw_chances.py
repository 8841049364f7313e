"""What simulations of inclusion probabilities share: the seeds, the frame, and how far off the counts may be.

The seeds are SHA-256 of "0", "1", "2" and so on: a list that was written down here before any test was run on it, and
that nobody may choose from. Each test takes it from its start. Each rejects at ALPHA, half of it on either side: counts
that differ too much, and counts that agree too well to be random. A test that fails for a right rule would do so with
that probability, once and for all; then it is reported as what it is, and the list stays.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from hashlib import sha256
from typing import Final

import numpy as np
from scipy.stats import chi2, f

from stickprov_sampler.domain.draw.ticket import ticket

ALPHA: Final = 0.001


def fixed_seeds(count: int) -> list[str]:
    """Return the first seeds of the list."""
    return [sha256(str(number).encode()).hexdigest() for number in range(count)]


def units_called(prefix: str, count: int) -> list[str]:
    """Return pseudonyms."""
    return [sha256(f"{prefix} {number}".encode()).hexdigest() for number in range(count)]


def smallest(seed: str, units: Sequence[str], n: int) -> list[str]:
    """Draw in plain Python: the units with the smallest tickets."""
    return sorted(units, key=lambda unit: ticket(seed, unit))[:n]


def counted(draw: Callable[[str], Iterable[str]], seeds: Sequence[str]) -> dict[str, int]:
    """Return how often each unit is drawn."""
    counts: dict[str, int] = {}
    for seed in seeds:
        for unit in draw(seed):
            counts[unit] = counts.get(unit, 0) + 1
    return counts


def within(statistic: float, freedom: int) -> bool:
    """Tell whether a chi-square statistic is what chance gives."""
    low, high = chi2.ppf([ALPHA / 2, 1 - ALPHA / 2], freedom)
    return bool(low < statistic < high)


def pearson(counts: Sequence[int], chances: Sequence[float]) -> float:
    """Return Pearson's statistic of outcomes that exclude each other; one degree of freedom less than outcomes."""
    total = sum(counts)
    return sum((count - total * p) ** 2 / (total * p) for count, p in zip(counts, chances, strict=True))


def without_replacement(counts: Mapping[str, int], units: Sequence[str], n: int, draws: int) -> float:
    """Return the statistic of how often each of N units came in simple samples of n: N - 1 degrees of freedom.

    A unit's count has variance S p (1 - p), p = n / N, and all counts sum to S n; so their squares over S p (1 - p)
    sum to N on average, and (N - 1) / N of that is chi-square.
    """
    size, p = len(units), n / len(units)
    squares = sum((counts.get(unit, 0) - draws * p) ** 2 for unit in units)
    return squares / (draws * p * (1 - p)) * (size - 1) / size


def as_stated(indicators: np.ndarray, chances: Sequence[float]) -> bool:
    """Tell whether units are in samples as often as some chances say, by Hotelling's T-squared.

    It measures by the indicators' own covariance, for designs that leave no simple one. In samples of a fixed size they
    sum to n, so the last unit is left out: with d = N - 1 others and S draws, (S - d) / (d (S - 1)) T-squared has the
    distribution F(d, S - d).

    Args:
        indicators: a row for each draw, a column for each unit, 1 where it is in.
        chances: of each unit.
    """
    draws, free = indicators.shape[0], indicators.shape[1] - 1
    off = (indicators.mean(axis=0) - np.asarray(chances))[:-1]
    squared = draws * off @ np.linalg.solve(np.cov(indicators[:, :-1], rowvar=False), off)
    low, high = f.ppf([ALPHA / 2, 1 - ALPHA / 2], free, draws - free)
    return bool(low < squared * (draws - free) / (free * (draws - 1)) < high)

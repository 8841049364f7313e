"""Exact inclusion probabilities of Pareto sampling, by integration.

A unit is drawn when fewer than n of the others have a smaller ranking variable (N. Aires, "Algorithms to find exact
inclusion probabilities for conditional Poisson sampling and Pareto pi-ps sampling designs", Methodology and Computing
in Applied Probability 1, 1999). Given the unit's own u, those are independent, each with its own probability, so their
number has a Poisson-binomial distribution, whose integral over u is smooth.
"""

from collections.abc import Sequence
from typing import Final

import numpy as np

_NODES: Final = 200


def exact_inclusion(wanted: Sequence[float], n: int) -> list[float]:
    """Return the inclusion probability of each unit, right to about twelve digits.

    With odds r = λ / (1 - λ), Q = (u / (1 - u)) / r is smaller than q with probability r q / (1 + r q).

    Args:
        wanted: λ of each unit, in (0, 1), summing to n.
        n: how many are drawn.
    """
    nodes, weights = np.polynomial.legendre.leggauss(_NODES)
    u, weights = (nodes + 1) / 2, weights / 2
    odds = np.asarray(wanted) / (1 - np.asarray(wanted))
    return [float(_fewer_than(n, np.delete(odds, unit) / odds[unit], u) @ weights) for unit in range(len(odds))]


def _fewer_than(n: int, ratios: np.ndarray, u: np.ndarray) -> np.ndarray:
    """Return for each u the probability that fewer than n of the others come before the unit."""
    numbers = np.zeros((n, len(u)))
    numbers[0] = 1
    for ratio in ratios:
        before = ratio * u / (1 - u + ratio * u)
        after = numbers * (1 - before)
        after[1:] += numbers[:-1] * before
        numbers = after
    return np.asarray(numbers.sum(axis=0))

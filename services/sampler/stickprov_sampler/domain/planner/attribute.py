"""The smallest sample for a tolerable rate, an expected rate and a risk.

A sample of n with c = ceil(n * expected) allowed deviations will do when at most c deviate with a chance of at most
the risk, where the tolerable rate is just reached (AICPA, Audit Guide Audit Sampling, appendix A; for the finite frame
by the hypergeometric distribution). Within the sizes that allow the same c a larger sample is always surer; from one c
to the next it is not. So each c is looked at by itself, the smallest first.
"""

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from typing import ClassVar, Final

import numpy as np

from stickprov_contracts.http.planning import AttributePlan
from stickprov_sampler.domain.planner.population import NEAR, Population
from stickprov_sampler.domain.problem import OptionError

LARGEST_SAMPLE: Final = 100_000
"""What a larger sample would tell, nobody reviews."""

_AT_ONCE: Final = 512


class RatesTooCloseError(OptionError):
    """The expected rate leaves too little room below the tolerable one."""

    code: ClassVar[str] = "rates-too-close"
    title: ClassVar[str] = "The expected rate is too close to the tolerable one"


def plan_attribute(population: Population, expected: Decimal, risk: Decimal) -> AttributePlan:
    """Return the smallest plan.

    Raises:
        RatesTooCloseError: the expected rate is not below the tolerable one, or no sample of reviewable size will do.
    """
    if expected >= population.tolerable:
        raise RatesTooCloseError.at("expected", "The expected rate should be lower than the tolerable one. Lower it.")
    size, deviating = population.size, population.deviating
    largest = LARGEST_SAMPLE if size is None else min(size, LARGEST_SAMPLE)
    for allowed, least, most in _ranges(population, expected, risk, largest):
        n = smallest(population, allowed, risk, least, most)
        if n is not None:
            return _plan(population, n, allowed)
    if size is not None and deviating is not None and size <= LARGEST_SAMPLE:
        return _plan(population, size, deviating - 1)
    raise RatesTooCloseError.at(
        "tolerable",
        f"With these rates even {LARGEST_SAMPLE} cases would not tell. Raise the tolerable rate, "
        "or lower the expected one.",
    )


def smallest(population: Population, allowed: int, risk: Decimal, least: int, most: int) -> int | None:
    """Return the smallest sample from ``least`` to ``most`` that will do with ``allowed`` deviations, if any does."""
    if least > most or population.exceeds(allowed, most, risk):
        return None
    while least < most:
        middle = (least + most) // 2
        if population.exceeds(allowed, middle, risk):
            least = middle + 1
        else:
            most = middle
    return least


def _ranges(population: Population, expected: Decimal, risk: Decimal, largest: int) -> Iterator[tuple[int, int, int]]:
    """Return each c with the least and the most n that allow it, if the most will do or is close to it."""
    if expected == 0:
        yield 0, 1, largest
        return
    first, most = 1, 0
    while most < largest:
        sizes = [_sizes(allowed, expected, largest) for allowed in range(first, first + _AT_ONCE)]
        chances = population.chances(np.arange(first, first + _AT_ONCE), np.array([most for _, most in sizes]))
        for place in np.flatnonzero(chances <= float(risk) + NEAR):
            yield first + int(place), *sizes[place]
        first, most = first + _AT_ONCE, sizes[-1][1]


def _sizes(allowed: int, expected: Decimal, largest: int) -> tuple[int, int]:
    """Return the least and the most n with ``ceil(n * expected) == allowed``, within what can be drawn."""
    step = 1 / Fraction(expected)
    return int((allowed - 1) * step) + 1, min(int(allowed * step), largest)


def _plan(population: Population, n: int, allowed: int) -> AttributePlan:
    return AttributePlan(
        n=n,
        allowed=allowed,
        deviating=population.deviating,
        risk=float(population.chances([allowed], [n])[0]),
        whole_frame=n == population.size,
    )

"""The exact interval of one large frame, against R's ``hyperMCI`` and against plain test inversion.

``hyperMCI`` is not run: it needs R, and its licence is GPL. What is told of it is its time for a frame of this size as
it was once measured, on another machine. The peer in the same run does what that package does in principle, in scipy's
compiled code: it tries every number of units with a remark that the frame can have. It must find the same limits.
"""

import time
from collections.abc import Callable
from typing import Final

import numpy as np
from scipy.stats import hypergeom

from bench.rounds import parts_of
from bench.table import Row
from stickprov_reporting.domain.statistics.hypergeometric import Limits, exact_limits

SIZE, REVIEWED, REMARKS = 13_350, 668, 134
HYPER_MCI_MILLISECONDS: Final = 11_000.0
ROUNDS: Final = 5
OURS_A_ROUND: Final = 20
_TAIL: Final = 0.025


def run() -> list[Row]:
    """Return the rows on the exact interval."""
    ours, inversion = list[float](), list[float]()
    for _ in range(ROUNDS):
        ours += [_milliseconds(_limits) for _ in range(OURS_A_ROUND)]
        inversion.append(_milliseconds(_inverted))
    if _inverted() != _limits():
        raise AssertionError(f"plain inversion finds {_inverted()}, ours {_limits()}")
    work, rounds = f"exact interval, N = {SIZE:,}", parts_of(ours, parts=ROUNDS)
    quoted = "hyperMCI as measured elsewhere, not run here"
    return [
        Row(work, quoted, "ms", rounds, [HYPER_MCI_MILLISECONDS], "interval", turned=True),
        Row(work, "plain inversion over every A, scipy", "ms", rounds, inversion, turned=True),
    ]


def _limits() -> Limits:
    return exact_limits.__wrapped__(SIZE, REVIEWED, REMARKS)


def _inverted() -> Limits:
    every = np.arange(SIZE + 1)
    at_least = hypergeom.sf(REMARKS - 1, SIZE, every, REVIEWED)
    at_most = hypergeom.cdf(REMARKS, SIZE, every, REVIEWED)
    accepted = every[(at_least > _TAIL) & (at_most > _TAIL)]
    return Limits(int(accepted[0]), int(accepted[-1]))


def _milliseconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return 1000 * (time.perf_counter() - started)

"""Median times of several pieces of work."""

import statistics
import time
from collections.abc import Callable


def medians(*works: Callable[[], object], rounds: int) -> list[float]:
    """Return each work's median time in seconds.

    The rounds are interleaved, so that a busy moment strikes all alike.
    """
    times: list[list[float]] = [[] for _ in works]
    for _ in range(rounds):
        for work, taken in zip(works, times, strict=True):
            start = time.perf_counter()
            work()
            taken.append(time.perf_counter() - start)
    return [statistics.median(taken) for taken in times]

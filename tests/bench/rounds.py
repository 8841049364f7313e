"""Times of several pieces of work, round by round."""

import statistics
import time
from collections.abc import Callable, Sequence


def interleaved(*works: Callable[[], object], rounds: int) -> list[list[float]]:
    """Return each work's times in seconds, one of each round.

    A round does all of them one after another, so that a busy moment strikes all alike.
    """
    times: list[list[float]] = [[] for _ in works]
    for _ in range(rounds):
        for work, taken in zip(works, times, strict=True):
            start = time.perf_counter()
            work()
            taken.append(time.perf_counter() - start)
    return times


def parts_of(found: Sequence[float], share: float = 0.5, parts: int = 5) -> list[float]:
    """Split many figures of one run into parts, in their order, and return what a share of each part stays below.

    Each part then stands for a round; with half, for its median.
    """
    length = len(found) // parts
    if not length:
        raise ValueError(f"{len(found)} figures cannot be split into {parts} parts")
    cut = (sorted(found[part * length : (part + 1) * length]) for part in range(parts))
    return [statistics.median(one) if share == 0.5 else one[int(length * share)] for one in cut]

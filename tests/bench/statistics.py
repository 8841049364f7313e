"""The exact interval of one large frame, against the time that R's ``hyperMCI`` takes for it."""

import statistics
import time

from bench.table import Row
from stickprov_reporting.domain.statistics.hypergeometric import exact_limits

SIZE, REVIEWED, REMARKS = 13_350, 668, 134
PEER_MILLISECONDS = 11_000.0
"""What the peer needed for a frame of this size; it is not run here, because it needs R."""
ROUNDS = 15


def run() -> list[Row]:
    """Return the rows on statistics."""
    found = []
    for _ in range(ROUNDS):
        started = time.perf_counter()
        exact_limits.__wrapped__(SIZE, REVIEWED, REMARKS)
        found.append(1000 * (time.perf_counter() - started))
    ours = statistics.median(found)
    work = f"exact interval, N={SIZE}, hyperMCI / ours"
    return [Row(work, ours, PEER_MILLISECONDS, PEER_MILLISECONDS / ours, ">= 1000", "ms")]

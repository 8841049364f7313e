"""How many cases come from each part of a frame by the rule that a sample names.

What must not break: the numbers are exact. Sainte-Laguë (1910): every part gets one first, then each further case goes
to the greatest ``w / (2 s + 1)``, ties by name, and no part gets more than it holds.
"""

from collections.abc import Mapping
from fractions import Fraction
from heapq import heapify, heappop, heappush
from math import ceil

from stickprov_client.bundle.verifying.draw_log import Fields


def wanted_by_rule(sample: Fields, sizes: Mapping[str, int], handlers: Mapping[str, int]) -> dict[str, int] | None:
    """Return n_h of each part; None where the numbers were given and no rule settles them.

    Args:
        sample: a ``SampleDrawn``.
        sizes: N_h of each part.
        handlers: different handlers in each part.
    """
    by, rule, said = sample["stratified_by"], sample.get("allocation_rule"), sample["drawn"]
    total = sum(sizes.values())
    if sample["design"] == "census":
        return dict(sizes)
    if sample["design"] == "systematic":
        return {"": (total - sample["start"]) // sample["interval"] + 1}
    rate = sample.get("rate")
    n = said if rate is None else ceil(Fraction(str(rate)) * total)
    if not by:
        return {"": n}
    if rule == "per_reviewer":
        return {part: handlers.get(part, 0) for part in sizes}
    if rule in {"proportional", "equal", "neyman"}:
        return _shared_out(n, rule, sizes, sample.get("standard_deviations") or {})
    return None


def every_part_alike(wanted: Mapping[str, int], sizes: Mapping[str, int], *, all_of_fewer: bool) -> bool:
    """Tell whether each part gives the same number: or all it has, where that is allowed and it has fewer."""
    most = max(wanted.values(), default=0)
    if all_of_fewer:
        return all(wanted.get(part, 0) == min(most, size) for part, size in sizes.items())
    return all(wanted.get(part, 0) == most for part in sizes)


def _shared_out(n: int, rule: str, sizes: Mapping[str, int], deviations: Mapping[str, object]) -> dict[str, int]:
    filled = {part: size for part, size in sizes.items() if size}
    weights = {
        part: Fraction(1) if rule == "equal" else size * Fraction(str(deviations.get(part, 1)))
        for part, size in filled.items()
    }
    seats = dict.fromkeys(filled, 1)
    queue = [(-weights[part] / 3, part) for part, size in filled.items() if size > 1]
    heapify(queue)
    for _ in range(n - len(filled)):
        if not queue:
            break
        _, part = heappop(queue)
        seats[part] += 1
        if seats[part] < filled[part]:
            heappush(queue, (-weights[part] / (2 * seats[part] + 1), part))
    return dict.fromkeys(sizes, 0) | seats

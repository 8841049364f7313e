"""Estimates of one outcome over the parts that were simply drawn: intervals, shares, or why there is no interval.

What must not break: limits that are not recomputed are left out, so that whoever compares names them: those over
several parts by the exact method, those of subunits and of cases drawn by size.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from stickprov_client.bundle.verifying.counting import OVER, REVIEWED, DrawFold
from stickprov_client.bundle.verifying.draw_log import MONTH
from stickprov_client.bundle.verifying.limits import Bounds, exact_bounds, sum_bounds

CONFIDENCE: Final = 0.95
STRATIFIED: Final = "stratified-exact"
_EXACT: Final = frozenset({"census", "hypergeometric-exact", STRATIFIED})
_WITH_PARTS: Final = frozenset({"census", "simple", "stratified", "per_group", "systematic", "cluster"})
_BY_SIZE: Final = "pps"

Name = tuple[str, ...]
DRAWN: Final[Name] = ("drawn",)
SEEN: Final[Name] = (REVIEWED,)
OUTSIDE: Final[Name] = (OVER,)
REMARKED: Final[Name] = ("remarks",)
Figures = dict[str, Any]


class Spot(NamedTuple):
    """Where cases are counted."""

    draw: str
    month: str
    stratum: str


@dataclass(frozen=True)
class View:
    """Counts by name and spot, of some draws or a part of them.

    Attributes:
        sizes: N of each spot. counts: by name, then spot.
    """

    draws: Mapping[str, DrawFold]
    sizes: Mapping[Spot, int]
    counts: Mapping[Name, Mapping[Spot, int]]

    def total(self, name: Name) -> int:
        """Return how many there are in all."""
        return sum(self.counts.get(name, {}).values())

    def spots(self) -> set[Spot]:
        """Return every spot with units or counts."""
        return {*self.sizes, *(spot for found in self.counts.values() for spot in found)}

    def split(self, group: Callable[[Spot], Any]) -> dict[Any, "View"]:
        """Part the view by something about its spots, in the order of the parts' names."""
        sizes: dict[Any, dict[Spot, int]] = {}
        counts: dict[Any, dict[Name, dict[Spot, int]]] = {}
        for spot, size in self.sizes.items():
            sizes.setdefault(group(spot), {})[spot] = size
        for name, found in self.counts.items():
            for spot, count in found.items():
                counts.setdefault(group(spot), {}).setdefault(name, {})[spot] = count
        return {key: View(self.draws, sizes.get(key, {}), counts.get(key, {})) for key in sorted({*sizes, *counts})}


class Part(NamedTuple):
    """What was simply drawn: N_h, and what became of its cases.

    Attributes:
        among: reviewed and asked. marked: with the outcome. outside: known not to belong. missing: nothing is known.
    """

    size: int
    among: int
    marked: int
    outside: int
    missing: int

    @property
    def known(self) -> int:
        """Cases of which all is known."""
        return self.among + self.outside

    @property
    def estimate(self) -> float:
        """Estimated number of units with the outcome."""
        return self.size * self.marked / self.known

    @property
    def belonging(self) -> float:
        """Estimated number of units that belong."""
        return self.size * self.among / self.known


class Estimated(NamedTuple):
    """What is recomputed of an estimate; ``told`` is False where nothing is (cases drawn by size)."""

    told: bool
    interval: Figures | None = None
    no_interval: str | None = None
    weighted: float | None = None


def estimated(view: View, marked: Name, among: Name, stored: Mapping[str, Any] | None) -> Estimated:
    """Return the estimate of an outcome.

    Args:
        view: what was drawn and counted.
        marked: name of the outcome.
        among: name of what it is a share of.
        stored: the interval that is compared with: where several parts are open, its method is taken, not its limits.
    """
    reason = _why_not(view)
    if reason is not None:
        return Estimated(told=True, no_interval=reason)
    if any(view.draws[spot.draw].sample["design"] == _BY_SIZE for spot in view.spots()):
        return Estimated(told=False)
    parts = parts_of(view, marked, among)
    weighted = _weighted(parts)
    reason = _not_ready(parts) or _alone(view, parts)
    if reason is not None:
        return Estimated(told=True, no_interval=reason, weighted=weighted)
    method = stored["method"] if stored else None
    return Estimated(told=True, interval=_interval(parts, _taken(view), method), weighted=weighted)


def parts_of(view: View, marked: Name, among: Name) -> list[Part]:
    """Return the parts in the order of their keys."""
    sums: dict[tuple[str, str, str], list[int]] = {}
    for spot in view.spots():
        by = view.draws[spot.draw].sample["stratified_by"]
        month = spot.month if MONTH in by else ""
        stratum = spot.stratum if any(column != MONTH for column in by) else ""
        drawn, seen, outside, belonging, counted = (
            view.counts.get(name, {}).get(spot, 0) for name in (DRAWN, SEEN, OUTSIDE, among, marked)
        )
        known = seen + outside
        row = (view.sizes.get(spot, 0), belonging, counted, known - belonging, drawn - known)
        total = sums.setdefault((spot.draw, month, stratum), [0] * len(row))
        for place, value in enumerate(row):
            total[place] += value
    parts = [Part(*total) for _, total in sorted(sums.items())]
    return [part for part in parts if part.size or part.known or part.missing]


def _why_not(view: View) -> str | None:
    draws = {spot.draw for spot in view.spots()}
    if not draws:
        return "nothing-reviewed"
    if not draws <= view.draws.keys():
        return "sample-unheard"
    designs = {view.draws[draw].sample["design"] for draw in draws}
    if not designs <= {_BY_SIZE, *_WITH_PARTS}:
        return "design-unknown"
    return "mixed-designs" if _BY_SIZE in designs and designs != {_BY_SIZE} else None


def _not_ready(parts: Sequence[Part]) -> str | None:
    if not any(part.among for part in parts):
        return "nothing-reviewed"
    if any(part.known + part.missing > part.size for part in parts):
        return "sample-unheard"
    return None if all(part.known for part in parts) else "part-without-review"


def _alone(view: View, parts: Sequence[Part]) -> str | None:
    groups = any(view.draws[spot.draw].sample["design"] == "per_group" for spot in view.spots())
    still = [part for part in parts if part.known < part.size]
    return "one-per-group" if groups and len(still) > 1 and any(part.known == 1 for part in still) else None


def _taken(view: View) -> list[str]:
    samples = {spot.draw: view.draws[spot.draw].sample for spot in view.sizes}
    systematic = ["systematic-as-simple"] if any(one["design"] == "systematic" for one in samples.values()) else []
    series = [one["series"] for one in samples.values()]
    return [*systematic, *(["draws-independent"] if len(set(series)) < len(series) else [])]


def _weighted(parts: Sequence[Part]) -> float | None:
    if not all(part.known for part in parts):
        return None
    belonging = math.fsum(part.belonging for part in parts)
    return math.fsum(part.estimate for part in parts) / belonging if belonging else None


def _interval(parts: Sequence[Part], taken: Sequence[str], stored: str | None) -> Figures:
    missing = ["missing-at-random"] if any(part.missing for part in parts) else []
    assumptions = [*missing, *taken]
    method, bounds = _bounds(parts, stored)
    exact = method in _EXACT and not assumptions
    figures: Figures = {
        "estimate": math.fsum(part.estimate for part in parts),
        "estimate_share": _weighted(parts) or 0.0,
        "confidence": CONFIDENCE,
        "method": method,
        "exact": exact,
    }
    outside, size = sum(part.outside for part in parts), sum(part.size for part in parts)
    plain = not outside or method == "census"
    figures["share_exact"] = plain and exact
    figures["assumptions"] = assumptions + (["over-coverage-conditioned"] if outside and not plain else [])
    if bounds is not None:
        figures |= {"lower": bounds.lower, "upper": bounds.upper}
    if not plain:
        figures |= _conditioned(parts, figures["estimate_share"])
    elif bounds is not None:
        belongs = size - outside
        figures |= {"lower_share": bounds.lower / belongs, "upper_share": bounds.upper / belongs}
    return figures


def _bounds(parts: Sequence[Part], stored: str | None) -> tuple[str, Bounds | None]:
    still = [part for part in parts if part.known < part.size]
    told = sum(part.marked for part in parts if part.known == part.size)
    if not still:
        return "census", Bounds(told, told, told)
    if len(still) == 1:
        lower, upper = exact_bounds(still[0].size, still[0].known, still[0].marked)
        return "hypergeometric-exact", Bounds(0, told + lower, told + upper)
    if stored == STRATIFIED:
        return STRATIFIED, None
    terms = [Bounds(part.estimate, *exact_bounds(part.size, part.known, part.marked)) for part in parts]
    return "mover-approximate", sum_bounds(terms)


def _conditioned(parts: Sequence[Part], estimate: float) -> Figures:
    """Return the limits of the share of units that belong, given how many of those drawn do not."""
    shares = [_given_outside(part) for part in parts]
    if len(parts) == 1:
        return {"lower_share": shares[0].lower, "upper_share": shares[0].upper}
    weights = [part.belonging for part in parts]
    whole = math.fsum(weights)
    total = sum_bounds(
        [Bounds(*(weight * value / whole for value in share)) for weight, share in zip(weights, shares, strict=True)]
    )
    return {"lower_share": min(total.lower, estimate), "upper_share": max(total.upper, estimate)}


def _given_outside(part: Part) -> Bounds:
    if not part.among:
        return Bounds(0, 0, 1)
    size = part.size - part.outside
    lower, upper = exact_bounds(size, part.among, part.marked)
    return Bounds(part.marked / part.among, lower / size, upper / size)

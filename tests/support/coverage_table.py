"""How often the intervals hold the truth: enumerated where every sample can be looked at, simulated elsewhere.

``make coverage-table`` writes docs/reference/coverage.md. Every figure is the same on every run: simulations begin at
fixed seeds.
"""

import functools
import itertools
import math
import random
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

import numpy as np

from stickprov_reporting.domain.statistics.horvitz_thompson import Weighed, weighed_limits, weighed_units
from stickprov_reporting.domain.statistics.hypergeometric import CONFIDENCE, exact_limits
from stickprov_reporting.domain.statistics.interval import EXACT, interval_of, limits_of
from stickprov_reporting.domain.statistics.mover import Term, mover_difference
from stickprov_reporting.domain.statistics.parts import Part
from stickprov_reporting.domain.statistics.ratio import ClusterPart, ratio_limits
from stickprov_reporting.domain.statistics.stratified import MOST_WORK
from support.reference import ROOT

__all__ = ["EXACT", "PAGE", "QUICK", "table"]

PAGE = ROOT / "docs" / "reference" / "coverage.md"
_ORDER = (
    "hypergeometric-exact",
    "stratified-exact",
    "mover-approximate",
    "ratio-approximate",
    "horvitz-thompson-approximate",
    "difference (MOVER)",
)
DRAWS = 2000
"""Samples of a simulation; its figures are then sure to about one percentage point."""

_HEAD = """# Coverage

How often an interval of 95 % holds the truth. Coverage of 95 % is claimed of the exact methods alone; what the
approximate ones reach is measured here. What each method is: [statistics.md](../architecture/statistics.md). This page
is generated; `make coverage-table` makes it again.

*Enumerated*: every sample that can be drawn, for every way in which remarks can lie in the strata; the lowest coverage
is then the lowest there is. *Simulated*: {draws} draws with fixed seeds from each of six frames, in which 2, 5, 10, 20,
50 and 90 % have a remark; the lowest is that of the worst frame. *Alike* is how many cases' subunits all have the same
outcome, beside those that have it by chance.

| Method | Frame and sample | How | Lowest | Mean | Truths below 95 % |
|---|---|---|---|---|---|
"""


class Coverage(NamedTuple):
    """One line of the table.

    Attributes:
        reached: the coverage of each truth.
    """

    method: str
    design: str
    how: str
    reached: Sequence[float]

    def line(self) -> str:
        below = sum(one < 0.95 - 1e-9 for one in self.reached) / len(self.reached)
        figures = (min(self.reached), math.fsum(self.reached) / len(self.reached), below)
        told = " | ".join(f"{100 * figure:.1f} %" for figure in figures)
        return f"| {self.method} | {self.design} | {self.how} | {told} |"


Line = Callable[[], Coverage]


@functools.lru_cache(maxsize=64)
def chances(size: int, reviewed: int) -> np.ndarray:
    """P(X = x), a row for each A from 0 to N, a column for each x; by counting."""
    whole = math.comb(size, reviewed)
    return np.array(
        [
            [math.comb(a, x) * math.comb(size - a, reviewed - x) / whole for x in range(reviewed + 1)]
            for a in range(size + 1)
        ]
    )


def simple(size: int, reviewed: int) -> Coverage:
    limits = [exact_limits(size, reviewed, x) for x in range(reviewed + 1)]
    holds = np.array([[low <= a <= high for low, high in limits] for a in range(size + 1)])
    reached = (chances(size, reviewed) * holds).sum(axis=1)
    return Coverage("hypergeometric-exact", f"{reviewed} of {size}", "enumerated", [float(one) for one in reached])


def over_strata(method: str, strata: Sequence[tuple[int, int]]) -> Coverage:
    """Enumerate every allocation of remarks to the strata and every outcome."""
    most_work = MOST_WORK if method == "stratified-exact" else 0
    sums = np.zeros((), dtype=int)
    for size, _ in strata:
        sums = np.add.outer(sums, np.arange(size + 1))
    reached = np.zeros(sums.shape)
    for outcome in itertools.product(*(range(reviewed + 1) for _, reviewed in strata)):
        parts = [Part(size, reviewed, x) for (size, reviewed), x in zip(strata, outcome, strict=True)]
        found = limits_of(parts, most_work, CONFIDENCE)
        assert found.method == method
        chance = np.ones(())
        for (size, reviewed), x in zip(strata, outcome, strict=True):
            chance = np.multiply.outer(chance, chances(size, reviewed)[:, x])
        reached += chance * ((found.lower <= sums) & (sums <= found.upper))
    return Coverage(method, _named(strata), "enumerated", [float(one) for one in reached.ravel()])


def over_large_strata(strata: Sequence[tuple[int, int]], shares: Iterable[float]) -> Coverage:
    reached = []
    for share in shares:
        marked = [round(size * share * (0.7 + 0.6 * place / len(strata))) for place, (size, _) in enumerate(strata)]
        chance = random.Random(f"mover {strata} {share}")
        held = 0
        for _ in range(DRAWS):
            parts = [Part(*one, _drawn(chance, *one, a)) for one, a in zip(strata, marked, strict=True)]
            found = limits_of(parts, 0, CONFIDENCE)
            held += found.lower <= sum(marked) <= found.upper
        reached.append(held / DRAWS)
    return Coverage("mover-approximate", _named(strata), "simulated", reached)


def with_over_coverage(size: int, belonging: int, reviewed: int) -> Coverage:
    """The share of units that belong, for every number of them that has a remark."""
    whole = math.comb(size, reviewed)
    reached = []
    for marked in range(belonging + 1):
        held = 0
        for r in range(max(0, reviewed - (size - belonging)), min(belonging, reviewed) + 1):
            outside = math.comb(size - belonging, reviewed - r)
            for x in range(max(0, r - (belonging - marked)), min(marked, r) + 1):
                found = interval_of([Part(size, r, x, reviewed - r)]) if r else None
                if found is None or found.lower_share <= marked / belonging <= found.upper_share:
                    held += math.comb(marked, x) * math.comb(belonging - marked, r - x) * outside
        reached.append(held / whole)
    design = f"{reviewed} of {size}, {size - belonging} of them over-coverage"
    return Coverage("hypergeometric-exact, its share", design, "enumerated", reached)


def difference(first: tuple[int, int], second: tuple[int, int]) -> Coverage:
    """Two simple draws apart, for every pair of truths."""
    truth = np.subtract.outer(np.arange(first[0] + 1) / first[0], np.arange(second[0] + 1) / second[0])
    reached = np.zeros(truth.shape)
    for x, y in itertools.product(range(first[1] + 1), range(second[1] + 1)):
        found = mover_difference(_term(*first, x), _term(*second, y))
        held = (found.lower - 1e-12 <= truth) & (truth <= found.upper + 1e-12)
        reached += np.multiply.outer(chances(*first)[:, x], chances(*second)[:, y]) * held
    design = f"{first[1]} of {first[0]} against {second[1]} of {second[0]}"
    return Coverage("difference (MOVER)", design, "enumerated", [float(one) for one in reached.ravel()])


def clusters(strata: Sequence[tuple[int, int]], shares: Iterable[float], alike: float) -> Coverage:
    """Frames of cases with one to five subunits; ``alike``: how often a case's subunits are all like its first."""
    reached = []
    for share in shares:
        chance = random.Random(f"ratio {strata} {share} {alike}")
        frames = [[_cluster(chance, share, alike) for _ in range(size)] for size, _ in strata]
        truth = sum(y for frame in frames for y, _ in frame) / sum(m for frame in frames for _, m in frame)
        held = 0
        for _ in range(DRAWS):
            drawn = [chance.sample(frame, known) for frame, (_, known) in zip(frames, strata, strict=True)]
            found = ratio_limits([_cluster_part(len(f), d) for f, d in zip(frames, drawn, strict=True)])
            held += found.lower - 1e-12 <= truth <= found.upper + 1e-12
        reached.append(held / DRAWS)
    return Coverage("ratio-approximate", f"{_named(strata)}, alike {alike:.0%}", "simulated", reached)


def by_size(size: int, drawn: int, shares: Iterable[float], *, units: bool) -> Coverage:
    """Payments drawn by amount (Pareto); larger ones are somewhat more often wrong."""
    reached = []
    for share in shares:
        chance = random.Random(f"pps {size} {drawn} {share}")
        amounts = [chance.lognormvariate(0, 0.6) for _ in range(size)]
        wanted = [drawn * amount / math.fsum(amounts) for amount in amounts]
        assert max(wanted) < 1
        marked = [chance.random() < share * (0.7 + 0.6 * (amount > 1)) for amount in amounts]
        truth = sum(marked) / (1 if units else size)
        held = 0
        for _ in range(DRAWS):
            cases = [Weighed(wanted[i], int(marked[i]), 1) for i in _pareto(chance, wanted, drawn)]
            limits = weighed_units if units else weighed_limits
            found = limits({None: cases}, size)
            held += found.lower - 1e-12 <= truth <= found.upper + 1e-12
        reached.append(held / DRAWS)
    of = "number" if units else "share"
    return Coverage(f"horvitz-thompson-approximate, its {of}", f"{drawn} of {size} by amount", "simulated", reached)


def _named(strata: Sequence[tuple[int, int]]) -> str:
    alike = [(one, len(list(group))) for one, group in itertools.groupby(strata)]
    return ", ".join(f"{f'{times} times ' if times > 1 else ''}{n} of {size}" for (size, n), times in alike)


def _drawn(chance: random.Random, size: int, reviewed: int, marked: int) -> int:
    return sum(unit < marked for unit in chance.sample(range(size), reviewed))


def _term(size: int, reviewed: int, x: int) -> Term:
    lower, upper = exact_limits(size, reviewed, x)
    return Term(x / reviewed, lower / size, upper / size)


def _cluster(chance: random.Random, share: float, alike: float) -> tuple[int, int]:
    subunits = chance.choice((1, 1, 2, 2, 3, 4, 5))
    if chance.random() < alike:
        return (subunits if chance.random() < share else 0), subunits
    return sum(chance.random() < share for _ in range(subunits)), subunits


def _cluster_part(size: int, cases: Sequence[tuple[int, int]]) -> ClusterPart:
    y, m = [y for y, _ in cases], [m for _, m in cases]
    products = sum(a * b for a, b in cases)
    return ClusterPart(size, len(cases), sum(y), sum(m), sum(a * a for a in y), sum(b * b for b in m), products)


def _pareto(chance: random.Random, wanted: Sequence[float], drawn: int) -> list[int]:
    """Rosén's order sampling, as the sampler draws."""
    ranks = []
    for place, share in enumerate(wanted):
        u = chance.random()
        ranks.append((u * (1 - share) / (share * (1 - u)), place))
    return [place for _, place in sorted(ranks)[:drawn]]


_MONTHS = ((2663, 156), (2663, 159), (2663, 194))
_UNITS = ((120, 12), (95, 9), (210, 15), (60, 4), (250, 24))
_RARE_TO_COMMON = (0.02, 0.05, 0.1, 0.2, 0.5, 0.9)

QUICK: tuple[Line, ...] = (
    *(functools.partial(simple, *frame) for frame in ((40, 1), (87, 12), (222, 20), (222, 48), (400, 30))),
    *(
        functools.partial(over_strata, "stratified-exact", strata)
        for strata in (
            ((6, 3), (5, 2)),
            ((12, 4), (8, 3)),
            ((40, 1), (40, 1)),
            ((60, 20), (40, 10)),
            ((11, 3), (35, 6), (38, 6)),
        )
    ),
    functools.partial(with_over_coverage, 60, 45, 20),
    *(
        functools.partial(over_strata, "mover-approximate", strata)
        for strata in (((12, 4), (8, 3)), ((60, 20), (40, 10)), ((11, 3), (35, 6), (38, 6)), ((12, 1),) * 3)
    ),
    functools.partial(difference, (60, 15), (50, 10)),
)
"""Enumerations that take a moment, so that a test makes them too."""

SLOW: tuple[Line, ...] = (
    functools.partial(with_over_coverage, 222, 180, 20),
    functools.partial(over_strata, "mover-approximate", ((23, 3), (29, 3), (20, 3), (15, 3))),
    functools.partial(difference, (200, 40), (150, 30)),
    functools.partial(over_large_strata, _MONTHS, _RARE_TO_COMMON),
    functools.partial(over_large_strata, ((400, 20),) * 12, _RARE_TO_COMMON),
    functools.partial(clusters, _UNITS, _RARE_TO_COMMON, 0.0),
    functools.partial(clusters, _UNITS, _RARE_TO_COMMON, 0.6),
    functools.partial(clusters, ((735, 64),), _RARE_TO_COMMON, 0.3),
    functools.partial(clusters, ((60, 8), (80, 6)), _RARE_TO_COMMON, 0.3),
    *(
        functools.partial(by_size, *frame, _RARE_TO_COMMON, units=units)
        for frame in ((1000, 60), (300, 20))
        for units in (True, False)
    ),
)


def table() -> str:
    """Return the page; the lines of one method stand together."""
    lines = sorted((make() for make in (*QUICK, *SLOW)), key=lambda line: _ORDER.index(line.method.partition(",")[0]))
    return _HEAD.format(draws=f"{DRAWS:,}") + "".join(f"{line.line()}\n" for line in lines)


if __name__ == "__main__":
    PAGE.write_text(table(), encoding="utf-8")

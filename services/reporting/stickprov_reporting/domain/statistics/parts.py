"""What was simply drawn: the parts of the frames from each of which cases were drawn with nothing to tell them apart.

A simple draw is one part, and so is a systematic one (as if it were simple) and a census. A stratified draw has a part
for each stratum of it, ``per_group`` for each handler. Cases drawn as clusters are drawn in one of these ways, too.
Given how many cases of a draw fall into some months, they are a simple draw from those months' units; so all of this
holds for the counts of one month alone as well.
"""

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple
from uuid import UUID

from stickprov_contracts.http.statistics import Assumption, NoInterval
from stickprov_reporting.domain.projection.counting import REMARKS, REVIEWED
from stickprov_reporting.domain.projection.stratum import Stratum, StratumKey
from stickprov_reporting.domain.statistics.tally import Basis, Place

_WITH_PARTS: Final = frozenset({"census", "simple", "stratified", "per_group", "systematic", "cluster"})
_KNOWN_PARTS: Final = frozenset({"month", "stratum"})
PPS: Final = "pps"


class Measure(NamedTuple):
    """What is counted and what it is a share of, by their indicators."""

    counted: str
    among: str


REMARKED: Final = Measure(REMARKS, REVIEWED)


class Part(NamedTuple):
    """One part.

    Attributes:
        size: N_h, units. reviewed: those that belong and are reviewed. remarks: x_h, of them.
        outside: drawn and known not to belong, such as over-coverage.
        missing: drawn, and nothing is known of them.
    """

    size: int
    reviewed: int
    remarks: int
    outside: int = 0
    missing: int = 0

    @property
    def known(self) -> int:
        """Return n_h: drawn units of which everything is known."""
        return self.reviewed + self.outside

    @property
    def estimate(self) -> float:
        """Return ``N_h * x_h / n_h``, the estimated number of units with a remark; needs a known one."""
        return self.size * self.remarks / self.known

    @property
    def belonging(self) -> float:
        """Return the estimated number of units that belong; needs a known one."""
        return self.size * self.reviewed / self.known


class PartKey(NamedTuple):
    """Which part; month and stratum are "" where they were not drawn from apart."""

    draw: UUID
    month: str
    stratum: str


def parts_of(basis: Basis, measure: Measure = REMARKED) -> dict[PartKey, Part]:
    """Return the parts in the order of their keys; needs draws that have parts.

    What does not belong is over-coverage, and reviewed cases that the measure's question did not apply to.
    """
    counted, among = basis.values.get(measure.counted, {}), basis.values.get(measure.among, {})
    key_of = part_keys(basis)
    counts: dict[PartKey, list[int]] = {}
    for place, tally in basis.tallies.items():
        known, belonging = tally.reviewed + tally.over_coverage, among.get(place, 0)
        row = (tally.size, belonging, counted.get(place, 0), known - belonging, tally.drawn - known)
        sums = counts.setdefault(key_of[place], [0] * len(row))
        for column, value in enumerate(row):
            sums[column] += value
    parts = {key: Part(*sums) for key, sums in sorted(counts.items())}
    return {key: part for key, part in parts.items() if part.size or part.known or part.missing}


def part_keys(basis: Basis) -> dict[Place, PartKey]:
    """Return the part that each place lies in."""
    by = {key.draw: stratum.stratified_by for key, stratum in basis.strata.items()}
    return {
        place: PartKey(
            place.draw,
            place.month if "month" in by.get(place.draw, ()) else "",
            place.stratum if "stratum" in by.get(place.draw, ()) else "",
        )
        for place in basis.tallies
    }


def designs_of(basis: Basis) -> dict[UUID, str]:
    """Return how each draw was designed; "" while its sample was not heard of."""
    designs = dict.fromkeys((place.draw for place in basis.tallies), "")
    return designs | {key.draw: stratum.design for key, stratum in basis.strata.items()}


def why_not_together(basis: Basis) -> NoInterval | None:
    """Return why the draws have no estimator in common, None if they have one."""
    designs = set(designs_of(basis).values())
    if not designs:
        return "nothing-reviewed"
    if "" in designs:
        return "sample-unheard"
    by = {column for stratum in basis.strata.values() for column in stratum.stratified_by}
    if not (designs <= {PPS, *_WITH_PARTS} and by <= _KNOWN_PARTS):
        return "design-unknown"
    return "mixed-designs" if PPS in designs and designs != {PPS} else None


def assumptions_of(basis: Basis) -> list[Assumption]:
    """Return what is taken for granted of the draws, whatever is counted."""
    found: list[Assumption] = []
    if "systematic" in designs_of(basis).values():
        found.append("systematic-as-simple")
    if may_share_units(basis.strata):
        found.append("draws-independent")
    return found


def may_share_units(strata: Mapping[StratumKey, Stratum]) -> bool:
    """Tell whether several draws are of one series: they may hold the same unit, and have the same seed."""
    draws: dict[UUID, set[UUID]] = {}
    for key, stratum in strata.items():
        if stratum.series is not None:
            draws.setdefault(stratum.series, set()).add(key.draw)
    return any(len(found) > 1 for found in draws.values())


def is_ready(parts: Sequence[Part]) -> NoInterval | None:
    """Return why parts can have no interval yet, None if they can."""
    if not any(part.reviewed for part in parts):
        return "nothing-reviewed"
    if any(part.known + part.missing > part.size for part in parts):
        return "sample-unheard"
    return None if all(part.known for part in parts) else "part-without-review"

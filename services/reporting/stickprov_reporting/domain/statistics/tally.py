"""Counts by draw, month and stratum: what every figure of a statistic is added up from."""

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final, NamedTuple, TypeVar
from uuid import UUID

from stickprov_contracts.events.follow_ups import ControlConcluded
from stickprov_contracts.events.sampler import ControlPointDefined
from stickprov_contracts.questionnaires import Questionnaire
from stickprov_reporting.domain.projection.cell import CATEGORY, DRAWN, REMARKS, REVIEWED, CellKey
from stickprov_reporting.domain.projection.stratum import Stratum, StratumKey
from stickprov_reporting.domain.statistics.mover import Part

_OF_SIMPLE_PARTS: Final = frozenset({"census", "simple", "stratified"})
_KNOWN_PARTS: Final = frozenset({"month", "stratum"})

_Group = TypeVar("_Group", bound=Hashable)


class WeighedCase(NamedTuple):
    """A drawn case of a draw whose cases have chances of their own (``pps``), not one that gave way to a spare.

    Attributes:
        chance: inclusion probability, in (0, 1]; where the sample was extended, that of the newest allocation.
        counts: what the case counts for, by indicator, as it does in cells.
    """

    draw: UUID
    month: str
    unit: str
    stratum: str
    chance: float
    counts: Mapping[str, int]


class Concluded(NamedTuple):
    """What a person concluded; ``version`` is the event's number in its stream."""

    event: ControlConcluded
    version: int


@dataclass(frozen=True, slots=True)
class Basis:
    """What the statistic of one control point is made from. No order in it leaves a trace in the statistic.

    Attributes:
        point: the control point as it is defined now.
        strata, cells: of the draws whose period lies within the date range; of all units.
        questionnaires: newest version, by id, of those that the cells' indicators name.
        conclusions: on this control point, of any period; the newest of each period is told.
        weighed: every case of the draws with design ``pps``, and of no others.
        subunit_sizes: subunits in the frame of a draw, by draw, where the freeze counted them.
        series: of each draw; draws of one series may share units, and seeds.
    """

    point: ControlPointDefined
    strata: Mapping[StratumKey, Stratum]
    cells: Mapping[CellKey, int]
    questionnaires: Mapping[str, Questionnaire] = field(default_factory=dict)
    conclusions: Sequence[Concluded] = ()
    weighed: Sequence[WeighedCase] = ()
    subunit_sizes: Mapping[UUID, int] = field(default_factory=dict)
    series: Mapping[UUID, UUID] = field(default_factory=dict)


class Place(NamedTuple):
    """Where cases are counted."""

    draw: UUID
    month: str
    stratum: str


class Tally(NamedTuple):
    """N, n, reviewed and x of one place or of several together."""

    size: int = 0
    drawn: int = 0
    reviewed: int = 0
    remarks: int = 0


def basis_within(
    point: ControlPointDefined,
    strata: Mapping[StratumKey, Stratum],
    cells: Mapping[CellKey, int],
    start: date,
    end: date,
) -> Basis:
    """Choose from all draws those of a control point whose period lies within ``[start, end)``."""
    chosen = {
        key: stratum
        for key, stratum in strata.items()
        if key.control_point == point.control_point and start <= stratum.start and stratum.end <= end
    }
    draws = {key.draw for key in chosen}
    counted = {
        key: value for key, value in cells.items() if key.control_point == point.control_point and key.draw in draws
    }
    return Basis(point, chosen, counted)


def tallies(basis: Basis) -> dict[Place, Tally]:
    """Return the counts of each draw, month and stratum, the organisational units taken together."""
    counts: dict[Place, dict[str, int]] = {
        Place(key.draw, key.month, key.stratum): {"": stratum.size} for key, stratum in basis.strata.items()
    }
    for key, value in basis.cells.items():
        place = counts.setdefault(Place(key.draw, key.month, key.stratum), {"": 0})
        place[key.indicator] = place.get(key.indicator, 0) + value
    return {
        place: Tally(found[""], found.get(DRAWN, 0), found.get(REVIEWED, 0), found.get(REMARKS, 0))
        for place, found in counts.items()
    }


def together(counts: Iterable[Tally]) -> Tally:
    """Add counts up."""
    columns = list(zip(*counts, strict=True))
    return Tally(*(sum(column) for column in columns)) if columns else Tally()


def grouped(counts: Mapping[Place, Tally], group: Callable[[Place], _Group]) -> dict[_Group, Tally]:
    """Add counts up by something about their place."""
    members: dict[_Group, list[Tally]] = {}
    for place, tally in counts.items():
        members.setdefault(group(place), []).append(tally)
    return {key: together(found) for key, found in members.items()}


def simple_parts(basis: Basis, counts: Mapping[Place, Tally]) -> list[Part]:
    """Return what was simply drawn: a simple draw is one part, a stratified one has a part for each stratum of it.

    Given how many cases of a draw fall into some months, they are a simple draw from those months' units; so this
    holds for the counts of one month alone as well. Nothing is returned when a draw has another design, which needs
    an estimator of its own.
    """
    by = {key.draw: _parted_by(stratum) for key, stratum in basis.strata.items()}

    def part_of(place: Place) -> tuple[UUID, str, str]:
        months, strata = by[place.draw] or (False, False)
        return place.draw, place.month if months else "", place.stratum if strata else ""

    if any(by.get(place.draw) is None for place in counts):
        return []
    # In one order always: sums of floats differ in their last digit with the order, and a replay compares every digit.
    found = sorted(grouped(counts, part_of).items())
    return [Part(tally.size, tally.reviewed, tally.remarks) for _, tally in found if tally.size or tally.drawn]


def _parted_by(stratum: Stratum) -> tuple[bool, bool] | None:
    """Return whether months and whether strata were drawn from apart, None for a draw that has no simple parts."""
    if stratum.design not in _OF_SIMPLE_PARTS or not _KNOWN_PARTS.issuperset(stratum.stratified_by):
        return None
    return "month" in stratum.stratified_by, "stratum" in stratum.stratified_by


def category_counts(basis: Basis) -> dict[str, dict[str, int]]:
    """Return by category of remark and month how many cases carry it."""
    counts: dict[str, dict[str, int]] = {}
    for key, value in basis.cells.items():
        if key.indicator.startswith(CATEGORY):
            months = counts.setdefault(key.indicator.removeprefix(CATEGORY), {})
            months[key.month] = months.get(key.month, 0) + value
    return counts

"""Counts by draw, month and stratum: what every figure of a statistic is added up from."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from typing import Any, Final, NamedTuple, TypeVar
from uuid import UUID

from stickprov_contracts.events.follow_ups import ControlConcluded
from stickprov_contracts.events.sampler import ControlPointDefined
from stickprov_contracts.questionnaires import Questionnaire
from stickprov_reporting.domain.projection.cell import CellKey
from stickprov_reporting.domain.projection.counting import DRAWN, NON_RESPONSE, OVER_COVERAGE, REMARKS, REVIEWED
from stickprov_reporting.domain.projection.stratum import Stratum, StratumKey

COUNTED: Final = (DRAWN, REVIEWED, OVER_COVERAGE, NON_RESPONSE, REMARKS)
"""The indicators behind a ``Tally``, in its order."""

_Group = TypeVar("_Group", bound=Any)


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


class Place(NamedTuple):
    """Where cases are counted."""

    draw: UUID
    month: str
    stratum: str


class Tally(NamedTuple):
    """Counts of cases of one place or of several together: N, n, what became of the n, and x."""

    size: int = 0
    drawn: int = 0
    reviewed: int = 0
    over_coverage: int = 0
    non_response: int = 0
    remarks: int = 0

    @property
    def waiting(self) -> int:
        """Return how many cases are drawn of which nothing is known yet."""
        return self.drawn - self.reviewed - self.over_coverage - self.non_response


@dataclass(frozen=True)
class Basis:
    """What the statistic of one control point is made from. No order in it leaves a trace in the statistic.

    Attributes:
        point: the control point as it is defined now.
        strata, cells: of the draws whose period lies within the date range; of all units.
        questionnaires: newest version, by id, of those that the cells' indicators name.
        conclusions: on this control point, of any period; the newest of each period is told.
        weighed: every case of the draws with design ``pps``, and of no others.
        subunit_sizes: subunits in the frame of a draw, by draw, where the freeze counted them.
    """

    point: ControlPointDefined
    strata: Mapping[StratumKey, Stratum]
    cells: Mapping[CellKey, int]
    questionnaires: Mapping[str, Questionnaire] = field(default_factory=dict)
    conclusions: Sequence[Concluded] = ()
    weighed: Sequence[WeighedCase] = ()
    subunit_sizes: Mapping[UUID, int] = field(default_factory=dict)

    @cached_property
    def values(self) -> dict[str, dict[Place, int]]:
        """Return the cells by indicator and place, the organisational units taken together."""
        values: dict[str, dict[Place, int]] = {}
        for key, value in self.cells.items():
            places = values.setdefault(key.indicator, {})
            place = place_of(key)
            places[place] = places.get(place, 0) + value
        return values

    @cached_property
    def tallies(self) -> dict[Place, Tally]:
        """Return the counts of each draw, month and stratum, the organisational units taken together."""
        sizes = {place_of(key): stratum.size for key, stratum in self.strata.items()}
        places = {*sizes, *(place for found in self.values.values() for place in found)}
        columns = [self.values.get(indicator, {}) for indicator in COUNTED]
        return {place: Tally(sizes.get(place, 0), *(column.get(place, 0) for column in columns)) for place in places}


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


def cases_alone(basis: Basis) -> Basis:
    """Leave out what is counted of answers, categories and subunits, which is most of it."""
    return replace(basis, cells={key: value for key, value in basis.cells.items() if key.indicator in COUNTED})


def split(basis: Basis, group: Callable[[Place], _Group]) -> dict[_Group, Basis]:
    """Part a basis by something about its places; the parts are in the order of their names."""
    strata: dict[_Group, dict[StratumKey, Stratum]] = {}
    cells: dict[_Group, dict[CellKey, int]] = {}
    weighed: dict[_Group, list[WeighedCase]] = {}
    for key, stratum in basis.strata.items():
        strata.setdefault(group(place_of(key)), {})[key] = stratum
    for cell, value in basis.cells.items():
        cells.setdefault(group(place_of(cell)), {})[cell] = value
    for case in basis.weighed:
        weighed.setdefault(group(place_of(case)), []).append(case)
    return {
        name: replace(
            basis,
            strata=strata.get(name, {}),
            cells=cells.get(name, {}),
            weighed=weighed.get(name, []),
            subunit_sizes={},  # a frame's subunits are told for the whole of it
        )
        for name in sorted({*strata, *cells})
    }


def place_of(key: StratumKey | CellKey | WeighedCase) -> Place:
    """Return where something is counted."""
    return Place(key.draw, key.month, key.stratum)


def together(counts: Iterable[Tally]) -> Tally:
    """Add counts up."""
    columns = list(zip(*counts, strict=True))
    return Tally(*(sum(column) for column in columns)) if columns else Tally()


def grouped(counts: Mapping[Place, Tally], group: Callable[[Place], _Group]) -> dict[_Group, Tally]:
    """Add counts up by something about their place; in the order of the groups' names."""
    members: dict[_Group, list[Tally]] = {}
    for place, tally in counts.items():
        members.setdefault(group(place), []).append(tally)
    return {key: together(found) for key, found in sorted(members.items())}

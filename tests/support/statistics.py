"""What a statistic is made from, straight from counts: no events, no projection."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import NamedTuple

from stickprov_contracts.events.sampler import ControlPointDefined
from stickprov_reporting.domain.projection.cell import CellKey
from stickprov_reporting.domain.projection.stratum import Stratum, StratumKey
from stickprov_reporting.domain.statistics.statistic import DateRange
from stickprov_reporting.domain.statistics.tally import Basis, WeighedCase
from support.reporting import POINT, defined, draw_id

EVER = DateRange(date(2000, 1, 1), date(2100, 1, 1))


class Place(NamedTuple):
    """A month and stratum of a draw.

    Attributes:
        size: N. counts: by indicator; ``drawn`` is all that is known when it is left out.
    """

    month: str
    size: int
    counts: Mapping[str, int]
    stratum: str = ""
    unit: str = ""


def place(
    month: str,
    size: int,
    reviewed: int = 0,
    remarks: int = 0,
    *,
    outside: int = 0,
    lacking: int = 0,
    waiting: int = 0,
    stratum: str = "",
    unit: str = "",
    **others: int,
) -> Place:
    """Return a place by what became of its cases; other indicators with ``__`` for ``:`` and ``_`` for ``-``."""
    counts = {
        "drawn": reviewed + outside + lacking + waiting,
        "reviewed": reviewed,
        "over-coverage": outside,
        "non-response": lacking,
        "remarks": remarks,
    }
    counts |= {name.replace("__", ":").replace("_", "-"): count for name, count in others.items()}
    return Place(month, size, {name: count for name, count in counts.items() if count}, stratum, unit)


def drawn(
    name: str,
    places: Sequence[Place],
    *,
    design: str = "simple",
    by: tuple[str, ...] = (),
    series: str | None = None,
    dates: tuple[date, date] | None = None,
) -> Basis:
    """Return the basis of one draw; its dates are those of its months, from the first to the last."""
    months = sorted(one.month for one in places)
    start, end = dates or (_first_day(months[0]), _day_past(months[-1]))
    of = Stratum(0, start, end, design, by, series=draw_id(series or f"series of {name}"))
    strata: dict[StratumKey, Stratum] = {}
    cells: dict[CellKey, int] = {}
    for one in places:
        key = StratumKey(POINT, draw_id(name), one.stratum, one.month)
        strata[key] = of._replace(size=(strata[key].size if key in strata else 0) + one.size)
        for indicator, count in one.counts.items():
            cell = CellKey(POINT, draw_id(name), one.month, one.unit, one.stratum, indicator)
            cells[cell] = cells.get(cell, 0) + count
    return Basis(point(), strata, cells)


def monthly(counts: Iterable[tuple[str, int, int, int]]) -> Basis:
    """Return a simple draw for each month; each is its month, N, n and x."""
    return together(*(drawn(one[0], [place(*one)]) for one in counts))


def together(*bases: Basis) -> Basis:
    """Return one basis of several draws."""
    first = bases[0]
    return replace(
        first,
        strata={key: stratum for basis in bases for key, stratum in basis.strata.items()},
        cells={key: value for basis in bases for key, value in basis.cells.items()},
        weighed=[case for basis in bases for case in basis.weighed],
        subunit_sizes={key: size for basis in bases for key, size in basis.subunit_sizes.items()},
    )


def weighed(name: str, month: str, size: int, cases: Iterable[tuple[float, Mapping[str, int]]]) -> Basis:
    """Return the basis of a draw by size; each case is its chance and what it counts for."""
    found = [WeighedCase(draw_id(name), month, "", "", chance, {"drawn": 1, **counts}) for chance, counts in cases]
    totals: dict[str, int] = {}
    for case in found:
        for indicator, count in case.counts.items():
            totals[indicator] = totals.get(indicator, 0) + count
    basis = drawn(name, [Place(month, size, totals)], design="pps")
    return replace(basis, weighed=found)


def point(**fields: object) -> ControlPointDefined:
    definition = defined()
    assert isinstance(definition, ControlPointDefined)
    return definition.model_copy(update=fields)


def _first_day(month: str) -> date:
    year, number = map(int, month.split("-"))
    return date(year, number, 1)


def _day_past(month: str) -> date:
    year, number = map(int, month.split("-"))
    return date(year + number // 12, number % 12 + 1, 1)

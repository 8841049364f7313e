"""Sizes of what was drawn from, by draw, stratum and month: the N of every share."""

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple
from uuid import UUID

from stickprov_contracts.events.draws import SampleExtended
from stickprov_contracts.events.sampler import Allocation, SampleDrawn


class StratumKey(NamedTuple):
    """One stratum and month of one draw, under one control point that the draw serves."""

    control_point: str
    draw: UUID
    stratum: str
    month: str


class Stratum(NamedTuple):
    """A part of a frame.

    Attributes:
        size: N, units.
        start, end: the draw's period, end excluded. The widest there is while only an extension was heard.
        design: how the draw was designed, such as ``simple``; "" while only an extension was heard.
        stratified_by: what the draw was stratified by: ``month``, ``stratum``, both or nothing.
        drawn: n, by the newest allocation. version: of the draw's stream, where that allocation stands.
        frame: what was drawn from. series: whose draws may share units. None while only an extension was heard.
    """

    size: int
    start: date
    end: date
    design: str
    stratified_by: tuple[str, ...]
    drawn: int = 0
    version: int = 0
    frame: UUID | None = None
    series: UUID | None = None

    def with_other(self, other: "Stratum") -> "Stratum":
        """Return what both tell: the sample's facts, and the newest allocation; whichever was heard first."""
        sample = self if self.design else other
        newest = max(self, other, key=lambda one: (one.version, one.drawn))
        return sample._replace(size=newest.size, drawn=newest.drawn, version=newest.version)


def strata_of(event: SampleDrawn | SampleExtended, version: int = 1) -> dict[StratumKey, Stratum]:
    """Return the parts of the frame that a sample was drawn from, as an event of the draw tells of them."""
    if isinstance(event, SampleExtended):
        unheard = Stratum(0, date.min, date.max, "", ())
        return _parts(event.control_points, event.draw, event.allocation, unheard._replace(version=version))
    # Whatever columns a draw is stratified by beside the month, their values make its stratum.
    by = tuple(dict.fromkeys("month" if column == "month" else "stratum" for column in event.stratified_by))
    sample = Stratum(0, event.period.start, event.period.end, event.design, by, 0, version, event.frame, event.series)
    return _parts(event.control_points, event.draw, event.allocation, sample)


def _parts(points: Iterable[str], draw: UUID, allocation: list[Allocation], of: Stratum) -> dict[StratumKey, Stratum]:
    strata: dict[StratumKey, Stratum] = {}
    for point in dict.fromkeys(points):
        for part in allocation:
            key = StratumKey(point, draw, part.stratum, part.month)
            before = strata.get(key, of)
            strata[key] = before._replace(size=before.size + part.size, drawn=before.drawn + part.drawn)
    return strata

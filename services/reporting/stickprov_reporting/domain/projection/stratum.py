"""Sizes of what was drawn from, by draw, stratum and month: the N of every share."""

from datetime import date
from typing import NamedTuple
from uuid import UUID

from stickprov_contracts.events.sampler import SampleDrawn


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
        start, end: the draw's period, end excluded.
        design: how the draw was designed, such as ``simple``.
        stratified_by: what the draw was stratified by: ``month``, ``stratum``, both or nothing.
    """

    size: int
    start: date
    end: date
    design: str
    stratified_by: tuple[str, ...]


def strata_of(sample: SampleDrawn) -> dict[StratumKey, Stratum]:
    """Return the parts of the frame that a sample was drawn from."""
    strata: dict[StratumKey, Stratum] = {}
    # Whatever columns a draw is stratified by beside the month, their values make its stratum.
    by = tuple(dict.fromkeys("month" if column == "month" else "stratum" for column in sample.stratified_by))
    for point in dict.fromkeys(sample.control_points):
        for part in sample.allocation:
            key = StratumKey(point, sample.draw, part.stratum, part.month)
            before = strata[key].size if key in strata else 0
            strata[key] = Stratum(before + part.size, sample.period.start, sample.period.end, sample.design, by)
    return strata

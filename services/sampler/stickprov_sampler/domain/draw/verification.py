"""Verifying a draw: what the log says of it against what the frame file and the rule give, computed anew.

What must not break: a check is added, never weakened; the first difference is told in words that name the case.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from stickprov_contracts.events.sampler import CaseDrawn, FrameFrozen, SampleDrawn, SeedDrawn, StratumSize
from stickprov_contracts.http.sampler import DrawVerification
from stickprov_sampler.domain.draw.allocation import Plan, StratifyBy, part_of, sizes_of
from stickprov_sampler.domain.draw.drawing import Positions
from stickprov_sampler.domain.draw.selection import Selected, case_drawn, cells_of
from stickprov_sampler.domain.draw.ticket import ticket

_READABLE: Final = "the log has the frame, the seed and the sample, and each can be read"


@dataclass(frozen=True, slots=True)
class Logged:
    """What the log says of a draw."""

    frame: FrameFrozen
    seed: SeedDrawn
    sample: SampleDrawn
    cases: tuple[CaseDrawn, ...]
    positions: Positions


@dataclass(frozen=True, slots=True)
class Recomputed:
    """What the frame file gives.

    Attributes:
        strata: sizes by stratum and month. selected: what the logged seed and allocation select, in order.
    """

    strata: Sequence[StratumSize]
    selected: Sequence[Selected]


def plan_of(sample: SampleDrawn, frame: FrameFrozen) -> Plan:
    """Return the plan that a logged sample says it followed, as far as its frame can have allowed it."""
    by: StratifyBy | None = None
    if sample.design == "stratified":
        by = "month" if sample.stratified_by == ["month"] else "stratum"
    wanted: dict[str, int] = {}
    for cell in sample.allocation:
        part = part_of(by, cell.month, cell.stratum)
        wanted[part] = wanted.get(part, 0) + cell.drawn
    sizes = sizes_of(frame, by)
    return Plan(sample.design, by, sizes, {part: min(count, sizes.get(part, 0)) for part, count in wanted.items()})


def verify(logged: Logged, file_hash: str | None, recompute: Callable[[], Recomputed]) -> DrawVerification:
    """Check a draw, from the frame's hash to the last case.

    Args:
        logged: what the log says.
        file_hash: SHA-256 of the frame file as it lies there now, hex; None when it is gone.
        recompute: repeats the draw from the frame file; called only when the file is the logged one, because
            another file's units prove nothing.
    """
    checks: list[tuple[str, bool]] = []
    first: str | None = None
    for name, difference in _findings(logged, file_hash, recompute):
        checks.append((name, difference is None))
        first = first or difference
    return DrawVerification(
        draw=logged.sample.draw, verdict="different" if first else "verified", first_difference=first, checks=checks
    )


def unreadable(draw: UUID, why: str) -> DrawVerification:
    """Return the verdict on a draw whose events do not even make a draw."""
    return DrawVerification(draw=draw, verdict="different", first_difference=why, checks=[(_READABLE, False)])


def _findings(
    logged: Logged, file_hash: str | None, recompute: Callable[[], Recomputed]
) -> Iterator[tuple[str, str | None]]:
    yield _READABLE, None
    yield "the log names one frame, one seed and one draw throughout", _one_story(logged)
    yield "the frame was in the log before the seed, and the seed before the sample", _in_order(logged)
    yield "the allocation adds up to the sample", _adds_up(logged)
    yield "the frame file is the one whose hash is in the log", _same_file(logged, file_hash)
    if file_hash == logged.frame.frame_hash:  # a check that would prove nothing is left out
        again = recompute()
        sizes = _same_sizes(logged, again)
        yield "the frame file holds the units that the log says", sizes
        if sizes is not None:
            return
        yield "every ticket follows from seed and case", _tickets(logged, again)
        yield "the drawn cases are those with the smallest tickets", _same_cases(logged, again)
        yield "the cases stand in the order of their tickets", _same(logged, again, "order")
        yield "every inclusion probability is n/N of its part", _same(logged, again, "inclusion_probability")
        yield (
            "month, stratum, unit, handler and subunits are the frame's",
            _same(logged, again, "month", "stratum", "unit", "handler", "subunits"),
        )


def _one_story(logged: Logged) -> str | None:
    frame, seed, sample = logged.frame, logged.seed, logged.sample
    for what, said, expected in (
        ("SeedDrawn names frame", seed.frame, frame.frame),
        ("SampleDrawn names frame", sample.frame, frame.frame),
        ("SeedDrawn names frame hash", seed.frame_hash, frame.frame_hash),
        ("SampleDrawn names frame hash", sample.frame_hash, frame.frame_hash),
        ("SampleDrawn names series", sample.series, frame.series),
        ("SampleDrawn names seed", sample.seed, seed.seed),
        ("SampleDrawn names draw", sample.draw, seed.draw),
    ):
        if said != expected:
            return f"{what} {said}, expected {expected}."
    astray = next((case for case in logged.cases if case.draw != sample.draw), None)
    return f"Case {astray.case} names draw {astray.draw}, expected {sample.draw}." if astray else None


def _in_order(logged: Logged) -> str | None:
    frame, seed, sample = logged.positions
    if frame is None or seed is None or sample is None:
        return "The draw has no place in the log yet. Verify it again shortly."
    if logged.seed.frame_position != frame:
        return f"SeedDrawn says the frame is at position {logged.seed.frame_position}, the log has it at {frame}."
    if not frame < seed < sample:
        return f"The log has the frame at position {frame}, the seed at {seed} and the sample at {sample}."
    return None


def _adds_up(logged: Logged) -> str | None:
    sample, found = logged.sample, cells_of(logged.cases)
    sizes = {(cell.month, cell.stratum): cell.size for cell in logged.frame.strata}
    if sizes != {(cell.month, cell.stratum): cell.size for cell in sample.allocation}:
        return "SampleDrawn and FrameFrozen give different sizes by month and stratum."
    for cell in sample.allocation:
        drawn = found.get((cell.month, cell.stratum), 0)
        if drawn != cell.drawn:
            where = f"month {cell.month}" + (f", stratum “{cell.stratum}”" if cell.stratum else "")
            return f"In {where}, {drawn} cases are drawn, and the allocation says {cell.drawn}."
    for what, said, expected in (
        ("n", sample.drawn, len(logged.cases)),
        ("N", sample.size, logged.frame.size),
        ("N", sample.size, sum(sizes.values())),
    ):
        if said != expected:
            return f"SampleDrawn says {what} = {said}, and {expected} are counted."
    return None


def _same_file(logged: Logged, file_hash: str | None) -> str | None:
    if file_hash is None:
        return "The frame file is gone, so nothing can be drawn from it again."
    if file_hash != logged.frame.frame_hash:
        return f"The frame file's SHA-256 is {file_hash}, and the log says {logged.frame.frame_hash}."
    return None


def _same_sizes(logged: Logged, again: Recomputed) -> str | None:
    said = {(cell.month, cell.stratum): cell.size for cell in logged.frame.strata}
    found = {(cell.month, cell.stratum): cell.size for cell in again.strata}
    for month, stratum in sorted(said.keys() | found.keys()):
        here, there = found.get((month, stratum), 0), said.get((month, stratum), 0)
        if here != there:
            return f"Month {month}, stratum “{stratum}”: the file holds {here} units, and the log says {there}."
    return None


def _tickets(logged: Logged, again: Recomputed) -> str | None:
    for unit in again.selected:
        expected = ticket(logged.seed.seed, unit.case)
        if unit.ticket != expected:
            return f"Case {unit.case} has ticket {unit.ticket}, expected {expected}."
    return None


def _same_cases(logged: Logged, again: Recomputed) -> str | None:
    drawn = {case.case for case in logged.cases}
    right = {unit.case for unit in again.selected}
    for unit in again.selected:
        if unit.case not in drawn:
            return f"Case {unit.case} has one of the smallest tickets ({unit.ticket}), and the log does not draw it."
    for case in logged.cases:
        if case.case not in right:
            return f"The log draws case {case.case}, whose ticket is not among the smallest."
    return None


def _same(logged: Logged, again: Recomputed, *fields: str) -> str | None:
    plan = plan_of(logged.sample, logged.frame)
    expected = {unit.case: case_drawn(unit, plan, logged.sample) for unit in again.selected}
    for case in logged.cases:
        right = expected.get(case.case)
        if right is None:
            return f"The log draws case {case.case}, which the rule does not."
        for field in fields:
            said, computed = getattr(case, field), getattr(right, field)
            if said != computed:
                return f"Case {case.case} has {field.replace('_', ' ')} {said}, computed again {computed}."
    return None

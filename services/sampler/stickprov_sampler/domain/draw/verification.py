"""Verifying a draw: what the log says of it against what the frame file and the rule give, computed anew.

What must not break: a check is added, never weakened; the first difference is told in words that name the case.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Literal
from uuid import UUID

from stickprov_contracts.events.draws import CaseReplaced, SampleExtended, SeedCommitted, SeedRevealed
from stickprov_contracts.events.sampler import Allocation, CaseDrawn, FrameFrozen, SampleDrawn, SeedDrawn, StratumSize
from stickprov_contracts.http.sampler import DrawVerification, ExplicitAllocation, MakeDraw, StandardDeviation
from stickprov_sampler.domain.draw.allocation import plan_draw
from stickprov_sampler.domain.draw.commitment import hash_of_seed
from stickprov_sampler.domain.draw.continuing import plan_at, plan_now
from stickprov_sampler.domain.draw.drawing import Positions
from stickprov_sampler.domain.draw.plan import Plan, started
from stickprov_sampler.domain.draw.selection import Selected, case_drawn, cells_of
from stickprov_sampler.domain.draw.state import State
from stickprov_sampler.domain.draw.survey import MONTH, STRATUM, Survey, part_of
from stickprov_sampler.domain.draw.ticket import start_of, ticket
from stickprov_sampler.domain.problem import OptionError

_READABLE: Final = "the log has the frame, the seed and the sample, and each can be read"


@dataclass(frozen=True, slots=True)
class Logged:
    """What the log says of a draw.

    Attributes:
        seed: of the draw alone; else it was committed for the series, and revealed or not.
    """

    frame: FrameFrozen
    seed: SeedDrawn | None
    sample: SampleDrawn
    state: State
    positions: Positions
    commitment: SeedCommitted | None = None
    revelation: SeedRevealed | None = None

    @property
    def cases(self) -> tuple[CaseDrawn, ...]:
        """All cases, spares and extensions included."""
        return self.state.cases

    @property
    def known_seed(self) -> str | None:
        """The seed; None while it is secret."""
        if self.seed is not None:
            return self.seed.seed
        return self.revelation.seed if self.revelation else None


@dataclass(frozen=True, slots=True)
class Recomputed:
    """What the frame file gives.

    Attributes:
        survey: the file in numbers. selected: what the logged seed and allocation select, in order; nothing while the
            seed is secret.
    """

    survey: Survey
    selected: Sequence[Selected]


def plan_of(logged: Logged) -> Plan:
    """Return the plan that a logged draw says it followed, as far as its frame can have allowed it."""
    plan = plan_now(logged.state, logged.sample)
    wanted = {part: min(count, plan.sizes[part]) for part, count in plan.wanted.items()}
    further = {part: min(count, plan.sizes.get(part, 0) - wanted.get(part, 0)) for part, count in plan.further.items()}
    return Plan(**{name: getattr(plan, name) for name in plan.__slots__} | {"wanted": wanted, "further": further})


def request_of(sample: SampleDrawn) -> MakeDraw:
    """Return the request that a sample answers, as its event tells it: the rule is followed again from here."""
    by = list(sample.stratified_by)
    wanted = plan_at(State(), sample, 0).wanted
    stratified = bool(by) and sample.design != "per_group"
    rule = sample.allocation_rule or ("explicit" if stratified else None)
    shared = rule in {"proportional", "equal", "neyman"}
    by_n = shared or (not by and sample.design in {"simple", "cluster", "pps"})
    every = max(wanted.values(), default=0)
    return MakeDraw.model_construct(
        frame=sample.frame,
        design=sample.design,
        n=sample.drawn if by_n and sample.rate is None else None,
        rate=sample.rate if by_n else None,
        stratify_by=by if stratified else None,
        per_stratum=every if rule == "each" and stratified else None,
        allocation=[ExplicitAllocation(stratum=part, n=n) for part, n in wanted.items()] if rule == "explicit" else [],
        allocate=None if rule is None or rule == "each" or rule == "explicit" else rule,  # noqa: PLR1714
        standard_deviations=[
            StandardDeviation(stratum=part, value=value) for part, value in sample.standard_deviations.items()
        ],
        per_group=every if sample.design == "per_group" else None,
        sort_key=sample.sort_key,
        interval=sample.interval,
        size_column=sample.size_column,
    )


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
    verdict: Literal["verified", "different", "pending"] = "pending" if logged.known_seed is None else "verified"
    return DrawVerification(
        draw=logged.sample.draw, verdict="different" if first else verdict, first_difference=first, checks=checks
    )


def unreadable(draw: UUID, why: str) -> DrawVerification:
    """Return the verdict on a draw whose events do not even make a draw."""
    return DrawVerification(draw=draw, verdict="different", first_difference=why, checks=[(_READABLE, False)])


def _findings(
    logged: Logged, file_hash: str | None, recompute: Callable[[], Recomputed]
) -> Iterator[tuple[str, str | None]]:
    yield _READABLE, None
    yield "the log names one frame, one seed and one draw throughout", _one_story(logged)
    if logged.commitment is None:
        yield "the frame was in the log before the seed, and the seed before the sample", _in_order(logged)
    else:
        yield "frame and committed seed were in the log before the sample", _in_order(logged)
        yield "the seed is the one that was committed", _same_seed(logged)
    yield "the allocation adds up to the sample", _adds_up(logged)
    if logged.state.steps:
        yield "spares and extensions fit the draw", _steps_fit(logged)
    yield "the frame file is the one whose hash is in the log", _same_file(logged, file_hash)
    if file_hash != logged.frame.frame_hash:  # a check that would prove nothing is left out
        return
    again = recompute()
    sizes = _same_sizes(logged, again)
    yield "the frame file holds the units that the log says", sizes
    if sizes is not None:
        return
    yield "the allocation follows from its rule", _rule_followed(logged, again)
    if logged.known_seed is None:
        return
    yield "every ticket follows from seed and case", _tickets(logged, again)
    yield _smallest(logged), _same_cases(logged, again)
    yield _ordered(logged), _same(logged, again, "order") or _in_turn(logged)
    yield _chances(logged), _same(logged, again, "inclusion_probability")
    yield (
        "month, stratum, unit, handler and subunits are the frame's",
        _same(logged, again, "month", "stratum", "unit", "handler", "subunits"),
    )


def _smallest(logged: Logged) -> str:
    match logged.sample.design:
        case "systematic":
            return "the drawn cases are those that the start and the interval meet"
        case "pps":
            return "the drawn cases are those with the smallest ranking variables"
        case _:
            return "the drawn cases are those with the smallest tickets"


def _ordered(logged: Logged) -> str:
    by_ticket = logged.sample.design not in {"systematic", "pps"}
    return "the cases stand in the order of their tickets" if by_ticket else "the cases stand in the order of the draw"


def _chances(logged: Logged) -> str:
    match logged.sample.design:
        case "systematic":
            return "every inclusion probability is 1 divided by the interval"
        case "pps":
            return "every inclusion probability is the unit's share of the sizes"
        case _:
            return "every inclusion probability is n/N of its part"


def _one_story(logged: Logged) -> str | None:
    frame, sample = logged.frame, logged.sample
    for what, said, expected in (
        *_seed_story(logged),
        ("SampleDrawn names frame", sample.frame, frame.frame),
        ("SampleDrawn names frame hash", sample.frame_hash, frame.frame_hash),
        ("SampleDrawn names series", sample.series, frame.series),
    ):
        if said != expected:
            return f"{what} {said}, expected {expected}."
    astray = next((case for case in logged.cases if case.draw != sample.draw), None)
    if astray:
        return f"Case {astray.case} names draw {astray.draw}, expected {sample.draw}."
    step = next((step.event for step in logged.state.steps if step.event.draw != sample.draw), None)
    return f"{type(step).__name__} names draw {step.draw}, expected {sample.draw}." if step else None


def _seed_story(logged: Logged) -> list[tuple[str, object, object]]:
    frame, seed, sample = logged.frame, logged.seed, logged.sample
    if seed is not None:
        return [
            ("SeedDrawn names frame", seed.frame, frame.frame),
            ("SeedDrawn names frame hash", seed.frame_hash, frame.frame_hash),
            ("SampleDrawn names seed", sample.seed, seed.seed),
            ("SampleDrawn names draw", sample.draw, seed.draw),
        ]
    if logged.commitment is not None:
        return [
            ("SeedCommitted names series", logged.commitment.series, frame.series),
            ("SampleDrawn names seed", sample.seed, None),
        ]
    return []


def _in_order(logged: Logged) -> str | None:
    frame, seed, sample, _ = logged.positions
    if frame is None or seed is None or sample is None:
        return "The draw has no place in the log yet. Verify it again shortly."
    if logged.seed is None:
        if frame < sample and seed < sample:
            return None
        return f"The log has the frame at position {frame}, the commitment at {seed} and the sample at {sample}."
    if logged.seed.frame_position != frame:
        return f"SeedDrawn says the frame is at position {logged.seed.frame_position}, the log has it at {frame}."
    if not frame < seed < sample:
        return f"The log has the frame at position {frame}, the seed at {seed} and the sample at {sample}."
    return None


def _same_seed(logged: Logged) -> str | None:
    said, revealed = logged.sample.seed_hash, logged.revelation
    if revealed is not None and hash_of_seed(revealed.seed) != said:
        return f"SeedRevealed shows a seed with hash {hash_of_seed(revealed.seed)}, and {said} was committed."
    return None


def _adds_up(logged: Logged) -> str | None:
    sample, first = logged.sample, logged.state.first_cases
    found = cells_of(first)
    difference = _same_frame_sizes(logged)
    if difference is not None:
        return difference
    for cell in sample.allocation:
        drawn = found.get((cell.month, cell.stratum), 0)
        if drawn != cell.drawn:
            where = f"month {cell.month}" + (f", stratum “{cell.stratum}”" if cell.stratum else "")
            return f"In {where}, {drawn} cases are drawn, and the allocation says {cell.drawn}."
    for what, said, expected in (
        ("n", sample.drawn, len(first)),
        ("N", sample.size, logged.frame.size),
        ("N", sample.size, sum(cell.size for cell in sample.allocation)),
    ):
        if said != expected:
            return f"SampleDrawn says {what} = {said}, and {expected} are counted."
    return None


def _same_frame_sizes(logged: Logged) -> str | None:
    """Compare with the frame's event: by month and stratum, or by month when the strata are the draw's own."""
    own = not set(logged.sample.stratified_by) <= {MONTH, STRATUM}
    sides: list[dict[tuple[str, str], int]] = [{}, {}]
    told: list[Sequence[StratumSize | Allocation]] = [logged.frame.strata, logged.sample.allocation]
    for side, cells in zip(sides, told, strict=True):
        for cell in cells:
            key = cell.month, "" if own else cell.stratum
            side[key] = side.get(key, 0) + cell.size
    if sides[0] != sides[1]:
        return f"SampleDrawn and FrameFrozen give different sizes by month{'' if own else ' and stratum'}."
    return None


def _steps_fit(logged: Logged) -> str | None:
    state, sample = logged.state, logged.sample
    out: set[str] = set()
    for number, (step, end) in enumerate(state.spans()):
        event, came = step.event, state.cases[step.before : end]
        before = {case.case: case for case in state.cases[: step.before]}
        if isinstance(event, CaseReplaced):
            case = before.get(event.case)
            if case is None or event.case in out:
                return f"CaseReplaced takes out case {event.case}, which is not in the draw then."
            if (case.month, case.stratum) != (event.month, event.stratum):
                return f"CaseReplaced gives case {event.case} another month or stratum than it has."
            if [spare.case for spare in came] != [event.replacement]:
                return f"CaseReplaced names spare {event.replacement}, and {len(came)} other cases follow."
            by = sample.stratified_by
            if part_of(by, came[0].month, came[0].stratum) != part_of(by, case.month, case.stratum):
                return f"Spare {event.replacement} is of another stratum than case {event.case}."
            out.add(event.case)
        else:
            difference = _extension_fits(logged, number, event, came)
            if difference:
                return difference
    return None


def _extension_fits(logged: Logged, number: int, event: SampleExtended, came: Sequence[CaseDrawn]) -> str | None:
    if len(came) != event.added:
        return f"SampleExtended says that {event.added} cases are added, and {len(came)} follow."
    earlier = [step.event for step in logged.state.steps[:number] if isinstance(step.event, SampleExtended)]
    before = earlier[-1] if earlier else logged.sample
    expected = {(cell.month, cell.stratum): cell.drawn for cell in before.allocation}
    for cell, count in cells_of(came).items():
        expected[cell] = expected.get(cell, 0) + count
    if event.drawn != before.drawn + event.added or expected != {
        (cell.month, cell.stratum): cell.drawn for cell in event.allocation
    }:
        return f"The allocation of SampleExtended is not what was drawn before with the {event.added} added cases."
    return None


def _same_file(logged: Logged, file_hash: str | None) -> str | None:
    if file_hash is None:
        return "The frame file is gone, so nothing can be drawn from it again."
    if file_hash != logged.frame.frame_hash:
        return f"The frame file's SHA-256 is {file_hash}, and the log says {logged.frame.frame_hash}."
    return None


def _same_sizes(logged: Logged, again: Recomputed) -> str | None:
    said = {(cell.month, cell.stratum): cell.size for cell in logged.sample.allocation if cell.size}
    found = {(cell.month, cell.stratum): cell.size for cell in again.survey.cells if cell.size}
    for month, stratum in sorted(said.keys() | found.keys()):
        here, there = found.get((month, stratum), 0), said.get((month, stratum), 0)
        if here != there:
            return f"Month {month}, stratum “{stratum}”: the file holds {here} units, and the log says {there}."
    return None


def _rule_followed(logged: Logged, again: Recomputed) -> str | None:
    sample, survey = logged.sample, again.survey
    try:
        plan = plan_draw(request_of(sample), logged.frame, survey)
    except OptionError as error:
        return f"The design that the log says cannot be followed: {error.detail}"
    if sample.interval is not None and logged.known_seed is not None:
        start = start_of(logged.known_seed, sample.interval)
        if sample.start != start:
            return f"SampleDrawn says start = {sample.start}, and the seed gives {start}."
    plan = started(plan, sample.start) if sample.start is not None else plan
    said = plan_at(State(), sample, 0)
    for part in sorted(plan.wanted.keys() | said.wanted.keys()):
        wanted, logged_n = plan.wanted.get(part, 0), said.wanted.get(part, 0)
        if wanted != logged_n:
            where = f"from “{part}”" if part else "in all"
            return f"The allocation says {logged_n} {where}, and its rule gives {wanted}."
    if dict(plan.handlers) != dict(sample.handlers):
        return "SampleDrawn gives the strata other numbers of handlers than the frame file has."
    return None


def _tickets(logged: Logged, again: Recomputed) -> str | None:
    for unit in again.selected:
        expected = ticket(logged.known_seed or "", unit.case)
        if unit.ticket != expected:
            return f"Case {unit.case} has ticket {unit.ticket}, expected {expected}."
    return None


def _same_cases(logged: Logged, again: Recomputed) -> str | None:
    drawn = {case.case for case in logged.cases}
    right = {unit.case for unit in again.selected}
    by_ticket = logged.sample.design not in {"systematic", "pps"}
    for unit in again.selected:
        if unit.case not in drawn:
            why = f"has one of the smallest tickets ({unit.ticket})" if by_ticket else "is one that the rule selects"
            return f"Case {unit.case} {why}, and the log does not draw it."
    for case in logged.cases:
        if case.case not in right:
            why = "whose ticket is not among the smallest" if by_ticket else "which the rule does not select"
            return f"The log draws case {case.case}, {why}."
    return None


def _in_turn(logged: Logged) -> str | None:
    """Check that within each part cases came one after the other, whatever they came for."""
    newest: dict[str, int] = {}
    for case in logged.cases:
        part = part_of(logged.sample.stratified_by, case.month, case.stratum)
        if case.order != newest.get(part, 0) + 1:
            return f"Case {case.case} came as number {case.order} of its part, after number {newest.get(part, 0)}."
        newest[part] = case.order
    return None


def _same(logged: Logged, again: Recomputed, *fields: str) -> str | None:
    selected = {unit.case: unit for unit in again.selected}
    steps = 0
    plan = plan_at(logged.state, logged.sample, steps)
    for place, case in enumerate(logged.cases):
        while steps < len(logged.state.steps) and logged.state.steps[steps].before <= place:
            steps += 1
            plan = plan_at(logged.state, logged.sample, steps)
        unit = selected.get(case.case)
        if unit is None:
            return f"The log draws case {case.case}, which the rule does not."
        right = case_drawn(unit, plan, logged.sample)
        for field in fields:
            said, computed = getattr(case, field), getattr(right, field)
            if said != computed:
                return f"Case {case.case} has {field.replace('_', ' ')} {said}, computed again {computed}."
    return None

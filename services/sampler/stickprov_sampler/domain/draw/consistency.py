"""The log against itself: whether the events of a draw tell one story, in the right order, with sums that add up."""

from collections.abc import Iterator, Sequence

from stickprov_contracts.events.draws import CaseReplaced, SampleExtended
from stickprov_contracts.events.sampler import Allocation, CaseDrawn, SampleDrawn, StratumSize
from stickprov_sampler.domain.draw.commitment import hash_of_seed
from stickprov_sampler.domain.draw.differences import Check, Difference, Field, Told, differs
from stickprov_sampler.domain.draw.logged import Logged
from stickprov_sampler.domain.draw.selection import cells_of
from stickprov_sampler.domain.draw.survey import MONTH, STRATUM, part_of
from stickprov_sampler.domain.draw.ticket import ALGORITHM


def checked_in_itself(logged: Logged) -> Iterator[tuple[Check, Difference | None]]:
    """Return what can be checked without the frame file, each with its difference if there is one."""
    yield Check.READABLE, None
    yield Check.ONE_STORY, _one_story(logged)
    if logged.commitment is None:
        yield Check.IN_ORDER, _in_order(logged)
    else:
        yield Check.COMMITTED_IN_ORDER, _in_order(logged)
        yield Check.COMMITTED_SEED, _committed_seed(logged)
    yield Check.ADDS_UP, _adds_up(logged)
    if logged.state.steps:
        yield Check.STEPS_FIT, _steps_fit(logged)


def checked_by_hash(logged: Logged) -> Iterator[tuple[Check, Difference | None]]:
    """Return whether the events are those that were chained. Last of all, because it does not tell what was altered."""
    altered = logged.altered
    if altered is None:
        yield Check.UNALTERED, None
    else:
        yield (
            Check.UNALTERED,
            differs(Told.ALTERED, number=altered.number, stream=altered.stream, type=altered.type),
        )


def _one_story(logged: Logged) -> Difference | None:
    frame, sample = logged.frame, logged.sample
    for event, field, said, expected in (
        *_seed_story(logged),
        ("SampleDrawn", Field.FRAME, sample.frame, frame.frame),
        ("SampleDrawn", Field.FRAME_HASH, sample.frame_hash, frame.frame_hash),
        ("SampleDrawn", Field.SERIES, sample.series, frame.series),
        ("SampleDrawn", Field.PERIOD, sample.period, frame.period),
        ("SampleDrawn", Field.ALGORITHM, sample.algorithm, ALGORITHM),
        *((type(step.event).__name__, Field.DRAW, step.event.draw, sample.draw) for step in logged.state.steps),
    ):
        if said != expected:
            return differs(Told.ANOTHER, event=event, field=field, found=said, expected=expected)
    return next((difference for case in logged.cases if (difference := _of_sample(case, sample)) is not None), None)


def _of_sample(case: CaseDrawn, sample: SampleDrawn) -> Difference | None:
    for field, said, expected in (
        (Field.DRAW, case.draw, sample.draw),
        (Field.CONTROL_POINTS, case.control_points, sample.control_points),
        (Field.PERIOD, case.period, sample.period),
    ):
        if said != expected:
            return differs(Told.ANOTHER_OF_CASE, case=case.case, field=field, found=said, expected=expected)
    return None


def _seed_story(logged: Logged) -> list[tuple[str, Field, object, object]]:
    frame, seed, sample = logged.frame, logged.seed, logged.sample
    if seed is not None:
        return [
            ("SeedDrawn", Field.FRAME, seed.frame, frame.frame),
            ("SeedDrawn", Field.FRAME_HASH, seed.frame_hash, frame.frame_hash),
            ("SampleDrawn", Field.SEED, sample.seed, seed.seed),
            ("SampleDrawn", Field.DRAW, sample.draw, seed.draw),
        ]
    if logged.commitment is not None:
        return [
            ("SeedCommitted", Field.SERIES, logged.commitment.series, frame.series),
            ("SampleDrawn", Field.SEED, sample.seed, None),
        ]
    return []


def _in_order(logged: Logged) -> Difference | None:
    frame, seed, sample, _ = logged.positions
    if frame is None or seed is None or sample is None:
        return differs(Told.NOT_PLACED)
    if logged.seed is None:
        if frame < sample and seed < sample:
            return None
        return differs(Told.COMMITTED_OUT_OF_ORDER, frame=frame, seed=seed, sample=sample)
    if logged.seed.frame_position != frame:
        return differs(Told.FRAME_ELSEWHERE, said=logged.seed.frame_position, found=frame)
    if not frame < seed < sample:
        return differs(Told.OUT_OF_ORDER, frame=frame, seed=seed, sample=sample)
    return None


def _committed_seed(logged: Logged) -> Difference | None:
    said, revealed = logged.sample.seed_hash, logged.revelation
    if revealed is not None and hash_of_seed(revealed.seed) != said:
        return differs(Told.ANOTHER_SEED, found=hash_of_seed(revealed.seed), expected=said)
    return None


def _adds_up(logged: Logged) -> Difference | None:
    sample, first = logged.sample, logged.state.first_cases
    found = cells_of(first)
    difference = _sizes_of_frame(logged)
    if difference is not None:
        return difference
    for cell in sample.allocation:
        drawn = found.get((cell.month, cell.stratum), 0)
        if drawn != cell.drawn:
            text = Told.STRATUM_DOES_NOT_ADD_UP if cell.stratum else Told.MONTH_DOES_NOT_ADD_UP
            return differs(text, month=cell.month, stratum=cell.stratum, found=drawn, said=cell.drawn)
    for what, said, counted in (
        ("n", sample.drawn, len(first)),
        ("N", sample.size, logged.frame.size),
        ("N", sample.size, sum(cell.size for cell in sample.allocation)),
    ):
        if said != counted:
            return differs(Told.MISCOUNTED, what=what, said=said, found=counted)
    return None


def _sizes_of_frame(logged: Logged) -> Difference | None:
    """Compare with the frame's event: by month and stratum, or by month when the strata are the draw's own."""
    own = not set(logged.sample.stratified_by) <= {MONTH, STRATUM}
    sides: list[dict[tuple[str, str], int]] = [{}, {}]
    told: list[Sequence[StratumSize | Allocation]] = [logged.frame.strata, logged.sample.allocation]
    for side, cells in zip(sides, told, strict=True):
        for cell in cells:
            key = cell.month, "" if own else cell.stratum
            side[key] = side.get(key, 0) + cell.size
    if sides[0] == sides[1]:
        return None
    return differs(Told.OTHER_MONTHS if own else Told.OTHER_STRATA)


def _steps_fit(logged: Logged) -> Difference | None:
    state = logged.state
    out: set[str] = set()
    for number, (step, end) in enumerate(state.spans()):
        event, came = step.event, state.cases[step.before : end]
        if isinstance(event, CaseReplaced):
            difference = _replacement_fits(logged, event, state.cases[: step.before], came, out)
            out.add(event.case)
        else:
            difference = _extension_fits(logged, number, event, came)
        if difference is not None:
            return difference
    return None


def _replacement_fits(
    logged: Logged, event: CaseReplaced, before: Sequence[CaseDrawn], came: Sequence[CaseDrawn], out: set[str]
) -> Difference | None:
    case = next((one for one in before if one.case == event.case), None)
    if case is None or event.case in out:
        return differs(Told.REPLACED_UNKNOWN, case=event.case)
    if (case.month, case.stratum) != (event.month, event.stratum):
        return differs(Told.REPLACED_ELSEWHERE, case=event.case)
    if [spare.case for spare in came] != [event.replacement]:
        return differs(Told.ANOTHER_SPARE, case=event.replacement, found=len(came))
    by = logged.sample.stratified_by
    if part_of(by, came[0].month, came[0].stratum) != part_of(by, case.month, case.stratum):
        return differs(Told.SPARE_ELSEWHERE, spare=event.replacement, case=event.case)
    return None


def _extension_fits(logged: Logged, number: int, event: SampleExtended, came: Sequence[CaseDrawn]) -> Difference | None:
    if len(came) != event.added:
        return differs(Told.EXTENDED_BY_OTHERS, said=event.added, found=len(came))
    earlier = [step.event for step in logged.state.steps[:number] if isinstance(step.event, SampleExtended)]
    before = earlier[-1] if earlier else logged.sample
    expected = {(cell.month, cell.stratum): cell.drawn for cell in before.allocation}
    for cell, count in cells_of(came).items():
        expected[cell] = expected.get(cell, 0) + count
    if event.drawn != before.drawn + event.added or expected != {
        (cell.month, cell.stratum): cell.drawn for cell in event.allocation
    }:
        return differs(Told.EXTENSION_DOES_NOT_ADD_UP, added=event.added)
    return None

"""The log against the frame file: whether the same design, seed and rule select the same cases from it again."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from stickprov_sampler.domain.draw.allocation import plan_draw
from stickprov_sampler.domain.draw.continuing import plan_at
from stickprov_sampler.domain.draw.differences import Check, Difference, Field, Told, differs
from stickprov_sampler.domain.draw.logged import Logged, request_of
from stickprov_sampler.domain.draw.plan import started
from stickprov_sampler.domain.draw.selection import Selected, case_drawn
from stickprov_sampler.domain.draw.state import State
from stickprov_sampler.domain.draw.survey import Survey, part_of
from stickprov_sampler.domain.draw.ticket import start_of, ticket
from stickprov_sampler.domain.problem import OptionError

_OF_UNIT: Final = (Field.MONTH, Field.STRATUM, Field.UNIT, Field.HANDLER, Field.SUBUNITS)


@dataclass(frozen=True, slots=True)
class Recomputed:
    """What the frame file gives.

    Attributes:
        survey: the file in numbers. selected: what the logged seed and allocation select, in order; nothing while the
            seed is secret.
    """

    survey: Survey
    selected: Sequence[Selected]


def checked_by_drawing_again(
    logged: Logged, file_hash: str | None, recompute: Callable[[], Recomputed]
) -> Iterator[tuple[Check, Difference | None]]:
    """Return what is checked against the frame file, each with its difference if there is one."""
    yield Check.SAME_FILE, _same_file(logged, file_hash)
    if file_hash != logged.frame.frame_hash:  # a check that would prove nothing is left out
        return
    again = recompute()
    sizes = _same_sizes(logged, again)
    yield Check.SAME_SIZES, sizes
    if sizes is not None:
        return
    yield Check.RULE_FOLLOWED, _rule_followed(logged, again)
    if logged.known_seed is None:
        return
    yield Check.TICKETS, _tickets(logged, again)
    selection, order, chance = _of_design(logged)
    yield selection, _same_cases(logged, again)
    yield order, _same(logged, again, Field.ORDER) or _in_turn(logged)
    yield chance, _same(logged, again, Field.INCLUSION_PROBABILITY)
    yield Check.UNITS, _same(logged, again, *_OF_UNIT)


def _of_design(logged: Logged) -> tuple[Check, Check, Check]:
    match logged.sample.design:
        case "systematic":
            return Check.MET_BY_INTERVAL, Check.DRAW_ORDER, Check.CHANCE_OF_INTERVAL
        case "pps":
            return Check.SMALLEST_RANKING, Check.DRAW_ORDER, Check.CHANCE_OF_SIZE
        case _:
            return Check.SMALLEST_TICKETS, Check.TICKET_ORDER, Check.CHANCE_OF_PART


def _same_file(logged: Logged, file_hash: str | None) -> Difference | None:
    if file_hash is None:
        return differs(Told.FILE_GONE)
    if file_hash != logged.frame.frame_hash:
        return differs(Told.ANOTHER_FILE, found=file_hash, said=logged.frame.frame_hash)
    return None


def _same_sizes(logged: Logged, again: Recomputed) -> Difference | None:
    said = {(cell.month, cell.stratum): cell.size for cell in logged.sample.allocation if cell.size}
    found = {(cell.month, cell.stratum): cell.size for cell in again.survey.cells if cell.size}
    for month, stratum in sorted(said.keys() | found.keys()):
        here, there = found.get((month, stratum), 0), said.get((month, stratum), 0)
        if here != there:
            return differs(Told.OTHER_UNITS, month=month, stratum=stratum, found=here, said=there)
    return None


def _rule_followed(logged: Logged, again: Recomputed) -> Difference | None:
    sample = logged.sample
    try:
        plan = plan_draw(request_of(sample), logged.frame, again.survey)
    except OptionError as error:
        return differs(Told.NO_DESIGN, why=error.detail)
    if sample.interval is not None and logged.known_seed is not None:
        start = start_of(logged.known_seed, sample.interval)
        if sample.start != start:
            return differs(Told.ANOTHER_START, said=sample.start, found=start)
    plan = started(plan, sample.start) if sample.start is not None else plan
    said = plan_at(State(), sample, 0)
    for part in sorted(plan.wanted.keys() | said.wanted.keys()):
        wanted, logged_n = plan.wanted.get(part, 0), said.wanted.get(part, 0)
        if wanted != logged_n:
            text = Told.ANOTHER_N_OF_PART if part else Told.ANOTHER_N
            return differs(text, said=logged_n, part=part, found=wanted)
    if dict(plan.handlers) != dict(sample.handlers):
        return differs(Told.OTHER_HANDLERS)
    return None


def _tickets(logged: Logged, again: Recomputed) -> Difference | None:
    for unit in again.selected:
        expected = ticket(logged.known_seed or "", unit.case)
        if unit.ticket != expected:
            return differs(Told.ANOTHER_TICKET, case=unit.case, found=unit.ticket, expected=expected)
    return None


def _same_cases(logged: Logged, again: Recomputed) -> Difference | None:
    drawn = {case.case for case in logged.cases}
    right = {unit.case for unit in again.selected}
    by_ticket = logged.sample.design not in {"systematic", "pps"}
    for unit in again.selected:
        if unit.case not in drawn:
            text = Told.LEFT_OUT_OF_TICKETS if by_ticket else Told.LEFT_OUT_OF_RULE
            return differs(text, case=unit.case, ticket=unit.ticket)
    for case in logged.cases:
        if case.case not in right:
            return differs(Told.NOT_AMONG_TICKETS if by_ticket else Told.NOT_OF_RULE, case=case.case)
    return None


def _in_turn(logged: Logged) -> Difference | None:
    """Check that within each part cases came one after the other, whatever they came for."""
    newest: dict[str, int] = {}
    for case in logged.cases:
        part = part_of(logged.sample.stratified_by, case.month, case.stratum)
        before = newest.get(part, 0)
        if case.order != before + 1:
            return differs(Told.OUT_OF_TURN, case=case.case, order=case.order, before=before)
        newest[part] = case.order
    return None


def _same(logged: Logged, again: Recomputed, *fields: Field) -> Difference | None:
    selected = {unit.case: unit for unit in again.selected}
    steps = 0
    plan = plan_at(logged.state, logged.sample, steps)
    for place, case in enumerate(logged.cases):
        while steps < len(logged.state.steps) and logged.state.steps[steps].before <= place:
            steps += 1
            plan = plan_at(logged.state, logged.sample, steps)
        unit = selected.get(case.case)
        if unit is None:
            return differs(Told.NOT_OF_RULE, case=case.case)
        right = case_drawn(unit, plan, logged.sample)
        for field in fields:
            name = field.replace(" ", "_")
            said, computed = getattr(case, name), getattr(right, name)
            if said != computed:
                return differs(Told.ANOTHER_VALUE, case=case.case, field=field, found=said, expected=computed)
    return None

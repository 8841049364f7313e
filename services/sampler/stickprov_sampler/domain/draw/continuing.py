"""What may happen to a draw after it was made: it is extended, or a case gives way to a spare.

What must not break: every further case is the next ticket of its part, whatever it is drawn for; so the cases of a part
are always its smallest tickets, and anybody can draw them again.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import ClassVar

from stickprov_contracts.events.draws import CaseReplaced, SampleExtended
from stickprov_contracts.events.sampler import CaseDrawn, SampleDrawn
from stickprov_contracts.http.draws import ExtendDraw, ReplaceCase
from stickprov_contracts.problems import FieldProblem
from stickprov_kernel.errors import ConflictError, NotFoundError
from stickprov_kernel.notes.note import Note
from stickprov_sampler.domain.draw.plan import Plan
from stickprov_sampler.domain.draw.refusals import AllocationError, DesignError
from stickprov_sampler.domain.draw.selection import Selected, allocation_of, case_drawn
from stickprov_sampler.domain.draw.state import State
from stickprov_sampler.domain.draw.survey import WHOLE_FRAME, Cell, part_of


class CaseUnknownError(NotFoundError):
    """The draw has no such case."""

    code: ClassVar[str] = "case-unknown"
    title: ClassVar[str] = "The draw has no such case"


class AlreadyReplacedError(ConflictError):
    """The case has given way to a spare already."""

    code: ClassVar[str] = "already-replaced"
    title: ClassVar[str] = "The case is replaced already"


class NoSpareError(ConflictError):
    """Every unit of the part is drawn."""

    code: ClassVar[str] = "no-spare"
    title: ClassVar[str] = "There is no spare left"


def plan_now(state: State, sample: SampleDrawn) -> Plan:
    """Return the plan of a logged draw with its extensions, and its spares as further cases."""
    return plan_at(state, sample, len(state.steps))


def plan_at(state: State, sample: SampleDrawn, steps: int) -> Plan:
    """Return the plan of a logged draw after so many of its steps."""
    by = tuple(sample.stratified_by)
    done = [step.event for step in state.steps[:steps]]
    extensions = [event for event in done if isinstance(event, SampleExtended)]
    cells = [Cell(cell.month, cell.stratum, cell.size) for cell in sample.allocation]
    sizes: dict[str, int] = {}
    wanted: dict[str, int] = {}
    for cell in (extensions[-1] if extensions else sample).allocation:
        part = part_of(by, cell.month, cell.stratum)
        sizes[part] = sizes.get(part, 0) + cell.size
        wanted[part] = wanted.get(part, 0) + cell.drawn
    further: dict[str, int] = {}
    for event in done:
        if isinstance(event, CaseReplaced):
            part = part_of(by, event.month, event.stratum)
            further[part] = further.get(part, 0) + 1
    return Plan(
        sample.design,
        by,
        sizes,
        wanted,
        cells=cells,
        rule=sample.allocation_rule,
        rate=sample.rate,
        handlers=sample.handlers,
        standard_deviations=sample.standard_deviations,
        sort_key=sample.sort_key,
        interval=sample.interval,
        start=sample.start,
        size_column=sample.size_column,
        shift=sample.shift,
        further=further,
    )


def case_to_replace(request: ReplaceCase, state: State) -> CaseDrawn:
    """Return the case that a request means.

    Raises:
        CaseUnknownError: no case of the draw begins so, or several do. AlreadyReplacedError: it is out already.
    """
    found = [case for case in state.cases if case.case.startswith(request.case)]
    if len(found) != 1:
        raise CaseUnknownError(
            f"{'No case' if not found else 'More than one case'} of the draw begins with {request.case}. "
            "Give the whole pseudonym, as the list of cases has it."
        )
    if found[0].case in state.replacements:
        raise AlreadyReplacedError(f"Case {found[0].case[:12]}… has given way to a spare. Replace the spare instead.")
    return found[0]


def spare_plan(case: CaseDrawn, plan: Plan) -> Plan:
    """Return the plan that fetches one more of the case's part.

    Raises:
        NoSpareError: there is none.
    """
    part = part_of(plan.stratified_by, case.month, case.stratum)
    if plan.taken(part) >= plan.sizes[part]:
        where = f"“{part}” has" if part else "The frame has"
        raise NoSpareError(f"{where} {plan.sizes[part]} units, and all of them are drawn. None is left.")
    return replace(plan, further={**plan.further, part: plan.further.get(part, 0) + 1})


@dataclass(frozen=True, slots=True)
class TakeOut:
    """Command: let a spare take a case's place; ``note``: what was written about the reason, if anything was."""

    request: ReplaceCase
    note: Note | None = None


def decide_replacement(
    command: TakeOut, state: State, sample: SampleDrawn, plan: Plan, selected: Sequence[Selected]
) -> tuple[CaseReplaced, CaseDrawn]:
    """Return that the case is out, and its spare.

    Args:
        command: which case, and why.
        state: of the draw.
        sample: of the draw.
        plan: as ``spare_plan`` gives it.
        selected: what it selects.

    Raises:
        CaseUnknownError, AlreadyReplacedError, NoSpareError: see there.
    """
    out = case_to_replace(command.request, state)
    known = {case.case for case in state.cases}
    spare = next((unit for unit in selected if unit.case not in known), None)
    if spare is None:
        raise NoSpareError("No further unit can be drawn there. No case can be replaced.")
    event = CaseReplaced(
        draw=sample.draw,
        case=out.case,
        replacement=spare.case,
        control_points=out.control_points,
        stratum=out.stratum,
        month=out.month,
        reason=command.request.reason,
        note=command.note.reference if command.note else None,
    )
    return event, case_drawn(spare, plan, sample)


def extended_plan(request: ExtendDraw, plan: Plan) -> Plan:
    """Return the plan with what a request adds to it.

    Raises:
        DesignError: the design cannot be extended, or the options do not fit it.
        AllocationError: a part has fewer units left; names it.
    """
    if plan.design not in {"simple", "stratified", "cluster"}:
        raise DesignError.at(
            "design", f"A {plan.design} draw cannot be extended: its chances would not be right. Make another draw."
        )
    added = _added(request, plan)
    option = "n" if request.n else "per_stratum" if request.per_stratum else "allocation"
    problems = [
        FieldProblem(
            field=option,
            code=AllocationError.code,
            message=f"{f'“{part}”' if part else 'The frame'} has {plan.sizes[part] - plan.taken(part)} left, fewer "
            f"than {more}. Ask for at most that many.",
        )
        for part, more in added.items()
        if more > plan.sizes[part] - plan.taken(part)
    ]
    if problems:
        raise AllocationError(problems)
    if not sum(added.values()):
        raise AllocationError.at(option, "Nothing is added. Ask for at least one case.")
    return replace(plan, wanted={part: n + added.get(part, 0) for part, n in plan.wanted.items()})


def _added(request: ExtendDraw, plan: Plan) -> Mapping[str, int]:
    given = [option for option in ("n", "per_stratum", "allocation") if getattr(request, option)]
    if not plan.stratified_by:
        if given != ["n"] or request.n is None:
            raise DesignError.at("n", "This draw is not stratified: say with n, and nothing else, how many are added.")
        return {WHOLE_FRAME: request.n}
    if len(given) != 1 or request.n is not None:
        raise DesignError.at("per_stratum", "This draw is stratified: give either per_stratum or allocation, and no n.")
    if request.per_stratum is not None:
        return dict.fromkeys(plan.wanted, request.per_stratum)
    added: dict[str, int] = {}
    for place, row in enumerate(request.allocation):
        if row.stratum not in plan.sizes or row.stratum in added:
            raise AllocationError.at(
                f"allocation.{place}.stratum", f"The draw has no “{row.stratum}”, or it stands twice. Give each once."
            )
        added[row.stratum] = row.n
    return added


def decide_extension(
    state: State, sample: SampleDrawn, plan: Plan, selected: Sequence[Selected]
) -> tuple[SampleExtended, list[CaseDrawn]]:
    """Return the extension and its cases.

    Args:
        state: of the draw.
        sample: of the draw.
        plan: as ``extended_plan`` gives it.
        selected: what it selects.
    """
    known = {case.case for case in state.cases}
    added = [unit for unit in selected if unit.case not in known]
    drawn = {(cell.month, cell.stratum): cell.drawn for cell in state.allocation}
    for unit in added:
        drawn[unit.month, unit.stratum] = drawn.get((unit.month, unit.stratum), 0) + 1
    event = SampleExtended(
        draw=sample.draw,
        control_points=sample.control_points,
        added=len(added),
        drawn=state.drawn + len(added),
        allocation=allocation_of(plan, drawn),
    )
    return event, [case_drawn(unit, plan, sample) for unit in added]

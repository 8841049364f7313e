"""How many units are drawn from each part of a frame, and by which design.

Everything is decided from what the frame holds, before a seed exists: a wrong request stores nothing.
"""

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from typing import Final

from stickprov_contracts.events.sampler import FrameFrozen
from stickprov_contracts.http.sampler import MakeDraw
from stickprov_kernel.period import months_of
from stickprov_sampler.domain.draw.options import check_options, columns_of, number_of, require_column
from stickprov_sampler.domain.draw.pareto import shares
from stickprov_sampler.domain.draw.plan import Plan
from stickprov_sampler.domain.draw.refusals import AllocationError, DesignError
from stickprov_sampler.domain.draw.strata import per_group, stratified
from stickprov_sampler.domain.draw.survey import MONTH, WHOLE_FRAME, Survey, part_of, survey_of

_TICKETS: Final = 2**256


def plan_draw(request: MakeDraw, frame: FrameFrozen, survey: Survey | None = None) -> Plan:
    """Settle how many units come from where.

    Args:
        request: what is asked for.
        frame: from what.
        survey: the frame file in numbers, for ``columns_of(request)``; what the frame's event tells when left out.

    Raises:
        DesignError: options contradict each other; names them.
        AllocationError: more is asked for than there is, or a part is unknown, empty or forgotten; names it.
    """
    survey = survey or survey_of(frame)
    by = columns_of(request)
    check_options(request, by, frame, survey)
    sizes = _sizes(frame, survey, by)
    match request.design:
        case "census":
            plan = Plan("census", (), sizes, dict(sizes))
        case "per_group":
            plan = per_group(request, sizes, survey)
        case "systematic":
            plan = _systematic(request, sizes, survey)
        case "pps":
            plan = _pps(request, frame, sizes, survey)
        case "simple" | "stratified" | "cluster" if not by:
            plan = Plan(request.design, (), sizes, {WHOLE_FRAME: number_of(request, frame)}, rate=request.rate)
        case "simple" | "stratified" | "cluster":
            plan = stratified(request, by, sizes, frame, survey)
    return _completed(plan, request, survey)


def _completed(plan: Plan, request: MakeDraw, survey: Survey) -> Plan:
    shift = None if request.shift is None else f"{int(Fraction(request.shift) * _TICKETS):064x}"
    return replace(plan, cells=tuple(survey.cells), shift=shift)


def _sizes(frame: FrameFrozen, survey: Survey, by: tuple[str, ...]) -> dict[str, int]:
    """Return N_h of each part, in the order of their names. An empty month of the period has 0."""
    sizes = dict.fromkeys(months_of(frame.period), 0) if by == (MONTH,) else {}
    for cell in survey.cells:
        part = part_of(by, cell.month, cell.stratum)
        sizes[part] = sizes.get(part, 0) + cell.size
    return dict(sorted(sizes.items()))


def _systematic(request: MakeDraw, sizes: Mapping[str, int], survey: Survey) -> Plan:
    if request.sort_key is None:
        raise DesignError.at("sort_key", "A systematic draw needs sort_key, the column whose order is walked through.")
    if request.interval is None:
        raise DesignError.at("interval", "A systematic draw needs interval: every how many units one is drawn.")
    size = sizes[WHOLE_FRAME]
    require_column("sort_key", request.sort_key, survey)
    if request.interval > size:
        raise AllocationError.at(
            "interval", f"interval is {request.interval}, and the frame has {size} units. Take a smaller one."
        )
    # How many come depends on the start: at least this many do.
    wanted = {WHOLE_FRAME: size // request.interval}
    return Plan("systematic", (), sizes, wanted, sort_key=request.sort_key, interval=request.interval)


def _pps(request: MakeDraw, frame: FrameFrozen, sizes: Mapping[str, int], survey: Survey) -> Plan:
    if request.size_column is None:
        raise DesignError.at("size_column", "A pps draw needs size_column, what chances are proportional to.")
    require_column("size_column", request.size_column, survey)
    n = number_of(request, frame)
    amounts = survey.amounts
    if amounts is None or amounts.unusable:
        count = amounts.unusable if amounts else frame.size
        raise AllocationError.at(
            "size_column",
            f"{count} units have no positive number in “{request.size_column}”. "
            "Correct them, or leave them out of the frame.",
        )
    shared = shares(n, amounts.largest, amounts.total)
    return Plan("pps", (), sizes, {WHOLE_FRAME: n}, size_column=request.size_column, shared=shared)

"""How many units are drawn from each part of a frame, and by which design.

Everything is decided from what the frame holds, before a seed exists: a wrong request stores nothing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from fractions import Fraction
from math import ceil
from typing import ClassVar, Final

from stickprov_contracts.events.sampler import AllocationRule, Design, FrameFrozen
from stickprov_contracts.http.sampler import MakeDraw
from stickprov_contracts.problems import FieldProblem
from stickprov_sampler.domain.draw.apportionment import sainte_lague
from stickprov_sampler.domain.draw.pareto import Shares, shares
from stickprov_sampler.domain.draw.survey import (
    BETWEEN,
    MONTH,
    WHOLE_FRAME,
    Cell,
    Survey,
    part_of,
    survey_of,
)
from stickprov_sampler.domain.period import months_of
from stickprov_sampler.domain.problem import OptionError

_SHARED_OUT: Final = ("stratify_by", "per_stratum", "allocation", "allocate", "standard_deviations")
_SHIFTED: Final = ("shift", "panel")
_OPTIONS: Final[dict[Design, tuple[str, ...]]] = {
    "census": (),
    "simple": ("n", "rate", *_SHIFTED),
    "stratified": ("n", "rate", *_SHARED_OUT, *_SHIFTED),
    "cluster": ("n", "rate", *_SHARED_OUT, *_SHIFTED),
    "per_group": ("per_group", *_SHIFTED),
    "systematic": ("sort_key", "interval"),
    "pps": ("n", "size_column", *_SHIFTED),
}
_OF_SOME_DESIGN: Final = dict.fromkeys(option for options in _OPTIONS.values() for option in options)
_FROM_REGISTER: Final = ("stratum", "unit", "handler", "subunits")
"""Columns that every frame file has, though not every register fills them."""
_TICKETS: Final = 2**256


class AllocationError(OptionError):
    """The frame does not hold what is to be drawn from it."""

    code: ClassVar[str] = "allocation-impossible"
    title: ClassVar[str] = "The frame does not hold what is to be drawn"


class DesignError(OptionError):
    """The options of the draw contradict each other or the design."""

    code: ClassVar[str] = "design-unclear"
    title: ClassVar[str] = "The options do not make a design"


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be drawn.

    Attributes:
        stratified_by: the frame's columns that part it; none for a draw from the whole frame.
        sizes: N_h of each part. wanted: n_h of each part, at most N_h; their sum is at least 1.
        cells: N by month and stratum.
        shift: where tickets begin to count, 64 hex digits.
        start: the first place of a systematic draw, from 1; None before there is a seed.
        shared: for chances by size.
        further: how many more of each part are fetched, in the order in which they would be the next ones.
    """

    design: Design
    stratified_by: tuple[str, ...]
    sizes: Mapping[str, int]
    wanted: Mapping[str, int]
    cells: Sequence[Cell] = ()
    rule: AllocationRule | None = None
    rate: Decimal | None = None
    handlers: Mapping[str, int] = field(default_factory=dict)
    standard_deviations: Mapping[str, Decimal] = field(default_factory=dict)
    sort_key: str | None = None
    interval: int | None = None
    start: int | None = None
    size_column: str | None = None
    shared: Shares | None = None
    shift: str | None = None
    further: Mapping[str, int] = field(default_factory=dict)

    def taken(self, part: str) -> int:
        """Return how many of a part are fetched, spares and extensions included."""
        return self.wanted.get(part, 0) + self.further.get(part, 0)


def columns_of(request: MakeDraw) -> tuple[str, ...]:
    """Return the columns that a request's draw is stratified by."""
    if request.design == "per_group":
        return ("handler",)
    given = request.stratify_by
    if not given:
        return ("unit",) if request.allocate == "per_reviewer" else ()
    return tuple(dict.fromkeys([given] if isinstance(given, str) else given))


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
    _check_options(request, by, frame, survey)
    sizes = _sizes(frame, survey, by)
    match request.design:
        case "census":
            plan = Plan("census", (), sizes, dict(sizes))
        case "per_group":
            plan = _per_group(request, sizes, survey)
        case "systematic":
            plan = _systematic(request, sizes, survey)
        case "pps":
            plan = _pps(request, frame, sizes, survey)
        case "simple" | "stratified" | "cluster" if not by:
            plan = Plan(request.design, (), sizes, {WHOLE_FRAME: _n(request, frame)}, rate=request.rate)
        case "simple" | "stratified" | "cluster":
            plan = _stratified(request, by, sizes, frame, survey)
    return _completed(plan, request, survey)


def _completed(plan: Plan, request: MakeDraw, survey: Survey) -> Plan:
    shift = None if request.shift is None else f"{int(Fraction(request.shift) * _TICKETS):064x}"
    return replace(plan, cells=tuple(survey.cells), shift=shift)


def _check_options(request: MakeDraw, by: tuple[str, ...], frame: FrameFrozen, survey: Survey) -> None:
    allowed = _OPTIONS[request.design]
    for option in _OF_SOME_DESIGN:
        if option not in allowed and getattr(request, option):
            raise DesignError.at(
                option, f"A {request.design} draw has no {option}. Leave it out, or choose another design."
            )
    if request.panel and request.shift is not None:
        raise DesignError.at("shift", "A panel begins where the series' first draw did. Leave shift or panel out.")
    if request.design == "stratified" and not by:
        raise DesignError.at("stratify_by", "A stratified draw needs stratify_by: “month”, “stratum” or a column.")
    option = "design" if request.design == "per_group" else "stratify_by"
    for column in by:
        _check_column(option, column, frame, survey)
    if survey.clashes:
        names = ", ".join(f"“{name}”" for name in survey.clashes[:5])
        raise DesignError.at("stratify_by", f"Different strata would all be called {names}. Choose other columns.")
    if request.design == "cluster" and "subunits" not in frame.columns:
        raise DesignError.at(
            "design", f"Frame “{frame.frame_name}” was frozen without subunits, so its cases are no clusters."
        )


def _check_column(option: str, column: str, frame: FrameFrozen, survey: Survey) -> None:
    if column == MONTH or column in frame.columns:
        return
    if column in _FROM_REGISTER:
        others = "another column" if len(survey.columns) else "month"
        raise DesignError.at(
            option,
            f"Frame “{frame.frame_name}” was frozen without a {column} column. "
            f"{'Stratify by month' if column == 'stratum' else f'Choose {others}'}.",
        )
    if column not in survey.columns or column == "case_id":
        known = ", ".join(name for name in survey.columns if name != "case_id")
        raise DesignError.at(option, f"The frame has no column “{column}”. It has {known}.")


def _sizes(frame: FrameFrozen, survey: Survey, by: tuple[str, ...]) -> dict[str, int]:
    """Return N_h of each part, in the order of their names. An empty month of the period has 0."""
    sizes = dict.fromkeys(months_of(frame.period), 0) if by == (MONTH,) else {}
    for cell in survey.cells:
        part = part_of(by, cell.month, cell.stratum)
        sizes[part] = sizes.get(part, 0) + cell.size
    return dict(sorted(sizes.items()))


def _n(request: MakeDraw, frame: FrameFrozen) -> int:
    """Return n, or the rate's share of N rounded up in exact decimals."""
    if (request.n is None) == (request.rate is None):
        raise DesignError.at("n", f"A {request.design} draw needs n, the number of cases, or rate: one of them.")
    if request.rate is not None:
        return ceil(Fraction(request.rate) * frame.size)
    n = request.n or 0
    if n > frame.size:
        raise AllocationError.at(
            "n", f"n is {n}, and frame “{frame.frame_name}” has {frame.size} units. Ask for at most that many."
        )
    return n


def _stratified(
    request: MakeDraw, by: tuple[str, ...], sizes: Mapping[str, int], frame: FrameFrozen, survey: Survey
) -> Plan:
    ways = [way for way in ("per_stratum", "allocation", "allocate") if getattr(request, way)]
    shares_n = request.allocate in {"proportional", "equal", "neyman"}
    if (request.n is not None or request.rate is not None) and not shares_n:
        option = "n" if request.n is not None else "rate"
        raise DesignError.at(
            option, f"Say by which rule {option} is shared out (allocate), or give per_stratum or allocation instead."
        )
    if len(ways) != 1:
        raise DesignError.at(
            "per_stratum", "Give per_stratum, allocation or allocate: one of them, and not more than one."
        )
    if request.standard_deviations and request.allocate != "neyman":
        raise DesignError.at("standard_deviations", "Standard deviations are for allocate “neyman”. Leave them out.")
    if request.per_stratum:
        return Plan(request.design, by, sizes, _each(request.per_stratum, sizes), rule="each")
    if request.allocation:
        return Plan(request.design, by, sizes, _explicit(request, by, sizes), rule="explicit")
    if request.allocate == "per_reviewer":
        return _per_reviewer(request, by, sizes, survey)
    n = _n(request, frame)
    deviations = _deviations(request, sizes) if request.allocate == "neyman" else {}
    wanted = _by_rule(request.allocate, n, sizes, deviations)
    return Plan(
        request.design,
        by,
        sizes,
        wanted,
        rule=request.allocate,
        rate=request.rate,
        standard_deviations=deviations,
    )


def _by_rule(rule: str | None, n: int, sizes: Mapping[str, int], deviations: Mapping[str, Decimal]) -> dict[str, int]:
    filled = {part: size for part, size in sizes.items() if size}
    if n < len(filled):
        raise AllocationError.at(
            "n", f"n is {n}, fewer than the {len(filled)} strata, each of which gets one. Ask for more cases."
        )
    weights = {
        part: Fraction(1) if rule == "equal" else size * Fraction(deviations.get(part, 1))
        for part, size in filled.items()
    }
    return dict.fromkeys(sizes, 0) | sainte_lague(n, weights, filled)


def _deviations(request: MakeDraw, sizes: Mapping[str, int]) -> dict[str, Decimal]:
    given = {row.stratum: row.value for row in request.standard_deviations}
    problems = [
        _problem(f"standard_deviations.{place}.stratum", f"The frame has no “{row.stratum}”. Leave it out.")
        for place, row in enumerate(request.standard_deviations)
        if row.stratum not in sizes
    ]
    problems += [
        _problem("standard_deviations", f"“{part}” has no standard deviation. Give it one.")
        for part, size in sizes.items()
        if size and part not in given
    ]
    if problems:
        raise AllocationError(problems)
    return {part: given[part] for part, size in sizes.items() if size}


def _per_reviewer(request: MakeDraw, by: tuple[str, ...], sizes: Mapping[str, int], survey: Survey) -> Plan:
    handlers = {part: survey.handlers.get(part, 0) for part in sizes}
    problems = [
        _problem("allocate", f"“{part}” has {sizes[part]} units and no handler. Name its handlers in the register.")
        for part, count in handlers.items()
        if sizes[part] and not count
    ]
    if problems:
        raise AllocationError(problems)
    return Plan(request.design, by, sizes, handlers, rule="per_reviewer", handlers=handlers)


def _per_group(request: MakeDraw, sizes: Mapping[str, int], survey: Survey) -> Plan:
    if request.per_group is None:
        raise DesignError.at("per_group", "A per_group draw needs per_group, the number of each handler's cases.")
    if survey.without_handler:
        raise AllocationError.at(
            "design",
            f"{survey.without_handler} units have no handler, so no group could draw them. Name handlers.",
        )
    wanted = {part: min(request.per_group, size) for part, size in sizes.items()}
    return Plan("per_group", ("handler",), sizes, wanted, rule="each")


def _systematic(request: MakeDraw, sizes: Mapping[str, int], survey: Survey) -> Plan:
    if request.sort_key is None:
        raise DesignError.at("sort_key", "A systematic draw needs sort_key, the column whose order is walked through.")
    if request.interval is None:
        raise DesignError.at("interval", "A systematic draw needs interval: every how many units one is drawn.")
    size = sizes[WHOLE_FRAME]
    if request.sort_key not in survey.columns:
        known = ", ".join(name for name in survey.columns if name != "case_id")
        raise DesignError.at("sort_key", f"The frame has no column “{request.sort_key}”. It has {known}.")
    if request.interval > size:
        raise AllocationError.at(
            "interval", f"interval is {request.interval}, and the frame has {size} units. Take a smaller one."
        )
    # How many come depends on the start: at least this many do.
    wanted = {WHOLE_FRAME: size // request.interval}
    return Plan("systematic", (), sizes, wanted, sort_key=request.sort_key, interval=request.interval)


def started(plan: Plan, start: int) -> Plan:
    """Return a systematic plan with the n that its start gives; any other plan as it is."""
    if plan.interval is None:
        return plan
    size = plan.sizes[WHOLE_FRAME]
    return replace(plan, start=start, wanted={WHOLE_FRAME: (size - start) // plan.interval + 1})


def _pps(request: MakeDraw, frame: FrameFrozen, sizes: Mapping[str, int], survey: Survey) -> Plan:
    if request.size_column is None:
        raise DesignError.at("size_column", "A pps draw needs size_column, what chances are proportional to.")
    if request.size_column not in survey.columns or request.size_column == "case_id":
        known = ", ".join(name for name in survey.columns if name != "case_id")
        raise DesignError.at("size_column", f"The frame has no column “{request.size_column}”. It has {known}.")
    n = _n(request, frame)
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


def _each(per_stratum: int, sizes: Mapping[str, int]) -> dict[str, int]:
    problems = [
        _too_small("per_stratum", part, size, per_stratum) for part, size in sizes.items() if size < per_stratum
    ]
    if problems:
        raise AllocationError(problems)
    return dict.fromkeys(sizes, per_stratum)


def _explicit(request: MakeDraw, by: tuple[str, ...], sizes: Mapping[str, int]) -> dict[str, int]:
    problems: list[FieldProblem] = []
    wanted: dict[str, int] = {}
    known = ", ".join(f"“{part}” ({size})" for part, size in sizes.items())
    for place, row in enumerate(request.allocation):
        option = f"allocation.{place}"
        if row.stratum in wanted:
            problems.append(_problem(f"{option}.stratum", f"“{row.stratum}” stands twice. Give it one n."))
        elif row.stratum not in sizes:
            what = BETWEEN.join(by)
            problems.append(
                _problem(
                    f"{option}.stratum", f"The frame has no {what} “{row.stratum}”. It has {known}, units in brackets."
                )
            )
        elif row.n > sizes[row.stratum]:
            problems.append(_too_small(f"{option}.n", row.stratum, sizes[row.stratum], row.n))
        wanted.setdefault(row.stratum, row.n)
    problems += [
        _problem("allocation", f"“{part}” has {size} units and no n. Give it one; 0 leaves it out of the sample.")
        for part, size in sizes.items()
        if size and part not in wanted
    ]
    if not problems and not sum(wanted.values()):
        problems.append(_problem("allocation", "Every n is 0. Draw at least one case."))
    if problems:
        raise AllocationError(problems)
    return {part: wanted.get(part, 0) for part in sizes}


def _too_small(option: str, part: str, size: int, wanted: int) -> FieldProblem:
    if size == 0:
        return _problem(
            option, f"“{part}” has no units, so {wanted} cannot be drawn from it. Give an allocation without it."
        )
    return _problem(option, f"“{part}” has {size} units, fewer than {wanted}. Ask for at most {size} there.")


def _problem(option: str, message: str) -> FieldProblem:
    return FieldProblem(field=option, code=AllocationError.code, message=message)

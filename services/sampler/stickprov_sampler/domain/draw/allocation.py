"""How many units are drawn from each part of a frame.

Everything is decided from the sizes in ``FrameFrozen``, before a seed exists: a wrong request stores nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, Literal

from stickprov_contracts.events.sampler import Design, FrameFrozen
from stickprov_contracts.http.sampler import MakeDraw
from stickprov_contracts.problems import FieldProblem
from stickprov_sampler.domain.period import months_of
from stickprov_sampler.domain.problem import OptionError

StratifyBy = Literal["month", "stratum"]
WHOLE_FRAME = ""
"""The only part of a frame that is not stratified."""


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
        stratify_by: the frame's column that parts it; None for a simple draw.
        sizes: N_h of each part. wanted: n_h of each part, at most N_h; their sum is at least 1.
    """

    design: Design
    stratify_by: StratifyBy | None
    sizes: Mapping[str, int]
    wanted: Mapping[str, int]


def plan_draw(request: MakeDraw, frame: FrameFrozen) -> Plan:
    """Settle how many units come from where.

    Raises:
        DesignError: options contradict each other; names them.
        AllocationError: more is asked for than there is, or a part is unknown, empty or forgotten; names it.
    """
    if request.design == "simple":
        return _simple(request, frame)
    return _stratified(request, frame)


def part_of(stratify_by: StratifyBy | None, month: str, stratum: str) -> str:
    """Return the part of the frame that a unit of this month and stratum belongs to."""
    if stratify_by is None:
        return WHOLE_FRAME
    return month if stratify_by == "month" else stratum


def sizes_of(frame: FrameFrozen, stratify_by: StratifyBy | None) -> dict[str, int]:
    """Return N_h of each part of a frame, in the order of their names. An empty month of the period has 0."""
    sizes = dict.fromkeys(months_of(frame.period), 0) if stratify_by == "month" else {}
    for cell in frame.strata:
        part = part_of(stratify_by, cell.month, cell.stratum)
        sizes[part] = sizes.get(part, 0) + cell.size
    return dict(sorted(sizes.items()))


def _simple(request: MakeDraw, frame: FrameFrozen) -> Plan:
    for option in ("stratify_by", "per_stratum", "allocation"):
        if getattr(request, option):
            raise DesignError.at(option, f"A simple draw has no {option}. Leave it out, or choose design “stratified”.")
    if request.n is None:
        raise DesignError.at("n", "A simple draw needs n, the number of cases to draw.")
    if request.n > frame.size:
        raise AllocationError.at(
            "n", f"n is {request.n}, and frame “{frame.frame_name}” has {frame.size} units. Ask for at most that many."
        )
    return Plan("simple", None, {WHOLE_FRAME: frame.size}, {WHOLE_FRAME: request.n})


def _stratified(request: MakeDraw, frame: FrameFrozen) -> Plan:
    by = request.stratify_by
    if by is None:
        raise DesignError.at("stratify_by", "A stratified draw needs stratify_by: “month” or “stratum”.")
    if request.n is not None:
        raise DesignError.at("n", "A stratified draw has no n. Give per_stratum, or an allocation with an n for each.")
    if (request.per_stratum is None) == (not request.allocation):
        raise DesignError.at("per_stratum", "Give either per_stratum or allocation: one of them, and not both.")
    if by == "stratum" and "stratum" not in frame.columns:
        raise DesignError.at(
            "stratify_by", f"Frame “{frame.frame_name}” was frozen without a stratum column. Stratify by month."
        )
    sizes = sizes_of(frame, by)
    wanted = _each(request.per_stratum, sizes) if request.per_stratum else _explicit(request, by, sizes)
    return Plan("stratified", by, sizes, wanted)


def _each(per_stratum: int, sizes: Mapping[str, int]) -> dict[str, int]:
    problems = [
        _too_small("per_stratum", part, size, per_stratum) for part, size in sizes.items() if size < per_stratum
    ]
    if problems:
        raise AllocationError(problems)
    return dict.fromkeys(sizes, per_stratum)


def _explicit(request: MakeDraw, by: StratifyBy, sizes: Mapping[str, int]) -> dict[str, int]:
    problems: list[FieldProblem] = []
    wanted: dict[str, int] = {}
    known = ", ".join(f"“{part}” ({size})" for part, size in sizes.items())
    for place, row in enumerate(request.allocation):
        option = f"allocation.{place}"
        if row.stratum in wanted:
            problems.append(_problem(f"{option}.stratum", f"“{row.stratum}” stands twice. Give it one n."))
        elif row.stratum not in sizes:
            problems.append(
                _problem(
                    f"{option}.stratum", f"The frame has no {by} “{row.stratum}”. It has {known}, units in brackets."
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

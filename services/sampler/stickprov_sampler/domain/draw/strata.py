"""How many units are drawn from each stratum: by a rule, as given, or as many as there are handlers."""

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction

from stickprov_contracts.events.sampler import FrameFrozen
from stickprov_contracts.http.sampler import MakeDraw
from stickprov_contracts.problems import FieldProblem
from stickprov_sampler.domain.draw.apportionment import sainte_lague
from stickprov_sampler.domain.draw.options import number_of
from stickprov_sampler.domain.draw.plan import Plan
from stickprov_sampler.domain.draw.refusals import AllocationError, DesignError, impossible
from stickprov_sampler.domain.draw.survey import BETWEEN, Survey


def stratified(
    request: MakeDraw, by: tuple[str, ...], sizes: Mapping[str, int], frame: FrameFrozen, survey: Survey
) -> Plan:
    """Return a plan with a number for each stratum.

    Args:
        request: says by which rule, or gives the numbers.
        by: the columns of the strata.
        sizes: N_h by name.
        frame: what is drawn from.
        survey: its file in numbers.

    Raises:
        DesignError: no rule is given, or several. AllocationError: a stratum cannot give what is asked for.
    """
    _check_rule(request)
    if request.per_stratum:
        return Plan(request.design, by, sizes, _each(request.per_stratum, sizes), rule="each")
    if request.allocation:
        return Plan(request.design, by, sizes, _explicit(request, by, sizes), rule="explicit")
    if request.allocate == "per_reviewer":
        return _per_reviewer(request, by, sizes, survey)
    n = number_of(request, frame)
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


def _check_rule(request: MakeDraw) -> None:
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
        impossible(f"standard_deviations.{place}.stratum", f"The frame has no “{row.stratum}”. Leave it out.")
        for place, row in enumerate(request.standard_deviations)
        if row.stratum not in sizes
    ]
    problems += [
        impossible("standard_deviations", f"“{part}” has no standard deviation. Give it one.")
        for part, size in sizes.items()
        if size and part not in given
    ]
    if problems:
        raise AllocationError(problems)
    return {part: given[part] for part, size in sizes.items() if size}


def _per_reviewer(request: MakeDraw, by: tuple[str, ...], sizes: Mapping[str, int], survey: Survey) -> Plan:
    handlers = {part: survey.handlers.get(part, 0) for part in sizes}
    problems = [
        impossible("allocate", f"“{part}” has {sizes[part]} units and no handler. Name its handlers in the register.")
        for part, count in handlers.items()
        if sizes[part] and not count
    ]
    if problems:
        raise AllocationError(problems)
    return Plan(request.design, by, sizes, handlers, rule="per_reviewer", handlers=handlers)


def per_group(request: MakeDraw, sizes: Mapping[str, int], survey: Survey) -> Plan:
    """Return a plan with the same number of each handler's cases, or all of them where there are fewer.

    Raises:
        DesignError: the number is missing. AllocationError: units have no handler.
    """
    if request.per_group is None:
        raise DesignError.at("per_group", "A per_group draw needs per_group, the number of each handler's cases.")
    if survey.without_handler:
        raise AllocationError.at(
            "design",
            f"{survey.without_handler} units have no handler, so no group could draw them. Name handlers.",
        )
    wanted = {part: min(request.per_group, size) for part, size in sizes.items()}
    return Plan("per_group", ("handler",), sizes, wanted, rule="each")


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
            problems.append(impossible(f"{option}.stratum", f"“{row.stratum}” stands twice. Give it one n."))
        elif row.stratum not in sizes:
            what = BETWEEN.join(by)
            problems.append(
                impossible(
                    f"{option}.stratum", f"The frame has no {what} “{row.stratum}”. It has {known}, units in brackets."
                )
            )
        elif row.n > sizes[row.stratum]:
            problems.append(_too_small(f"{option}.n", row.stratum, sizes[row.stratum], row.n))
        wanted.setdefault(row.stratum, row.n)
    problems += [
        impossible("allocation", f"“{part}” has {size} units and no n. Give it one; 0 leaves it out of the sample.")
        for part, size in sizes.items()
        if size and part not in wanted
    ]
    if not problems and not sum(wanted.values()):
        problems.append(impossible("allocation", "Every n is 0. Draw at least one case."))
    if problems:
        raise AllocationError(problems)
    return {part: wanted.get(part, 0) for part in sizes}


def _too_small(option: str, part: str, size: int, wanted: int) -> FieldProblem:
    if size == 0:
        return impossible(
            option, f"“{part}” has no units, so {wanted} cannot be drawn from it. Give an allocation without it."
        )
    return impossible(option, f"“{part}” has {size} units, fewer than {wanted}. Ask for at most {size} there.")

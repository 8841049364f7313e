"""Plans in stages: stop as soon as few enough deviate, else draw more. Their risk is that of all stages together.

What must not break: every stage is another chance to stop, so the chances add up. 59 cases with none allowed, then 34
more with one allowed, are two samples of a risk below 5 % each; together they stop with a chance of 7.48 %.
"""

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from math import comb
from typing import ClassVar, Final, NamedTuple

from stickprov_contracts.http.planning import GivenStage, Stage, StagedPlan
from stickprov_sampler.domain.planner.attribute import smallest
from stickprov_sampler.domain.planner.population import Population
from stickprov_sampler.domain.problem import OptionError

LARGEST_PLAN: Final = 2_000
"""Cases in all stages of a plan that is offered."""


class StagesUnfitError(OptionError):
    """A stop-or-go plan cannot be carried out as it stands."""

    code: ClassVar[str] = "stages-unfit"
    title: ClassVar[str] = "The stages do not make a plan"


class Stop(NamedTuple):
    """Drawn in all, and how many of those may deviate for the plan to stop."""

    total: int
    allowed: int


def judge(population: Population, given: Sequence[GivenStage], risk: Decimal) -> StagedPlan:
    """Return a plan that somebody has in mind with its overall risk.

    Raises:
        StagesUnfitError: it draws more than there is, or a later stage does not allow more deviations than an earlier.
    """
    stops: list[Stop] = []
    for place, stage in enumerate(given):
        total, before = stops[-1] if stops else Stop(0, -1)
        if stage.allowed <= before:
            message = f"Stage {place + 1} should allow more deviations than the {before} of the stage before it."
            raise StagesUnfitError.at(f"given.{place}.allowed", message)
        if population.size is not None and total + stage.add > population.size:
            message = f"By stage {place + 1} the plan draws {total + stage.add} of {population.size}. Draw fewer."
            raise StagesUnfitError.at(f"given.{place}.add", message)
        stops.append(Stop(total + stage.add, stage.allowed))
    return _staged(population, stops, risk)


def plan_stages(population: Population, stages: int, risk: Decimal) -> StagedPlan:
    """Return a plan with 0, 1, 2, ... allowed deviations whose overall risk is at most ``risk``.

    Every stage is held to the same, sharper risk: the one that the first stage's size gives. The first stage is the
    smallest with which the whole plan holds.

    Raises:
        StagesUnfitError: it would take the whole frame, or more cases than anybody reviews in stages.
    """
    largest = LARGEST_PLAN if population.size is None else min(LARGEST_PLAN, population.size - 1)
    first = smallest(population, 0, risk, 1, largest)
    while first is not None and (stops := _sharpened(population, first, stages, largest)) is not None:
        plan = _staged(population, stops, risk)
        if plan.holds:
            return plan
        first += 1
    whole = "the whole frame" if population.size is not None and population.size <= LARGEST_PLAN else "over 2000 cases"
    raise StagesUnfitError.at(
        "stages", f"In {stages} stages the plan would take {whole}. Plan a sample without stages."
    )


def _sharpened(population: Population, first: int, stages: int, largest: int) -> list[Stop] | None:
    """Return stages that are all held to the risk of the first one; None when it takes too many cases."""
    sharper = Decimal(float(population.chances([0], [first])[0]))
    stops = [Stop(first, 0)]
    for allowed in range(1, stages):
        total = smallest(population, allowed, sharper, stops[-1].total + 1, largest)
        if total is None:
            return None
        stops.append(Stop(total, allowed))
    return stops


def _staged(population: Population, stops: Sequence[Stop], risk: Decimal) -> StagedPlan:
    """Return a plan with its risks: exact integers, divided only to be shown."""
    every = population.every(stops[-1].total)
    ways = [number * (every // population.every(stop.total)) for number, stop in _ways(population, stops)]
    before = [0, *(stop.total for stop in stops[:-1])]
    bound = Fraction(risk)
    return StagedPlan(
        stages=[
            Stage(add=stop.total - drawn, total=stop.total, allowed=stop.allowed, risk=number / every)
            for stop, drawn, number in zip(stops, before, ways, strict=True)
        ],
        risk=sum(ways) / every,
        holds=sum(ways) * bound.denominator <= bound.numerator * every,
    )


def _ways(population: Population, stops: Sequence[Stop]) -> list[tuple[int, Stop]]:
    """Return for each stage how many ways of drawing stop there, of ``population.every(total)``.

    ``going`` counts, by the deviations found, the sequences that have not stopped before; those that have found more
    than the last stage allows never stop and are left out.
    """
    going, drawn, found_ways = {0: 1}, 0, []
    most = stops[-1].allowed
    for stop in stops:
        reached: dict[int, int] = {}
        for found, sequences in going.items():
            for more in range(min(stop.total - drawn, most - found) + 1):
                reached[found + more] = reached.get(found + more, 0) + sequences * comb(stop.total - drawn, more)
        stopping = [
            sequences * population.favourable(stop.total, found)
            for found, sequences in reached.items()
            if found <= stop.allowed
        ]
        found_ways.append((sum(stopping), stop))
        going = {found: sequences for found, sequences in reached.items() if found > stop.allowed}
        drawn = stop.total
    return found_ways

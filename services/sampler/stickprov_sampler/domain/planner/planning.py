"""Planning the size of a sample: one question, up to four answers."""

from contextlib import suppress
from decimal import Decimal
from typing import ClassVar

from stickprov_contracts.http.planning import PlannedSize, PlanSize, StagedPlan
from stickprov_sampler.domain.planner.attribute import plan_attribute
from stickprov_sampler.domain.planner.margin import plan_margin
from stickprov_sampler.domain.planner.population import Population
from stickprov_sampler.domain.planner.stop_or_go import StagesUnfitError, judge, plan_stages
from stickprov_sampler.domain.problem import OptionError


class NothingToPlanError(OptionError):
    """The question lacks what it is about."""

    code: ClassVar[str] = "nothing-to-plan"
    title: ClassVar[str] = "It is not said what to plan for"


def plan_size(asked: PlanSize) -> PlannedSize:
    """Return what a sample needs.

    Raises:
        NothingToPlanError: neither a tolerable rate nor a margin is given, or stages without a tolerable rate.
        RatesTooCloseError, StagesUnfitError: no sample will do.
    """
    _check(asked)
    answer = PlannedSize(asked=asked, attribute=None, margin=None, given=None, stop_or_go=None)
    if asked.margin is not None:
        margin = plan_margin(asked.frame_size, asked.margin, asked.confidence, asked.expected)
        answer = answer.model_copy(update={"margin": margin})
    if asked.tolerable is None:
        return answer
    population, risk = Population(asked.frame_size, asked.tolerable), 1 - asked.confidence
    given = judge(population, asked.given, risk) if asked.given else None
    return answer.model_copy(
        update={
            "attribute": plan_attribute(population, asked.expected or Decimal(0), risk),
            "given": given,
            "stop_or_go": _staged(population, asked, given, risk),
        }
    )


def _staged(population: Population, asked: PlanSize, given: StagedPlan | None, risk: Decimal) -> StagedPlan | None:
    if asked.stages is not None:
        return plan_stages(population, asked.stages, risk)
    if given is None or given.holds:
        return None
    with suppress(StagesUnfitError):
        return plan_stages(population, len(given.stages), risk)
    return None


def _check(asked: PlanSize) -> None:
    if asked.tolerable is None and (asked.stages is not None or asked.given):
        option = "stages" if asked.stages is not None else "given"
        raise NothingToPlanError.at(option, "Stages need a tolerable rate. Give one.")
    if asked.tolerable is None and asked.margin is None:
        raise NothingToPlanError.at("tolerable", "Give the tolerable rate, or a margin of error.")

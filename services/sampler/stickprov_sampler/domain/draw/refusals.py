"""What a request for a draw is refused with; each names the option at fault."""

from typing import ClassVar

from stickprov_contracts.problems import FieldProblem
from stickprov_sampler.domain.problem import OptionError


class AllocationError(OptionError):
    """The frame does not hold what is to be drawn from it."""

    code: ClassVar[str] = "allocation-impossible"
    title: ClassVar[str] = "The frame does not hold what is to be drawn"


class DesignError(OptionError):
    """The options of the draw contradict each other or the design."""

    code: ClassVar[str] = "design-unclear"
    title: ClassVar[str] = "The options do not make a design"


def impossible(option: str, message: str) -> FieldProblem:
    """Return one problem among several of an ``AllocationError``."""
    return FieldProblem(field=option, code=AllocationError.code, message=message)

"""Defining a control point, and defining it anew. What does not change anything is no event."""

from dataclasses import dataclass
from typing import ClassVar

from stickprov_contracts.events import Event
from stickprov_contracts.events.sampler import ControlPointDefined
from stickprov_contracts.http.sampler import ControlPoint, DefineControlPoint
from stickprov_sampler.domain.problem import OptionError


class CategoryTwiceError(OptionError):
    """Two categories of a control point have the same id."""

    code: ClassVar[str] = "category-twice"
    title: ClassVar[str] = "A category id stands twice"


@dataclass(frozen=True, slots=True)
class Define:
    """Command: this is what the control point is from now on."""

    control_point: str
    definition: DefineControlPoint


State = ControlPointDefined | None
"""The definition that holds; None while there is none."""


def decide(command: Define, state: State) -> list[Event]:
    """Return the new definition, or nothing when it is the one that holds.

    Raises:
        CategoryTwiceError: names the place in the list and the id.
    """
    seen: set[str] = set()
    for place, category in enumerate(command.definition.categories):
        if category.id in seen:
            raise CategoryTwiceError.at(
                f"categories.{place}.id", f"Category id “{category.id}” stands twice. Give each category its own id."
            )
        seen.add(category.id)
    defined = ControlPointDefined(control_point=command.control_point, **dict(command.definition))
    return [] if defined == state else [defined]


def evolve(state: State, event: Event) -> State:
    """Return what holds after an event of the control point's stream."""
    return event if isinstance(event, ControlPointDefined) else state


def as_answer(defined: ControlPointDefined, version: int) -> ControlPoint:
    """Return a definition as the API shows it, with the version of its stream."""
    return ControlPoint(**dict(defined), version=version)

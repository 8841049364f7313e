"""Following control points through the years, back to where they come from and on to what became of them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from stickprov_contracts.events.plans import ControlPointCarriedOver


@dataclass(frozen=True, slots=True)
class Told:
    """A step with when and by whom it was told."""

    step: ControlPointCarriedOver
    time: datetime
    actor: str


def newest_of_each(told: Iterable[Told]) -> list[Told]:
    """Return each step as it was told last, in the order in which they were told first."""
    newest: dict[tuple[str, str, str | None], Told] = {}
    for one in told:
        newest[one.step.control_point, one.step.plan, one.step.to] = one
    return list(newest.values())


def earlier_steps(control_point: str, told: Sequence[Told]) -> list[Told]:
    """Return every step that leads to a point, the oldest first."""
    return _followed(control_point, told, back=True)


def later_steps(control_point: str, told: Sequence[Told]) -> list[Told]:
    """Return every step that leads on from a point, the oldest first."""
    return _followed(control_point, told, back=False)


def _followed(control_point: str, told: Sequence[Told], *, back: bool) -> list[Told]:
    found: list[Told] = []
    reached, waiting = {control_point}, [control_point]
    while waiting:
        here = waiting.pop()
        for one in told:
            start, end = (one.step.to, one.step.control_point) if back else (one.step.control_point, one.step.to)
            if start != here:
                continue
            found.append(one)
            if end is not None and end not in reached:
                reached.add(end)
                waiting.append(end)
    return sorted(found, key=lambda one: (one.step.year, one.step.control_point, one.step.to or ""))

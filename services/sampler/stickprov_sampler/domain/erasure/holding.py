"""Legal holds: what must not be erased, whatever its time says and whoever asks."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from uuid import UUID

from stickprov_contracts.events import Event
from stickprov_contracts.events.erasure import LegalHoldLifted, LegalHoldPlaced
from stickprov_sampler.domain.erasure.refusals import HoldLiftedError, HoldUnknownError


@dataclass(frozen=True, slots=True)
class Holds:
    """All holds there ever were, oldest first, and those that were lifted."""

    placed: tuple[LegalHoldPlaced, ...] = ()
    lifted: frozenset[UUID] = frozenset()

    @property
    def standing(self) -> list[LegalHoldPlaced]:
        """Those that hold now."""
        return [one for one in self.placed if one.hold not in self.lifted]

    def on_draw(self, draw: UUID, control_points: Collection[str]) -> frozenset[UUID]:
        """Return the holds that keep all of a draw."""
        return frozenset(
            one.hold
            for one in self.standing
            if (one.control_point is not None and one.control_point in control_points)
            or (one.draw == draw and one.case is None)
        )

    def on_point(self, control_point: str) -> frozenset[UUID]:
        """Return the holds on a control point."""
        return frozenset(one.hold for one in self.standing if one.control_point == control_point)

    def on_cases(self) -> dict[str, frozenset[UUID]]:
        """Return the holds on single cases, by case: a case is held in every draw that has it."""
        held: dict[str, frozenset[UUID]] = {}
        for one in self.standing:
            if one.case is not None:
                held[one.case] = held.get(one.case, frozenset()) | {one.hold}
        return held


def holds_of(events: Iterable[Event]) -> Holds:
    """Fold the stream of holds."""
    holds = Holds()
    for event in events:
        match event:
            case LegalHoldPlaced():
                holds = replace(holds, placed=(*holds.placed, event))
            case LegalHoldLifted():
                holds = replace(holds, lifted=holds.lifted | {event.hold})
            case _:
                continue
    return holds


def decide_lifting(lifting: LegalHoldLifted, holds: Holds) -> list[Event]:
    """Return the lifting.

    Raises:
        HoldUnknownError: there is no such hold.
        HoldLiftedError: it was lifted before.
    """
    if lifting.hold not in {one.hold for one in holds.placed}:
        raise HoldUnknownError(f"There is no hold {lifting.hold}. List the holds.")
    if lifting.hold in holds.lifted:
        raise HoldLiftedError(f"Hold {lifting.hold} was lifted before. Nothing was stored.")
    return [lifting]

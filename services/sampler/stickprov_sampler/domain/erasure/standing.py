"""What is due to be erased and what is not, and why: of draws, frames and series.

What must not break: nothing held, nothing whose time is not up, nothing without a decision on its time and nothing
kept for research is ever due. The answer depends on what there is, never on the order it is told in; once what is due
is gone, nothing of it is due again.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from stickprov_contracts.events import Period
from stickprov_contracts.http.erasure import Standing
from stickprov_sampler.domain.erasure.holding import Holds
from stickprov_sampler.domain.erasure.retention import Rule, due_from, longest


@dataclass(frozen=True, slots=True)
class Drawn:
    """A draw, with what the vault still has of it.

    Attributes:
        made: the day it was drawn.
        left: cases that are not erased, each with whether research may keep it.
    """

    draw: UUID
    frame: UUID
    control_points: tuple[str, ...]
    period: Period
    made: date
    left: Mapping[str, bool]


@dataclass(frozen=True, slots=True)
class StandingOfDraw:
    """How a draw stands on a day.

    Attributes:
        months, due: None where no retention was set.
        erasable: cases that go now. held: that a hold keeps. research: that stay for research, once it is due.
        holds: that keep something of it.
    """

    drawn: Drawn
    standing: Standing
    months: int | None
    due: date | None
    erasable: frozenset[str]
    held: frozenset[str]
    research: frozenset[str]
    holds: frozenset[UUID]

    @property
    def needs_frame(self) -> bool:
        """Whether it may yet be extended or get a spare, so that the frame's identities are needed."""
        return self.standing not in {"due", "erased"} or bool(self.held)


@dataclass(frozen=True, slots=True)
class Frozen:
    """A frame whose identities are, or are not any more, in the vault.

    Attributes:
        made: the day it was frozen. erased: whether its identities are gone.
    """

    frame: UUID
    series: UUID
    control_point: str
    period: Period
    made: date
    erased: bool


@dataclass(frozen=True, slots=True)
class StandingOfFrame:
    """How a frame stands on a day."""

    frozen: Frozen
    standing: Standing
    due: date | None


def standing_of_draw(drawn: Drawn, rules: Mapping[str, Rule], holds: Holds, on: date) -> StandingOfDraw:
    """Return how a draw stands on a day.

    Args:
        drawn: the draw.
        rules: by control point, of those that have one.
        holds: all there are.
        on: the day.
    """
    held, keeping = held_of(drawn, holds)
    rule = longest(drawn.control_points, rules)
    due = None if rule is None else due_from(drawn.period.end, drawn.made, rule)
    nothing: frozenset[str] = frozenset()

    def stands(
        standing: Standing, *, erasable: frozenset[str] = nothing, research: frozenset[str] = nothing
    ) -> StandingOfDraw:
        months = None if rule is None else rule.months
        return StandingOfDraw(drawn, standing, months, due, erasable, held, research, keeping)

    if not drawn.left:
        return stands("erased")
    if rule is None or due is None:
        return stands("no-retention")
    if on < due:
        return stands("not-due")
    research = kept_for_research(drawn, rules)
    erasable = frozenset(drawn.left) - held - research
    if erasable:
        return stands("due", erasable=erasable, research=research)
    return stands("held" if held - research else "erased", research=research)


def kept_for_research(drawn: Drawn, rules: Mapping[str, Rule]) -> frozenset[str]:
    """Return the cases of a draw that one of its control points keeps for research."""
    if not any(rules[point].keep_for_research for point in drawn.control_points if point in rules):
        return frozenset()
    return frozenset(case for case, may_stay in drawn.left.items() if may_stay)


def held_of(drawn: Drawn, holds: Holds) -> tuple[frozenset[str], frozenset[UUID]]:
    """Return the cases of a draw that holds keep, and those holds."""
    left = frozenset(drawn.left)
    of_all = holds.on_draw(drawn.draw, drawn.control_points)
    of_cases = {case: keeping for case, keeping in holds.on_cases().items() if case in left}
    keeping = of_all.union(*of_cases.values())
    return (left if of_all else frozenset(of_cases)), keeping


def standing_of_frame(
    frozen: Frozen, draws: Iterable[StandingOfDraw], rules: Mapping[str, Rule], holds: Holds, on: date
) -> StandingOfFrame:
    """Return how a frame's identities stand on a day.

    They go when the time of the frame's own control point is up and no draw needs them any more: an erasure on request
    takes a draw, and not at once everybody that it could have drawn.

    Args:
        frozen: the frame.
        draws: how each draw from it stands.
        rules: by control point, of those that have one.
        holds: all there are.
        on: the day.
    """
    rule = rules.get(frozen.control_point)
    due = None if rule is None else due_from(frozen.period.end, frozen.made, rule)
    if frozen.erased:
        return StandingOfFrame(frozen, "erased", due)
    if holds.on_point(frozen.control_point):
        return StandingOfFrame(frozen, "held", due)
    waiting = {one.standing for one in draws if one.needs_frame}
    if due is None:
        return StandingOfFrame(frozen, "no-retention", None)
    if on < due or not waiting:
        return StandingOfFrame(frozen, "not-due" if on < due else "due", due)
    return StandingOfFrame(frozen, _why_it_waits(waiting), due)


def _why_it_waits(waiting: Collection[Standing]) -> Standing:
    """Return why a frame waits for its draws: a decision that is missing, their time, or a hold."""
    for why in ("no-retention", "not-due"):
        if why in waiting:
            return why
    return "held"


def series_without_use(frames: Iterable[Frozen], cases_left: Mapping[UUID, int]) -> frozenset[UUID]:
    """Return the series whose key nothing needs any more: every frame is erased, and no case is left.

    Args:
        frames: every frame of every series whose key is in the vault.
        cases_left: how many cases the vault has of each series, where there are any.
    """
    erased: dict[UUID, bool] = {}
    for frozen in frames:
        erased[frozen.series] = erased.get(frozen.series, True) and frozen.erased
    return frozenset(series for series, all_of_it in erased.items() if all_of_it and not cases_left.get(series))

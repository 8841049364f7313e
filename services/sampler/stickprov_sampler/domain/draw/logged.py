"""What the log says of a draw: its events, and the plan and the request that they tell of."""

from dataclasses import dataclass, replace
from typing import NamedTuple

from stickprov_contracts.events.draws import SeedCommitted, SeedRevealed
from stickprov_contracts.events.sampler import CaseDrawn, FrameFrozen, SampleDrawn, SeedDrawn
from stickprov_contracts.http.sampler import ExplicitAllocation, MakeDraw, StandardDeviation
from stickprov_sampler.domain.draw.continuing import plan_at, plan_now
from stickprov_sampler.domain.draw.drawing import Positions
from stickprov_sampler.domain.draw.plan import Plan
from stickprov_sampler.domain.draw.state import State


class Altered(NamedTuple):
    """An event that is not the one whose hash was chained: the ``number``-th of its stream."""

    stream: str
    number: int
    type: str


@dataclass(frozen=True, slots=True)
class Logged:
    """What the log says of a draw.

    Attributes:
        seed: of the draw alone; else it was committed for the series, and revealed or not.
        altered: the first event of the draw, its frame or its series that was altered after it had its place.
    """

    frame: FrameFrozen
    seed: SeedDrawn | None
    sample: SampleDrawn
    state: State
    positions: Positions
    commitment: SeedCommitted | None = None
    revelation: SeedRevealed | None = None
    altered: Altered | None = None

    @property
    def cases(self) -> tuple[CaseDrawn, ...]:
        """All cases, spares and extensions included."""
        return self.state.cases

    @property
    def known_seed(self) -> str | None:
        """The seed; None while it is secret."""
        if self.seed is not None:
            return self.seed.seed
        return self.revelation.seed if self.revelation else None


def plan_of(logged: Logged) -> Plan:
    """Return the plan that a logged draw says it followed, as far as its frame can have allowed it."""
    plan = plan_now(logged.state, logged.sample)
    wanted = {part: min(count, plan.sizes[part]) for part, count in plan.wanted.items()}
    further = {part: min(count, plan.sizes.get(part, 0) - wanted.get(part, 0)) for part, count in plan.further.items()}
    return replace(plan, wanted=wanted, further=further)


def request_of(sample: SampleDrawn) -> MakeDraw:
    """Return the request that a sample answers, as its event tells it: the rule is followed again from here."""
    by = list(sample.stratified_by)
    wanted = plan_at(State(), sample, 0).wanted
    stratified = bool(by) and sample.design != "per_group"
    rule = sample.allocation_rule or ("explicit" if stratified else None)
    shared = rule in {"proportional", "equal", "neyman"}
    by_n = shared or (not by and sample.design in {"simple", "cluster", "pps"})
    every = max(wanted.values(), default=0)
    return MakeDraw.model_construct(
        frame=sample.frame,
        design=sample.design,
        n=sample.drawn if by_n and sample.rate is None else None,
        rate=sample.rate if by_n else None,
        stratify_by=by if stratified else None,
        per_stratum=every if rule == "each" and stratified else None,
        allocation=[ExplicitAllocation(stratum=part, n=n) for part, n in wanted.items()] if rule == "explicit" else [],
        allocate=None if rule is None or rule == "each" or rule == "explicit" else rule,  # noqa: PLR1714
        standard_deviations=[
            StandardDeviation(stratum=part, value=value) for part, value in sample.standard_deviations.items()
        ],
        per_group=every if sample.design == "per_group" else None,
        sort_key=sample.sort_key,
        interval=sample.interval,
        size_column=sample.size_column,
    )

"""What is to be drawn from a frame: how many units of each part, and by which design."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from stickprov_contracts.events.sampler import AllocationRule, Design
from stickprov_sampler.domain.draw.pareto import Shares
from stickprov_sampler.domain.draw.survey import WHOLE_FRAME, Cell


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be drawn.

    Attributes:
        stratified_by: the frame's columns that part it; none for a draw from the whole frame.
        sizes: N_h of each part. wanted: n_h of each part, at most N_h; their sum is at least 1.
        cells: N by month and stratum.
        shift: where tickets begin to count, 64 hex digits.
        start: the first place of a systematic draw, from 1; None before there is a seed.
        shared: for chances by size.
        further: how many more of each part are fetched, in the order in which they would be the next ones.
    """

    design: Design
    stratified_by: tuple[str, ...]
    sizes: Mapping[str, int]
    wanted: Mapping[str, int]
    cells: Sequence[Cell] = ()
    rule: AllocationRule | None = None
    rate: Decimal | None = None
    handlers: Mapping[str, int] = field(default_factory=dict)
    standard_deviations: Mapping[str, Decimal] = field(default_factory=dict)
    sort_key: str | None = None
    interval: int | None = None
    start: int | None = None
    size_column: str | None = None
    shared: Shares | None = None
    shift: str | None = None
    further: Mapping[str, int] = field(default_factory=dict)

    def taken(self, part: str) -> int:
        """Return how many of a part are fetched, spares and extensions included."""
        return self.wanted.get(part, 0) + self.further.get(part, 0)


def started(plan: Plan, start: int) -> Plan:
    """Return a systematic plan with the n that its start gives; any other plan as it is."""
    if plan.interval is None:
        return plan
    size = plan.sizes[WHOLE_FRAME]
    return replace(plan, start=start, wanted={WHOLE_FRAME: (size - start) // plan.interval + 1})

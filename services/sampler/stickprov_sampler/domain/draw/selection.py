"""What the drawing rule selected from a frame file, and the probability the design gave it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from stickprov_contracts.events.sampler import Allocation, CaseDrawn, FrameFrozen, SampleDrawn, SeedDrawn
from stickprov_sampler.domain.draw.allocation import Plan, part_of
from stickprov_sampler.domain.draw.ticket import ALGORITHM


@dataclass(frozen=True, slots=True)
class Selected:
    """One unit of the frame file whose ticket is among the smallest.

    Attributes:
        order: its place by ticket, from 1: in its part for a stratified draw, in the whole frame for a simple one.
        subunits: how many are counted inside it, None where the frame does not say.
    """

    case: str
    month: str
    stratum: str
    unit: str
    handler: str | None
    subunits: int | None
    ticket: str
    order: int


def case_drawn(selected: Selected, plan: Plan, sample: SampleDrawn) -> CaseDrawn:
    """Return the fact that a unit was drawn; its inclusion probability is n_h / N_h of its part."""
    part = part_of(plan.stratify_by, selected.month, selected.stratum)
    return CaseDrawn(
        case=selected.case,
        draw=sample.draw,
        control_points=sample.control_points,
        period=sample.period,
        month=selected.month,
        stratum=selected.stratum,
        unit=selected.unit,
        order=selected.order,
        inclusion_probability=plan.wanted[part] / plan.sizes[part],
        subunits=[str(number) for number in range(1, (selected.subunits or 0) + 1)],
        handler=selected.handler,
    )


def sample_drawn(
    plan: Plan, frame: FrameFrozen, seed: SeedDrawn, control_points: Sequence[str], selected: Sequence[Selected]
) -> SampleDrawn:
    """Return the fact that a sample was selected, with N_h and n_h of every month and stratum of the frame."""
    drawn = cells_of(selected)
    return SampleDrawn(
        draw=seed.draw,
        frame=frame.frame,
        series=frame.series,
        control_points=list(control_points),
        period=frame.period,
        design=plan.design,
        stratified_by=[plan.stratify_by] if plan.stratify_by else [],
        size=frame.size,
        drawn=len(selected),
        allocation=[
            Allocation(
                stratum=cell.stratum,
                month=cell.month,
                size=cell.size,
                drawn=drawn.get((cell.month, cell.stratum), 0),
            )
            for cell in frame.strata
        ],
        seed=seed.seed,
        frame_hash=frame.frame_hash,
        algorithm=ALGORITHM,
    )


def cells_of(units: Sequence[Selected | CaseDrawn]) -> Mapping[tuple[str, str], int]:
    """Return how many units are in each month and stratum."""
    cells: dict[tuple[str, str], int] = {}
    for unit in units:
        cells[unit.month, unit.stratum] = cells.get((unit.month, unit.stratum), 0) + 1
    return cells

"""What the drawing rule selected from a frame file, and the probability the design gave it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from stickprov_contracts.events.sampler import Allocation, CaseDrawn, FrameFrozen, SampleDrawn
from stickprov_sampler.domain.draw.plan import Plan
from stickprov_sampler.domain.draw.survey import part_of
from stickprov_sampler.domain.draw.ticket import ALGORITHM


@dataclass(frozen=True, slots=True)
class Selected:
    """One unit of the frame file that the rule selects.

    Attributes:
        stratum: of the draw; the frame's where the draw is not stratified by other columns.
        subunits: how many are counted inside it, None where the frame does not say.
        order: its place in its part, or in the whole frame, from 1.
        part: which part. chance: where it is the unit's own (by size).
        subunit_ids: public ids of the subunits, None where the frame only counts them.
    """

    case: str
    month: str
    stratum: str
    unit: str
    handler: str | None
    subunits: int | None
    ticket: str
    order: int
    part: str = ""
    chance: float | None = None
    subunit_ids: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Seeding:
    """The seed a sample was drawn with, as the log shows it.

    Attributes:
        seed: None while it is secret. seed_hash: where it was committed.
        coordinated_with: an earlier draw of the series with the same seed.
    """

    draw: UUID
    seed: str | None
    seed_hash: str | None = None
    coordinated_with: UUID | None = None


def case_drawn(selected: Selected, plan: Plan, sample: SampleDrawn) -> CaseDrawn:
    """Return the fact that a unit was drawn, with the chance its design gave it."""
    return CaseDrawn(
        case=selected.case,
        draw=sample.draw,
        control_points=sample.control_points,
        period=sample.period,
        month=selected.month,
        stratum=selected.stratum,
        unit=selected.unit,
        order=selected.order,
        inclusion_probability=chance_of(selected, plan),
        subunits=_subunits(selected),
        handler=selected.handler,
    )


def _subunits(selected: Selected) -> list[str]:
    if selected.subunit_ids is not None:
        return list(selected.subunit_ids)
    return [str(number) for number in range(1, (selected.subunits or 0) + 1)]


def chance_of(selected: Selected, plan: Plan) -> float:
    """Return a unit's inclusion probability: 1/k, its own by size, or n_h / N_h of its part."""
    if plan.interval is not None:
        return 1 / plan.interval
    if selected.chance is not None:
        return selected.chance
    return chance_of_part(plan, selected)


def chance_of_part(plan: Plan, unit: Selected | CaseDrawn) -> float:
    """Return n_h / N_h of the part that a unit belongs to."""
    part = part_of(plan.stratified_by, unit.month, unit.stratum)
    return min(1.0, plan.wanted[part] / plan.sizes[part])  # a tampered log may say more than there is


def sample_drawn(
    plan: Plan, frame: FrameFrozen, seeding: Seeding, control_points: Sequence[str], selected: Sequence[Selected]
) -> SampleDrawn:
    """Return the fact that a sample was selected, with N_h and n_h of every month and stratum of the frame."""
    return SampleDrawn(
        draw=seeding.draw,
        frame=frame.frame,
        series=frame.series,
        control_points=list(control_points),
        period=frame.period,
        design=plan.design,
        stratified_by=list(plan.stratified_by),
        size=frame.size,
        drawn=len(selected),
        allocation=allocation_of(plan, cells_of(selected)),
        seed=seeding.seed,
        seed_hash=seeding.seed_hash,
        frame_hash=frame.frame_hash,
        algorithm=ALGORITHM,
        allocation_rule=plan.rule,
        rate=plan.rate,
        handlers=dict(plan.handlers),
        standard_deviations=dict(plan.standard_deviations),
        sort_key=plan.sort_key,
        interval=plan.interval,
        start=plan.start,
        size_column=plan.size_column,
        shift=plan.shift,
        coordinated_with=seeding.coordinated_with,
    )


def allocation_of(plan: Plan, drawn: Mapping[tuple[str, str], int]) -> list[Allocation]:
    """Return N_h and n_h by stratum and month."""
    return [
        Allocation(
            stratum=cell.stratum, month=cell.month, size=cell.size, drawn=drawn.get((cell.month, cell.stratum), 0)
        )
        for cell in plan.cells
    ]


def cells_of(units: Sequence[Selected | CaseDrawn]) -> dict[tuple[str, str], int]:
    """Return how many units are in each month and stratum."""
    cells: dict[tuple[str, str], int] = {}
    for unit in units:
        cells[unit.month, unit.stratum] = cells.get((unit.month, unit.stratum), 0) + 1
    return cells

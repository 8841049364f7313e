"""Register measures as events: made once, shown, and compared with what counting again gives."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from stickprov_contracts.events.measures import MeasuredCell, RegisterMeasured
from stickprov_contracts.events.sampler import FrameFrozen
from stickprov_contracts.http.measures import MakeMeasure, Measure, MeasureVerification

ALGORITHM = "register-filter-v1"


@dataclass(frozen=True, slots=True)
class Counted:
    """What counting a frame gave: cells in the order of month, unit and category; their totals."""

    cells: Sequence[MeasuredCell]

    @property
    def numerator(self) -> Decimal:
        """What counts, in all."""
        return sum((cell.numerator for cell in self.cells), Decimal(0))

    @property
    def denominator(self) -> int:
        """The units looked at, each once: the categories of one month and unit share them."""
        return sum({(cell.month, cell.unit): cell.denominator for cell in self.cells}.values())


def measured(
    measure: UUID, asked: MakeMeasure, frame: FrameFrozen, control_points: list[str], counted: Counted
) -> RegisterMeasured:
    """Return the fact that a rule was counted."""
    return RegisterMeasured(
        measure=measure,
        title=asked.title,
        frame=frame.frame,
        frame_hash=frame.frame_hash,
        control_points=control_points,
        period=frame.period,
        kind=asked.kind,
        rule=asked.rule,
        among=asked.among,
        sum_column=asked.sum_column,
        category_column=asked.category_column,
        goal=asked.goal,
        numerator=counted.numerator,
        denominator=counted.denominator,
        cells=list(counted.cells),
        algorithm=ALGORITHM,
    )


def as_answer(event: RegisterMeasured, frame_name: str, position: int | None) -> Measure:
    """Return a measure as the API shows it."""
    return Measure(**dict(event), frame_name=frame_name, position=position)


def question_of(event: RegisterMeasured) -> MakeMeasure:
    """Return what was asked, as it can be asked again."""
    return MakeMeasure.model_validate(event.model_dump(include=set(MakeMeasure.model_fields) - {"control_points"}))


def compare(event: RegisterMeasured, frame: FrameFrozen, counted: Counted) -> MeasureVerification:
    """Compare a measure with what counting again gave."""
    difference = _first_difference(event, frame, counted)
    return MeasureVerification(
        measure=event.measure, verdict="different" if difference else "verified", first_difference=difference
    )


def different(measure: UUID, what: str) -> MeasureVerification:
    """Return that a measure cannot be what its event says."""
    return MeasureVerification(measure=measure, verdict="different", first_difference=what)


def _first_difference(event: RegisterMeasured, frame: FrameFrozen, counted: Counted) -> str | None:
    if event.frame_hash != frame.frame_hash:
        return f"The measure names frame hash {event.frame_hash}, the frame has {frame.frame_hash}."
    if (event.numerator, event.denominator) != (counted.numerator, counted.denominator):
        return (
            f"The log has {event.numerator} of {event.denominator}; "
            f"counting gives {counted.numerator} of {counted.denominator}."
        )
    for logged, again in zip(event.cells, counted.cells, strict=False):
        if logged != again:
            return f"The log has {_described(logged)}; counting gives {_described(again)}."
    if len(event.cells) != len(counted.cells):
        return f"The log has {len(event.cells)} cells; counting gives {len(counted.cells)}."
    return None


def _described(cell: MeasuredCell) -> str:
    part = ", ".join(name for name in (cell.month, cell.unit, cell.category) if name)
    return f"{cell.numerator} of {cell.denominator} for {part}"

"""A register measure by month, year, unit and category, beside its goal."""

from collections.abc import Callable, Iterable
from decimal import Decimal

from stickprov_contracts.events.measures import Goal, MeasuredCell, RegisterMeasured
from stickprov_contracts.http.register import RegisterMeasure, RegisterPart


def measure_of(event: RegisterMeasured) -> RegisterMeasure:
    """Return a measure as the API shows it; its parts are in the order of their names."""

    def parts(name: Callable[[MeasuredCell], str]) -> list[RegisterPart]:
        return _parts(event.cells, name, event.goal)

    return RegisterMeasure(
        measure=event.measure,
        title=event.title,
        frame=event.frame,
        frame_hash=event.frame_hash,
        period=event.period,
        kind=event.kind,
        rule=event.rule,
        among=event.among,
        sum_column=event.sum_column,
        category_column=event.category_column,
        goal=event.goal,
        total=_part("", event.numerator, event.denominator, event.goal),
        months=parts(lambda cell: cell.month),
        years=parts(lambda cell: cell.month[:4]),
        units=parts(lambda cell: cell.unit),
        categories=_categories(event),
    )


def _parts(cells: Iterable[MeasuredCell], name: Callable[[MeasuredCell], str], goal: Goal | None) -> list[RegisterPart]:
    numerators: dict[str, Decimal] = {}
    denominators: dict[str, dict[tuple[str, str], int]] = {}
    for cell in cells:
        part = name(cell)
        numerators[part] = numerators.get(part, Decimal(0)) + cell.numerator
        # The categories of a month and unit share one denominator.
        denominators.setdefault(part, {})[cell.month, cell.unit] = cell.denominator
    return [_part(part, numerators[part], sum(denominators[part].values()), goal) for part in sorted(numerators)]


def _categories(event: RegisterMeasured) -> list[RegisterPart]:
    """Return the categories beside the whole denominator; a goal is for the whole."""
    if event.category_column is None:
        return []
    numerators: dict[str, Decimal] = {}
    for cell in event.cells:
        numerators[cell.category] = numerators.get(cell.category, Decimal(0)) + cell.numerator
    return [_part(name, n, event.denominator, None) for name, n in sorted(numerators.items()) if n]


def _part(name: str, numerator: Decimal, denominator: int, goal: Goal | None) -> RegisterPart:
    return RegisterPart(
        name=name,
        numerator=numerator,
        denominator=denominator,
        value=float(numerator / denominator) if denominator else None,
        meets_goal=None if goal is None or not denominator else _meets(numerator, denominator, goal),
    )


def _meets(numerator: Decimal, denominator: int, goal: Goal) -> bool:
    """Compare exactly: a goal of 50 % is met by 15 of 30."""
    wanted = goal.share * denominator
    return numerator >= wanted if goal.direction == "at-least" else numerator <= wanted

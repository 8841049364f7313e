"""Register measures of which no part gives away few; a whole register is counted, so a small number is of that many."""

from collections.abc import Iterable

from stickprov_contracts.http.register import RegisterMeasure, RegisterPart
from stickprov_reporting.domain.reports.small_cells.tree import Count, protect
from stickprov_reporting.domain.reports.withheld import WITHHELD


def measure_without_small(measure: RegisterMeasure, below: int) -> RegisterMeasure:
    """Return a measure as a report may print it."""
    if measure.kind == "sum":
        return _sum_without_small(measure, below)
    whole = _count(measure.total)
    parts = {name: [_count(part) for part in found] for name, found in _parts(measure).items()}
    whole.is_shared_among(parts["categories"])
    for name in ("months", "units"):
        whole.is_sum_of(parts[name])
    protect(whole, below)
    kept = {
        name: [_untold(part) if count.hidden else part for part, count in zip(found, parts[name], strict=True)]
        for name, found in _parts(measure).items()
    }
    total = _untold(measure.total) if whole.hidden else measure.total
    return _kept(measure, total, kept)


def _sum_without_small(measure: RegisterMeasure, below: int) -> RegisterMeasure:
    """Leave out a whole way of telling a sum apart where one of its parts is of few, so that the rest tells nothing."""
    few = _has_few([measure.total], below)
    kept = {
        name: [_untold(part) for part in found] if few or _has_few(found, below) else found
        for name, found in _parts(measure).items()
    }
    return _kept(measure, _untold(measure.total) if few else measure.total, kept)


def _kept(measure: RegisterMeasure, total: RegisterPart, kept: dict[str, list[RegisterPart]]) -> RegisterMeasure:
    """Return a measure with what is kept; years, which no report prints, go where anything goes."""
    shown = measure.model_copy(update={"total": total, **kept})
    return shown if shown == measure else shown.model_copy(update={"years": []})


def _parts(measure: RegisterMeasure) -> dict[str, list[RegisterPart]]:
    return {"months": measure.months, "units": measure.units, "categories": measure.categories}


def _has_few(parts: Iterable[RegisterPart], below: int) -> bool:
    return any(0 < part.denominator < below for part in parts)


def _count(part: RegisterPart) -> Count:
    return Count(int(part.numerator), part.denominator)


def _untold(part: RegisterPart) -> RegisterPart:
    return part.model_copy(update={"numerator": WITHHELD, "value": None, "meets_goal": None})

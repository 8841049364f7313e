"""The statistic of a control point for a date range, put together from counts alone."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from stickprov_contracts.events.base import Period
from stickprov_contracts.http.statistics import (
    AsOf,
    Counts,
    DrawStatistics,
    FileReviewStatistics,
    MonthStatistics,
    Statistics,
    StratumStatistics,
    UnitStatistics,
)
from stickprov_reporting.domain.projection import PROJECTION
from stickprov_reporting.domain.projection.counting import FILE, REMARKS, REVIEWED
from stickprov_reporting.domain.statistics.agreement import agreement_of
from stickprov_reporting.domain.statistics.calendar import label_of
from stickprov_reporting.domain.statistics.estimating import estimated
from stickprov_reporting.domain.statistics.missing import missing_of
from stickprov_reporting.domain.statistics.outcomes import FILES, Counted, categories_of, counted, questions_of
from stickprov_reporting.domain.statistics.parts import REMARKED
from stickprov_reporting.domain.statistics.reasons import reasons_of
from stickprov_reporting.domain.statistics.shares import share
from stickprov_reporting.domain.statistics.subunits import subunits_of
from stickprov_reporting.domain.statistics.tally import (
    COUNTED,
    Basis,
    Tally,
    cases_alone,
    grouped,
    split,
    together,
)
from stickprov_reporting.domain.statistics.verdict import conclusions_within, verdict_of


@dataclass(frozen=True, slots=True)
class DateRange:
    """Dates ``[start, end)``."""

    start: date
    end: date


def statistics_of(basis: Basis, dates: DateRange, as_of: Mapping[str, AsOf]) -> Statistics:
    """Return the statistic; without a draw in the range, totals of zero."""
    found = counted(basis)
    total = together(basis.tallies.values())
    estimate = estimated(basis)
    cases = cases_alone(basis)
    return Statistics(
        **basis.point.model_dump(include={"control_point", "number", "measure", "unit_name", "board", "area", "plan"}),
        tolerance=basis.point.tolerance,
        start=dates.start,
        end=dates.end,
        draws=draws_of(basis),
        total=Counts(**counts_of(total)),
        size_average=total.size / len(found.months) if found.months else None,
        pooled=share(total.remarks, total.reviewed),
        mean_of_months=found.mean_of_months(REMARKED, REVIEWED),
        weighted=estimate.weighted,
        interval=estimate.interval,
        no_interval=estimate.no_interval,
        missing=missing_of(cases, estimate.interval),
        verdict=verdict_of(estimate.interval, basis.point.tolerance),
        conclusions=conclusions_within(basis.conclusions, dates.start, dates.end),
        months=_months(cases),
        strata=_strata(cases),
        units=_units(cases),
        reasons=reasons_of(found.totals(), [form for _, form in sorted(basis.questionnaires.items())]),
        categories=categories_of(found),
        questions=questions_of(found),
        subunits=subunits_of(basis, found.totals()),
        agreement=agreement_of(found.totals()),
        file_review=_file_review(found),
        as_of=dict(as_of),
        projection=PROJECTION,
    )


def counts_of(tally: Tally) -> dict[str, Any]:
    """Return the fields of ``Counts``."""
    return {
        **tally._asdict(),
        "waiting": tally.waiting,
        "sampling_fraction": share(tally.drawn, tally.size),
        "remark_share": share(tally.remarks, tally.reviewed),
    }


def draws_of(basis: Basis) -> list[DrawStatistics]:
    """Return the draws that count, by period."""
    counts = grouped(basis.tallies, lambda place: place.draw)
    heard = {key.draw: stratum for key, stratum in basis.strata.items() if stratum.design}
    found = sorted((stratum.start, stratum.end, draw) for draw, stratum in heard.items())
    return [
        DrawStatistics(
            draw=draw,
            period=Period(start=start, end=end, label=label_of(start, end)),
            design=heard[draw].design,
            stratified_by=list(heard[draw].stratified_by),
            size=counts[draw].size,
            drawn=counts[draw].drawn,
        )
        for start, end, draw in found
    ]


def _months(basis: Basis) -> list[MonthStatistics]:
    return [
        MonthStatistics(
            **counts_of(together(within.tallies.values())), month=month, interval=estimated(within).interval
        )
        for month, within in split(basis, lambda place: place.month).items()
    ]


def _strata(basis: Basis) -> list[StratumStatistics]:
    return [
        StratumStatistics(
            **counts_of(together(within.tallies.values())),
            month=month,
            stratum=stratum,
            interval=estimated(within).interval,
        )
        for (month, stratum), within in split(basis, lambda place: (place.month, place.stratum)).items()
    ]


def _units(basis: Basis) -> list[UnitStatistics]:
    """Return the units by name; none where no case has one."""
    counts: dict[str, dict[str, int]] = {}
    for key, value in basis.cells.items():
        of_unit = counts.setdefault(key.unit, {})
        of_unit[key.indicator] = of_unit.get(key.indicator, 0) + value
    if not any(counts):
        return []
    found = {unit: Tally(0, *(values.get(name, 0) for name in COUNTED)) for unit, values in sorted(counts.items())}
    kept = {"drawn", "reviewed", "over_coverage", "non_response", "waiting", "remarks", "remark_share"}
    return [
        UnitStatistics(unit=unit, **{name: value for name, value in counts_of(tally).items() if name in kept})
        for unit, tally in found.items()
    ]


def _file_review(found: Counted) -> FileReviewStatistics | None:
    """Return what became of looking into the remarks again, None where nobody does."""
    reviewed, remarks = found.total(FILE + REVIEWED), found.total(FILE + REMARKS)
    if not reviewed and found.basis.point.file_review_questionnaire is None:
        return None
    return FileReviewStatistics(
        due=found.total(REMARKS),
        reviewed=reviewed,
        remarks=remarks,
        remark_share=share(remarks, reviewed),
        questions=questions_of(found, [FILES]),
    )

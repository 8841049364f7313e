"""The statistic of a control point for a date range, put together from counts alone."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from stickprov_contracts.http.statistics import (
    AsOf,
    CategoryStatistics,
    Counts,
    MonthStatistics,
    Statistics,
    StratumStatistics,
)
from stickprov_reporting.domain.projection import PROJECTION
from stickprov_reporting.domain.statistics.interval import interval_of
from stickprov_reporting.domain.statistics.shares import mean_of_months, share, weighted
from stickprov_reporting.domain.statistics.tally import (
    Basis,
    Place,
    Tally,
    category_counts,
    grouped,
    simple_parts,
    tallies,
    together,
)


@dataclass(frozen=True, slots=True)
class DateRange:
    """Dates ``[start, end)``."""

    start: date
    end: date


def statistics_of(basis: Basis, dates: DateRange, as_of: Mapping[str, AsOf]) -> Statistics:
    """Return the statistic; without a draw in the range, totals of zero."""
    counts = tallies(basis)
    total = together(counts.values())
    months = dict(sorted(grouped(counts, lambda place: place.month).items()))
    parts = simple_parts(basis, counts)
    return Statistics(
        **basis.point.model_dump(include={"control_point", "number", "measure", "unit_name", "board", "area", "plan"}),
        tolerance=basis.point.tolerance,
        start=dates.start,
        end=dates.end,
        total=Counts(**_counts(total)),
        size_average=total.size / len(months) if months else None,
        pooled=share(total.remarks, total.reviewed),
        mean_of_months=mean_of_months(list(months.values())),
        weighted=weighted(parts),
        interval=interval_of(parts),
        no_interval=None,
        missing=None,
        verdict=None,
        conclusions=[],
        draws=[],
        units=[],
        reasons=[],
        questions=[],
        subunits=None,
        agreement=None,
        file_review=None,
        months=[_month(basis, counts, month, tally) for month, tally in months.items()],
        strata=_strata(counts),
        categories=_categories(basis, total.reviewed, list(months)),
        as_of=dict(as_of),
        projection=PROJECTION,
    )


def _counts(tally: Tally) -> dict[str, object]:
    return {
        **tally._asdict(),
        "over_coverage": 0,
        "non_response": 0,
        "waiting": tally.drawn - tally.reviewed,
        "sampling_fraction": share(tally.drawn, tally.size),
        "remark_share": share(tally.remarks, tally.reviewed),
    }


def _month(basis: Basis, counts: Mapping[Place, Tally], month: str, tally: Tally) -> MonthStatistics:
    within = {place: found for place, found in counts.items() if place.month == month}
    return MonthStatistics(**_counts(tally), month=month, interval=interval_of(simple_parts(basis, within)))


def _strata(counts: Mapping[Place, Tally]) -> list[StratumStatistics]:
    found = grouped(counts, lambda place: (place.month, place.stratum))
    return [
        StratumStatistics(**_counts(tally), month=month, stratum=stratum, interval=None)
        for (month, stratum), tally in sorted(found.items())
    ]


def _categories(basis: Basis, reviewed: int, months: list[str]) -> list[CategoryStatistics]:
    """Return the defined categories in their order, then those that findings know but the definition no longer."""
    counts = category_counts(basis)
    texts = {category.id: (category.sv, category.en) for category in basis.point.categories}
    texts |= {category: (category, category) for category in sorted(counts) if category not in texts}
    return [
        CategoryStatistics(
            category=category,
            sv=sv,
            en=en,
            share=share(sum(counts.get(category, {}).values()), reviewed),
            mean_of_months=None,
            interval=None,
            by_month={month: counts.get(category, {}).get(month, 0) for month in months},
        )
        for category, (sv, en) in texts.items()
    ]

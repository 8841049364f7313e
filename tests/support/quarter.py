"""Control point 3 of 2021, January to March, as reporting answers it; figures from the document and the design."""

from stickprov_client.demo.story import DEFINITION, END, MONTHS, START
from stickprov_contracts.http.statistics import (
    AsOf,
    CategoryStatistics,
    Counts,
    Interval,
    MonthStatistics,
    Share,
    Statistics,
)

LIMITS = {"2021-01": (331, 657), "2021-02": (339, 663), "2021-03": (495, 815)}


def share(numerator: int, denominator: int) -> Share:
    value = numerator / denominator if denominator else None
    return Share(numerator=numerator, denominator=denominator, value=value)


def interval(
    lower: float, upper: float, size: int, method: str = "hypergeometric-exact", estimated: float | None = None
) -> Interval:
    """``estimated`` is the share that the limits lie about; their middle when it is left out."""
    estimate_share = (lower + upper) / 2 / size if estimated is None else estimated
    return Interval.model_validate(
        {
            "lower": lower,
            "upper": upper,
            "lower_share": lower / size,
            "upper_share": upper / size,
            "confidence": 0.95,
            "method": method,
            "estimate": estimate_share * size,
            "estimate_share": estimate_share,
            "exact": method == "hypergeometric-exact",
            "share_exact": method == "hypergeometric-exact",
        }
    )


def counts(size: int, drawn: int, remarks: int) -> dict[str, object]:
    return {
        "size": size,
        "drawn": drawn,
        "reviewed": drawn,
        "over_coverage": 0,
        "non_response": 0,
        "waiting": 0,
        "remarks": remarks,
        "sampling_fraction": share(drawn, size),
        "remark_share": share(remarks, drawn),
    }


def quarter() -> Statistics:
    months = [
        MonthStatistics.model_validate(
            {
                "month": month.label,
                "interval": interval(*LIMITS[month.label], 2663, estimated=month.remark_count / month.drawn),
                **counts(2663, month.drawn, month.remark_count),
            }
        )
        for month in MONTHS
    ]
    categories = [
        CategoryStatistics(
            category=category.id,
            sv=category.sv,
            en=category.en,
            share=share(sum(month.remarks[category.id] for month in MONTHS), 509),
            mean_of_months=None,
            interval=None,
            by_month={month.label: month.remarks[category.id] for month in MONTHS},
        )
        for category in DEFINITION.categories
    ]
    return Statistics(
        control_point="AMF-2021-3",
        number="3",
        measure=DEFINITION.measure,
        unit_name="hushåll",
        board=DEFINITION.board,
        area=DEFINITION.area,
        tolerance=None,
        start=START,
        end=END,
        total=Counts.model_validate(counts(7989, 509, 104)),
        size_average=2663.0,
        pooled=share(104, 509),
        mean_of_months=(28 / 156 + 29 / 159 + 47 / 194) / 3,
        weighted=(28 / 156 + 29 / 159 + 47 / 194) / 3,
        interval=interval(1352.6, 1912.7, 7989, "mover-approximate", estimated=(28 / 156 + 29 / 159 + 47 / 194) / 3),
        no_interval=None,
        missing=None,
        verdict=None,
        conclusions=[],
        plan=None,
        draws=[],
        units=[],
        reasons=[],
        questions=[],
        subunits=None,
        agreement=None,
        file_review=None,
        months=months,
        strata=[],
        categories=categories,
        as_of={
            "sampler": AsOf(position=519, chain_hash="ab" * 32),
            "findings": AsOf(position=509, chain_hash="cd" * 32),
        },
        projection=1,
    )

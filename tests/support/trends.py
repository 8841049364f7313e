"""The months of control point 3's first quarter of 2021 as reporting answers a trend; figures from the document."""

from decimal import Decimal

from stickprov_client.language.periods import range_of
from stickprov_contracts.http.statistics import Counts, ToleranceVerdict
from stickprov_contracts.http.trends import Difference, PeriodDifference, PeriodShare, Trend
from support.quarter import quarter


def difference(estimate: float, lower: float, upper: float, told: str = "cannot-be-told") -> Difference:
    return Difference.model_validate(
        {"estimate": estimate, "lower": lower, "upper": upper, "confidence": 0.95, "told": told}
    )


def first_quarter_by_month() -> Trend:
    """Each month with its difference from the one before; limits by MOVER, made up where the document has none."""
    whole = quarter()
    differences = [None, difference(0.0029, -0.0852, 0.0905), difference(0.0599, -0.0311, 0.1453)]
    periods = []
    for month, moved in zip(whole.months, differences, strict=True):
        days = range_of(month.month)
        periods.append(
            PeriodShare(
                label=month.month,
                start=days.start,
                end=days.end,
                counts=Counts.model_validate(month.model_dump(exclude={"month", "interval"})),
                pooled=month.remark_share,
                mean_of_months=month.remark_share.value,
                weighted=month.remark_share.value,
                interval=month.interval,
                no_interval=None,
                verdict=ToleranceVerdict(
                    verdict="cannot-be-told", tolerance=Decimal("0.15"), method="hypergeometric-exact", exact=True
                ),
                difference=moved,
            )
        )
    return Trend(control_point=whole.control_point, by="month", periods=periods, as_of=whole.as_of)


def march_against_january() -> PeriodDifference:
    january, _february, march = first_quarter_by_month().periods
    return PeriodDifference(
        control_point="AMF-2021-3",
        period=march,
        against=january,
        difference=difference(0.0628, -0.0243, 0.1464),
        as_of=quarter().as_of,
    )

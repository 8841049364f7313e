"""The numbers of the board's documents: what is printed there, what the counts give, and what we say.

A figure is a text in per cent, rounded half up to as many decimals as the document prints.
"""

from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal

import pytest

from stickprov_reporting.domain.register.measure import measure_of
from stickprov_reporting.domain.statistics.hypergeometric import exact_limits
from stickprov_reporting.domain.statistics.ratio import ratio_limits
from stickprov_reporting.domain.statistics.statistic import statistics_of
from stickprov_reporting.domain.statistics.subunits import SUBUNITS_REMARKED, cluster_parts
from support.reporting import draw_id, measured, month_period
from support.statistics import EVER, drawn, monthly, place, point


def statistic(basis):
    return statistics_of(basis, EVER, {})


def percent(value, decimals=1):
    return str((100 * Decimal(value)).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP))


def of_months(sizes, drawn_by_month, remarks, first=1):
    months = [f"2021-{first + place:02}" for place in range(len(drawn_by_month))]
    return monthly(zip(months, sizes, drawn_by_month, remarks, strict=True))


PLAN_FILLED_IN = drawn("d", [place("2017-01", 222, 20, 11)])
OLDER_THAN_THREE_MONTHS = drawn("d", [place("2014-01", 73, 73, 43)], design="census")
OLDER_THAN_A_YEAR = drawn("d", [place("2014-01", 73, 73, 21)], design="census")
CORRECT_1 = of_months([2663] * 3, [156, 159, 194], [28, 29, 47])
CORRECT_2 = of_months([2670] * 5, [163, 183, 139, 133, 174], [30, 40, 30, 35, 41], 4)
CORRECT_3 = of_months([2528] * 4, [199, 165, 157, 123], [63, 41, 37, 22], 9)
FIRST_MEETING = of_months([3, 9, 10], [3, 3, 3], [2, 0, 0])
MEETING_APRIL = of_months([23, 29, 20, 15], [3] * 4, [0] * 4, 4)
PLAN_APRIL = of_months([23, 29, 20, 15], [3] * 4, [2, 3, 3, 2], 4)
MEETING_AUGUST = of_months([11, 35, 38], [3, 6, 6], [0, 2, 0], 8)
PLAN_AUGUST = of_months([11, 35, 38], [3, 6, 6], [2, 4, 6], 8)
ACTIVITY_AUGUST = of_months([11, 35, 38], [3, 6, 6], [1, 5, 4], 8)

ROWS = [
    # document and control, counts, figure, printed, right
    ("000 plan filled in", PLAN_FILLED_IN, "pooled", None, "55.0"),
    ("000 n/N", PLAN_FILLED_IN, "fraction", None, "9.0"),
    ("002.1 older than 3 months", OLDER_THAN_THREE_MONTHS, "pooled", "58.9", "58.9"),
    ("002.1 older than 1 year", OLDER_THAN_A_YEAR, "pooled", "27.4", "28.8"),
    ("003.M3 January to March, n/N", CORRECT_1, "fraction", "6.3", "6.4"),
    ("003.M3 January to March", CORRECT_1, "pooled", None, "20.4"),
    ("003.M3 January to March, mean", CORRECT_1, "mean", None, "20.1"),
    ("003.M3 April to August, n/N", CORRECT_2, "fraction", "5.9", "5.9"),
    ("003.M3 April to August", CORRECT_2, "pooled", None, "22.2"),
    ("003.M3 April to August, mean", CORRECT_2, "mean", None, "22.3"),
    ("003.M3 September to December, n/N", CORRECT_3, "fraction", "6.2", "6.4"),
    ("003.M3 September to December", CORRECT_3, "pooled", None, "25.3"),
    ("003.M3 September to December, mean", CORRECT_3, "mean", "24.5", "24.5"),
    ("003.M4 n/N in the text", FIRST_MEETING, "fraction", "14.0", "40.9"),
    ("003.M4+5 April to July, n/N", MEETING_APRIL, "fraction", "14.0", "13.8"),
    ("003.M4 April to July, meeting", MEETING_APRIL, "pooled", None, "0.0"),
    ("003.M5 April to July, plan", PLAN_APRIL, "pooled", None, "83.3"),
    ("003.M5 April to July, plan, weighted", PLAN_APRIL, "weighted", None, "85.4"),
    ("003.M4+5 August to October, n/N", MEETING_AUGUST, "fraction", "18.0", "17.9"),
    ("003.M4 August to October, meeting", MEETING_AUGUST, "pooled", None, "13.3"),
    ("003.M5 August to October, plan", PLAN_AUGUST, "pooled", None, "80.0"),
    ("003.M5 August to October, plan, weighted", PLAN_AUGUST, "weighted", None, "81.7"),
    ("003.M5 August to October, activity plan", ACTIVITY_AUGUST, "pooled", None, "66.7"),
]


@pytest.mark.parametrize(("basis", "figure", "printed", "right"), [pytest.param(*row[1:], id=row[0]) for row in ROWS])
def test_we_say_what_the_counts_give_whatever_is_printed(basis, figure, printed, right):
    found = statistic(basis)

    ours = {
        "pooled": found.pooled.value,
        "mean": found.mean_of_months,
        "weighted": found.weighted,
        "fraction": found.total.sampling_fraction.value,
    }[figure]
    assert percent(ours) == right


def test_what_is_printed_otherwise_is_known_to_be_wrong():
    assert [row[0] for row in ROWS if row[3] not in {None, row[4]}] == [
        "002.1 older than 1 year",
        "003.M3 January to March, n/N",
        "003.M3 September to December, n/N",
        "003.M4 n/N in the text",
        "003.M4+5 April to July, n/N",
        "003.M4+5 August to October, n/N",
    ]
    # 27.4 is 20 of 73, and the text has 21.
    assert (percent(20 / 73), percent(21 / 73)) == ("27.4", "28.8")


@pytest.mark.parametrize(
    ("basis", "drawn", "remarks", "size"),
    [
        pytest.param(CORRECT_1, 509, 104, 7989, id="January to March"),
        pytest.param(CORRECT_2, 792, 176, 13350, id="April to August, where the header says 795"),
        pytest.param(CORRECT_3, 644, 163, 10112, id="September to December"),
        pytest.param(FIRST_MEETING, 9, 2, 22, id="first meeting, where the header says 12"),
        pytest.param(PLAN_APRIL, 12, 10, 87, id="plan, April to July"),
        pytest.param(PLAN_AUGUST, 15, 12, 84, id="plan, August to October"),
    ],
)
def test_the_counts_add_up(basis, drawn, remarks, size):
    found = statistic(basis)

    assert (found.total.drawn, found.total.remarks, found.total.size) == (drawn, remarks, size)


def test_the_first_plans_have_the_interval_of_the_design():
    found = statistic(PLAN_FILLED_IN)

    assert (found.interval.lower, found.interval.upper, found.interval.method) == (73, 168, "hypergeometric-exact")


def test_no_remark_in_twelve_of_87_leaves_up_to_21_or_what_the_months_leave():
    assert exact_limits(87, 12, 0) == (0, 21)
    found = statistic(MEETING_APRIL)
    assert (found.interval.lower, found.interval.method, found.interval.exact) == (0, "stratified-exact", True)
    assert found.interval.upper > 21


def test_no_count_of_509_gives_the_printed_share_of_deposits():
    assert "12.87" not in {percent(Decimal(count) / 509, 2) for count in range(510)}


def children():
    """003.M1: 735 cases with 1774 children; 64 cases drawn, one for each handler within each unit."""
    units = {"A": (190, 16), "B": (155, 14), "C": (210, 18), "D": (180, 16)}
    places = []
    for unit, (size, handlers) in units.items():
        # Three of four cases have two children, the fourth has three; those of the last unit make the sum 146.
        counts = [3 if case % 4 == 3 else 2 for case in range(handlers)]
        if unit == "D":
            counts[:3] = 3, 3, 3
        outside = 3
        belonging = [*counts[:3], counts[3] - outside, *counts[4:]]
        remarks = [1 if case % 3 == 0 and m > 0 else 0 for case, m in enumerate(belonging)]
        places.append(
            place(
                "2020-08",
                size,
                handlers,
                sum(map(bool, remarks)),
                stratum=unit,
                subunits=sum(counts),
                subunits__reviewed=sum(belonging),
                subunits__over_coverage=outside,
                subunits__remarks=sum(remarks),
                square__subunits__reviewed=sum(m * m for m in belonging),
                square__subunits__remarks=sum(y * y for y in remarks),
                product__subunits__remarks=sum(y * m for y, m in zip(remarks, belonging, strict=True)),
            )
        )
    basis = drawn("d", places, design="cluster", by=("stratum",))
    return replace(basis, subunit_sizes={draw_id("d"): 1774}, point=point(subunit_name="barn"))


def test_children_are_counted_inside_cases_with_over_coverage_apart():
    found = statistic(children())

    assert (found.total.size, found.total.drawn, percent(found.total.sampling_fraction.value)) == (735, 64, "8.7")
    subunits = found.subunits
    assert (subunits.name, subunits.size, subunits.drawn) == ("barn", 1774, 146)
    assert percent(subunits.sampling_fraction.value) == "8.2"
    assert (subunits.reviewed, subunits.over_coverage, subunits.non_response, subunits.waiting) == (134, 12, 0, 0)
    assert percent(subunits.reviewed / subunits.drawn) == "91.8"
    # Printed as 8.3.
    assert percent(Decimal(146) / 1774) == "8.2"


def test_a_share_of_children_has_the_interval_of_a_ratio_over_units():
    basis = children()
    found = statistic(basis).subunits

    assert (found.interval.method, found.no_interval) == ("ratio-approximate", None)
    expected = ratio_limits(cluster_parts(basis, SUBUNITS_REMARKED))
    assert (found.interval.lower_share, found.interval.upper_share) == (expected.lower, expected.upper)
    assert found.interval.assumptions == ["normal-approximation", "over-coverage-conditioned"]
    # Children that belong: 1774 less the proportion of over-coverage, which is about 12 of 146.
    assert found.interval.upper / found.interval.upper_share == pytest.approx(1774 * 134 / 146, rel=0.01)


def test_where_the_frame_does_not_count_children_their_number_is_estimated_from_the_cases():
    found = statistic(replace(children(), subunit_sizes={})).subunits

    assert (found.size, found.sampling_fraction) == (None, None)
    assert found.interval.assumptions == ["normal-approximation"]
    # Each unit's cases times the remarks that its drawn cases have on average.
    assert found.interval.estimate == pytest.approx(190 * 5 / 16 + 155 * 4 / 14 + 210 * 5 / 18 + 180 * 5 / 16)
    assert found.interval.lower < found.interval.estimate < found.interval.upper


def test_one_case_of_a_unit_has_no_variance_and_that_is_said():
    basis = children()
    alone = drawn(
        "d",
        [
            place("2020-08", 50, 2, 1, stratum="A", subunits=4, subunits__reviewed=4, subunits__remarks=1),
            place("2020-08", 50, 1, 0, stratum="B", subunits=2, subunits__reviewed=2),
        ],
        design="cluster",
        by=("stratum",),
    )
    found = statistic(replace(alone, point=basis.point)).subunits

    assert (found.interval, found.no_interval) == (None, "one-per-group")
    assert (found.remark_share.numerator, found.remark_share.denominator) == (1, 6)


def test_shares_printed_as_of_the_cases_can_only_be_of_the_children():
    printed = {"60", "52", "41", "22", "13", "12", "4"}

    of_children = {percent(Decimal(count) / 134, 0) for count in range(135)}
    of_cases = {percent(Decimal(count) / 64, 0) for count in range(65)}

    assert printed <= of_children
    assert not printed <= of_cases


def test_staff_with_a_degree_beside_the_goal_by_unit():
    found = measure_of(
        measured(
            "002.5", [("2013-01", "Norr", 15, 30), ("2013-01", "Syd", 12, 40)], month_period("2013-01"), goal="0.5"
        )
    )

    assert percent(found.total.value, 0) == "39"
    assert [(unit.name, percent(unit.value, 0), unit.meets_goal) for unit in found.units] == [
        ("Norr", "50", True),
        ("Syd", "30", False),
    ]


def test_coordinated_plans_are_a_count_over_the_register():
    # 10 attended and 5 initiated, of 4243 cases.
    found = measure_of(measured("003.M2", [("2020-09", "", 10 + 5, 4243)], month_period("2013-01")))

    assert percent(found.total.value, 2) == "0.35"

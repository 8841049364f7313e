"""A sample that was extended is weighed as the larger sample it is, whatever chance its first cases were drawn with."""

from datetime import date

from stickprov_contracts.events.draws import SampleExtended
from stickprov_contracts.events.sampler import Allocation
from stickprov_reporting.domain.projection.fold import Folded
from stickprov_reporting.domain.statistics.statistic import DateRange, statistics_of
from stickprov_reporting.domain.statistics.tally import basis_within
from support.reporting import POINT, case_drawn, defined, draw_id, heard, month_period, recorded, sample

MARCH = month_period("2021-03")
NORTH, SOUTH = ("North", "2021-03", 20), ("South", "2021-03", 100)
"""Stratum, month and N."""


def cases(stratum, numbers, remarks, chance):
    """A case and its finding for each number; those below ``remarks`` have one."""
    for number in numbers:
        name = f"{stratum} {number}"
        drawn = case_drawn("draw", name, "2021-03", stratum=stratum)
        yield drawn.model_copy(update={"inclusion_probability": chance})
        yield recorded("draw", name, remark=number < remarks)


def statistics(events):
    folded = Folded()
    for position, event in enumerate(events, 1):
        folded.apply([heard(event, position)])
    dates = DateRange(date(2021, 3, 1), date(2021, 4, 1))
    point = folded.definitions[POINT].point
    return statistics_of(basis_within(point, folded.strata, folded.cells, dates.start, dates.end), dates, {})


def larger(added):
    return SampleExtended(
        draw=draw_id("draw"),
        control_points=[POINT],
        added=added,
        drawn=4 + added,
        allocation=[
            Allocation(stratum="North", month="2021-03", size=20, drawn=2),
            Allocation(stratum="South", month="2021-03", size=100, drawn=2 + added),
        ],
    )


def test_an_extended_sample_gives_the_same_statistics_as_the_larger_one_drawn_at_once():
    extended = statistics(
        [
            defined(),
            sample("draw", [(*NORTH, 2), (*SOUTH, 2)], MARCH, by=["stratum"]),
            *cases("North", range(2), 1, 2 / 20),
            *cases("South", range(2), 2, 2 / 100),
            larger(8),
            *cases("South", range(2, 10), 4, 10 / 100),
        ]
    )
    at_once = statistics(
        [
            defined(),
            sample("draw", [(*NORTH, 2), (*SOUTH, 10)], MARCH, by=["stratum"]),
            *cases("North", range(2), 1, 2 / 20),
            *cases("South", range(10), 4, 10 / 100),
        ]
    )

    assert extended == at_once
    # By hand: North 20 * 1/2 and South 100 * 4/10 of 120. With the chances in the first events it would be
    # 1/0.1 + 2/0.02 + 2/0.1 = 130 remarks in 120 units.
    assert extended.weighted == (20 * 1 / 2 + 100 * 4 / 10) / 120

"""A case that gave way to a spare counts for nothing, in whatever order the logs tell of it."""

from itertools import permutations

from stickprov_contracts.events.draws import CaseReplaced
from stickprov_reporting.domain.projection.fold import Folded
from stickprov_reporting.domain.projection.stratum import strata_of
from support.reporting import POINT, case_drawn, case_id, draw_id, heard, month_period, recorded, sample

OTHER = "AMF-2021-4"
POINTS = (POINT, OTHER)


def replaced(case, spare):
    return CaseReplaced(
        draw=draw_id("draw"),
        case=case_id(case),
        replacement=case_id(spare),
        control_points=list(POINTS),
        stratum="",
        month="2021-01",
        reason="closed",
    )


def folded_from(events):
    folded = Folded()
    for position, event in enumerate(events, 1):
        folded.apply([heard(event, position)])
    return {(key.control_point, key.indicator): value for key, value in folded.cells.items()}


def test_the_spare_counts_and_the_case_does_not_whatever_is_heard_first():
    events = [
        case_drawn("draw", "out", "2021-01", points=POINTS),
        case_drawn("draw", "spare", "2021-01", points=POINTS),
        replaced("out", "spare"),
        recorded("draw", "out", remark=True),
        recorded("draw", "spare"),
    ]
    for order in permutations(events):
        assert folded_from(order) == {(POINT, "drawn"): 1, (POINT, "reviewed"): 1, (OTHER, "drawn"): 1}


def test_a_draw_by_other_columns_is_stratified_for_the_statistics_too():
    by_unit = sample("draw", [("North", "2021-01", 20, 2)], month_period("2021-01"), by=["unit"])
    by_both = sample("draw", [("North", "2021-01", 20, 2)], month_period("2021-01"), by=["month", "unit", "handler"])
    assert [stratum.stratified_by for stratum in strata_of(by_unit).values()] == [("stratum",)]
    assert [stratum.stratified_by for stratum in strata_of(by_both).values()] == [("month", "stratum")]

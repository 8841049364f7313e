"""What a review goes through besides findings: marks, settlements, second and file reviews."""

from dataclasses import replace

import pytest

from stickprov_contracts.events.findings import (
    CaseMarkedNonResponse,
    CaseMarkedOverCoverage,
    DisagreementSettled,
    FileReviewRecorded,
    ReviewReopened,
    ReviewStarted,
    SecondReviewRecorded,
)
from stickprov_contracts.streams import file_review_stream, second_review_stream
from stickprov_reporting.domain.projection.fold import Folded
from support.reporting import POINT, REASON, case_drawn, case_id, draw_id, incoming, recorded, withdrawn

CASE = {"draw": draw_id("draw"), "control_point": POINT, "case": case_id("one")}
OVER_COVERAGE = CaseMarkedOverCoverage(**CASE, reason="duplicate")
NON_RESPONSE = CaseMarkedNonResponse(**CASE, reason="no-time")
REOPENED = ReviewReopened(**CASE, reopens=1, reason=REASON)
STARTED = ReviewStarted(**CASE)
DRAWN = {"drawn": 1}
REVIEWED = {"drawn": 1, "reviewed": 1}
REMARK = {"drawn": 1, "reviewed": 1, "remarks": 1}


def settled(*, remark: bool, **changes: object) -> DisagreementSettled:
    return DisagreementSettled(**CASE, remark=remark, settles=1, second=1, reason=REASON, **changes)


def second(*, remark: bool) -> SecondReviewRecorded:
    return SecondReviewRecorded(**CASE, remark=remark)


def looked_into(*, remark: bool) -> FileReviewRecorded:
    return FileReviewRecorded(**CASE, remark=remark)


def counted(*events):
    folded = Folded()
    folded.apply(incoming([case_drawn("draw", "one", "2021-01"), *events]))
    return {key.indicator: value for key, value in folded.cells.items()}


@pytest.mark.parametrize("mark", [OVER_COVERAGE, NON_RESPONSE])
def test_a_marked_case_has_not_been_reviewed(mark):
    assert counted(mark) == DRAWN
    assert counted(recorded("draw", "one", remark=True), mark) == DRAWN
    assert counted(mark, REOPENED) == DRAWN
    assert counted(mark, REOPENED, recorded("draw", "one")) == REVIEWED


def test_a_settlement_replaces_the_outcome():
    assert counted(recorded("draw", "one"), settled(remark=True)) == REMARK
    assert counted(recorded("draw", "one", remark=True), settled(remark=False)) == REVIEWED


def test_a_started_review_counts_as_before():
    assert counted(STARTED) == DRAWN
    assert counted(STARTED, recorded("draw", "one")) == REVIEWED


@pytest.mark.parametrize("other", [second, looked_into])
def test_second_and_file_reviews_change_nothing(other):
    assert counted(other(remark=True)) == DRAWN
    assert counted(recorded("draw", "one"), other(remark=True), other(remark=True)) == REVIEWED


@pytest.mark.parametrize("stream", [second_review_stream, file_review_stream])
@pytest.mark.parametrize("event", [withdrawn("draw", "one"), OVER_COVERAGE, NON_RESPONSE, REOPENED])
def test_what_happens_in_their_streams_leaves_the_first_review_alone(stream, event):
    drawn, first, *others = incoming([case_drawn("draw", "one", "2021-01"), recorded("draw", "one"), *[event] * 3])
    folded = Folded()
    folded.apply([drawn, first])
    subject = stream(CASE["draw"], POINT, CASE["case"])
    folded.apply([replace(one, envelope=one.envelope.model_copy(update={"subject": subject})) for one in others])

    assert {key.indicator: value for key, value in folded.cells.items()} == REVIEWED

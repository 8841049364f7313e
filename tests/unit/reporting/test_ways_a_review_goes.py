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
from support.reporting import POINT, REASON, case_drawn, case_id, corrected, draw_id, incoming, recorded, withdrawn

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
def test_a_marked_case_has_not_been_reviewed_and_is_counted_with_its_reason(mark):
    kind = "over-coverage" if mark is OVER_COVERAGE else "non-response"
    marked = DRAWN | {kind: 1, f"{kind}:{mark.reason}": 1}
    assert counted(mark) == marked
    assert counted(recorded("draw", "one", remark=True), mark) == marked
    assert counted(mark, REOPENED) == DRAWN
    assert counted(mark, REOPENED, recorded("draw", "one")) == REVIEWED


def test_a_settlement_replaces_the_outcome():
    assert counted(recorded("draw", "one"), settled(remark=True)) == REMARK | {"second:settled": 1}
    assert counted(recorded("draw", "one", remark=True), settled(remark=False)) == REVIEWED | {"second:settled": 1}


def test_a_started_review_counts_as_before():
    assert counted(STARTED) == DRAWN
    assert counted(STARTED, recorded("draw", "one")) == REVIEWED


@pytest.mark.parametrize("other", [second, looked_into])
def test_second_and_file_reviews_count_nothing_before_the_first_review(other):
    assert counted(other(remark=True)) == DRAWN


def test_first_and_second_review_are_counted_together_as_they_were_before_they_were_settled():
    first, other = recorded("draw", "one", remark=True), second(remark=False)
    both = {"second:both": 1, "second:remark-none": 1}

    assert counted(first, other) == REMARK | both
    assert counted(first, other, settled(remark=False)) == REVIEWED | both | {"second:settled": 1}
    assert counted(other, first, settled(remark=True), settled(remark=False)) == REVIEWED | both | {"second:settled": 1}


def test_a_disagreement_may_be_settled_by_a_mark():
    mark = OVER_COVERAGE.model_copy(update={"settles": 1, "second": 1, "settlement_reason": REASON})

    assert counted(recorded("draw", "one", remark=True), second(remark=False), mark) == DRAWN | {
        "over-coverage": 1,
        "over-coverage:duplicate": 1,
        "second:both": 1,
        "second:remark-none": 1,
        "second:settled": 1,
    }


def test_a_correction_after_a_settlement_is_what_the_first_reviewer_says():
    said = [recorded("draw", "one", remark=True), second(remark=False), settled(remark=True), corrected("draw", "one")]

    assert counted(*said) == REVIEWED | {"second:both": 1, "second:none-none": 1}


def test_a_file_review_counts_while_the_case_has_a_remark():
    first = recorded("draw", "one", remark=True)

    assert counted(first, looked_into(remark=False)) == REMARK | {"file:reviewed": 1}
    assert counted(looked_into(remark=True), first) == REMARK | {"file:reviewed": 1, "file:remarks": 1}
    assert counted(first, looked_into(remark=True), corrected("draw", "one")) == REVIEWED


@pytest.mark.parametrize("stream", [second_review_stream, file_review_stream])
@pytest.mark.parametrize("event", [withdrawn("draw", "one"), OVER_COVERAGE, NON_RESPONSE, REOPENED])
def test_what_happens_in_their_streams_leaves_the_first_review_alone(stream, event):
    drawn, first, *others = incoming([case_drawn("draw", "one", "2021-01"), recorded("draw", "one"), *[event] * 3])
    folded = Folded()
    folded.apply([drawn, first])
    subject = stream(CASE["draw"], POINT, CASE["case"])
    folded.apply([replace(one, envelope=one.envelope.model_copy(update={"subject": subject})) for one in others])

    assert {key.indicator: value for key, value in folded.cells.items()} == REVIEWED

from dataclasses import replace

import pytest

from stickprov_contracts.events.findings import FindingCorrected, FindingRecorded, FindingWithdrawn
from stickprov_findings.domain.review.commands import Command, CorrectFinding, RecordFinding, WithdrawFinding
from stickprov_findings.domain.review.decide import decide
from stickprov_findings.domain.review.evolve import evolve
from stickprov_findings.domain.review.refusals import (
    AlreadyReviewedError,
    CaseNotDrawnError,
    CaseNotYoursError,
    ControlPointNotKnownError,
    NothingChangedError,
    NotReviewedError,
    StaleVersionError,
)
from stickprov_findings.domain.review.state import Finding, Review
from stickprov_findings.domain.review.status import ReviewEvent
from stickprov_kernel.errors import BadInputError, StickprovError
from stickprov_kernel.notes.note import Note
from support.reviews import CASE, DRAW, KEY, POINT, drawn, found, note

WAITING = Review(drawn())
RECORDED = FindingRecorded(draw=DRAW, control_point=POINT, case=CASE, remark=True, categories=["deposit"])
WITHDRAWN = FindingWithdrawn(
    draw=DRAW, control_point=POINT, case=CASE, withdraws=1, reason=note("wrong case").reference
)


def given(*events: ReviewEvent, state: Review = WAITING) -> Review:
    for event in events:
        state = evolve(state, event, "anna")
    return state


def decided(command: Command, state: Review) -> list[ReviewEvent]:
    return list(decide(command, state).events)


def record(
    *categories: str, remark: bool | None = None, comment: Note | None = None, **changes: object
) -> RecordFinding:
    said = found(*categories, remark=bool(categories) if remark is None else remark, comment=comment)
    return replace(RecordFinding(KEY, "anna", said), **changes)


def correct(
    *categories: str, remark: bool | None = None, comment: Note | None = None, **changes: object
) -> CorrectFinding:
    said = found(*categories, remark=bool(categories) if remark is None else remark, comment=comment)
    return replace(CorrectFinding(KEY, "anna", said, note("misread", 2)), **changes)


def withdraw(**changes: object) -> WithdrawFinding:
    return replace(WithdrawFinding(KEY, "anna", note("wrong case", 2)), **changes)


def refused(state: Review, command: Command, error: type[StickprovError]) -> StickprovError:
    with pytest.raises(error) as caught:
        decide(command, state)
    return caught.value


def field_codes(state: Review, command: Command) -> list[tuple[str, str]]:
    return [(problem.field, problem.code) for problem in refused(state, command, BadInputError).errors]


def test_a_waiting_case_gets_its_finding():
    events = decided(record("swish", "deposit", comment=note("two deposits")), WAITING)

    assert events == [
        FindingRecorded(
            draw=DRAW,
            control_point=POINT,
            case=CASE,
            remark=True,
            categories=["swish", "deposit"],
            comment=note("two deposits").reference,
        )
    ]


def test_a_case_without_a_remark_needs_no_category():
    assert decided(record(), WAITING) == [
        FindingRecorded(draw=DRAW, control_point=POINT, case=CASE, remark=False, categories=[])
    ]


def test_a_note_is_in_the_event_by_key_and_salted_digest_only():
    [event] = decided(record(comment=note("names somebody")), WAITING)

    assert b"names somebody" not in event.model_dump_json().encode()
    # SHA-256 of 32 bytes 0x01 and the text, by sha256sum
    assert event.comment.digest == "fb4c821bba397306b4c4264853d3da28f3b60f0e03e350ad05a2b41a0ecff1c4"


def test_a_reviewed_case_takes_no_second_finding():
    error = refused(given(RECORDED), record(), AlreadyReviewedError)

    assert (error.status, error.code, error.current_version) == (409, "already-reviewed", 1)
    assert "recorded before yours (version 1)" in error.detail


def test_a_withdrawn_case_waits_again():
    assert decided(record("swish"), given(RECORDED, WITHDRAWN)) == [
        FindingRecorded(draw=DRAW, control_point=POINT, case=CASE, remark=True, categories=["swish"])
    ]


def test_a_correction_replaces_the_finding_that_stands():
    assert decided(correct("swish"), given(RECORDED)) == [
        FindingCorrected(
            draw=DRAW,
            control_point=POINT,
            case=CASE,
            corrects=1,
            remark=True,
            categories=["swish"],
            reason=note("misread", 2).reference,
        )
    ]


def test_a_second_correction_corrects_the_first_correction():
    [first] = decided(correct("swish"), given(RECORDED))
    [second] = decided(correct(), given(RECORDED, first))

    assert (second.corrects, second.remark, second.categories) == (2, False, [])


@pytest.mark.parametrize("command", [correct("swish"), withdraw()])
@pytest.mark.parametrize("history", [(), (RECORDED, WITHDRAWN)])
def test_a_waiting_case_has_nothing_to_correct_or_withdraw(command, history):
    error = refused(given(*history), command, NotReviewedError)

    assert (error.status, error.code, error.current_version) == (409, "not-reviewed", len(history))


def test_a_withdrawal_names_the_event_it_takes_back():
    [corrected] = decided(correct("swish"), given(RECORDED))

    assert decided(withdraw(), given(RECORDED, corrected)) == [
        FindingWithdrawn(draw=DRAW, control_point=POINT, case=CASE, withdraws=2, reason=note("wrong case", 2).reference)
    ]


def test_a_correction_that_says_the_same_is_refused():
    state = given(
        FindingRecorded(draw=DRAW, control_point=POINT, case=CASE, remark=True, categories=["swish", "deposit"])
    )

    error = refused(state, correct("deposit", "swish"), NothingChangedError)

    assert (error.status, error.code) == (409, "nothing-changed")
    assert "Change at least one answer" in error.detail


def commented(text: str, *, readable: bool) -> Review:
    comment = note(text, 7)
    state = replace(WAITING, texts={comment.note: text} if readable else {})
    return given(RECORDED.model_copy(update={"comment": comment.reference}), state=state)


def test_the_same_comment_under_a_new_key_changes_nothing():
    refused(
        commented("as before", readable=True), correct("deposit", comment=note("as before", 8)), NothingChangedError
    )


@pytest.mark.parametrize("comment", [None, note("otherwise", 8)])
def test_another_comment_or_none_is_a_change(comment):
    [event] = decided(correct("deposit", comment=comment), commented("as before", readable=True))

    assert event.comment == (comment.reference if comment else None)


def test_an_erased_comment_counts_as_none():
    refused(commented("gone", readable=False), correct("deposit"), NothingChangedError)


@pytest.mark.parametrize("command", [record(), correct(), withdraw()])
def test_a_case_that_was_not_drawn_cannot_be_reviewed(command):
    error = refused(Review(case=None), command, CaseNotDrawnError)

    assert (error.status, error.code) == (404, "case-not-drawn")
    assert POINT in error.detail
    assert str(DRAW) in error.detail


@pytest.mark.parametrize(("command", "history"), [(record(), ()), (correct(), (RECORDED,)), (withdraw(), (RECORDED,))])
def test_only_the_handler_reviews_a_case_that_has_one(command, history):
    state = given(*history, state=Review(drawn("bo")))

    error = refused(state, command, CaseNotYoursError)

    assert (error.status, error.code) == (403, "case-not-yours")
    assert len(decided(replace(command, actor="bo"), state)) == 1


@pytest.mark.parametrize("command", [record(seen=0), correct("swish", seen=0), withdraw(seen=2)])
def test_a_version_that_is_no_longer_the_newest_is_refused(command):
    error = refused(given(RECORDED), command, StaleVersionError)

    assert (error.status, error.code, error.current_version) == (412, "stale-version", 1)


def test_the_newest_version_is_accepted():
    assert len(decided(withdraw(seen=1), given(RECORDED))) == 1
    assert len(decided(record(seen=0), WAITING)) == 1


def test_categories_must_be_the_control_points_own():
    error = refused(WAITING, record("swish", "Somebody Typed"), BadInputError)

    assert [(problem.field, problem.code, problem.message) for problem in error.errors] == [
        (
            "categories",
            "category-unknown",
            "Category number 2 is none of the control point's: choose among deposit, swish.",
        )
    ]


def test_a_category_is_given_once():
    assert field_codes(WAITING, record("swish", "swish")) == [("categories", "category-repeated")]


def test_a_remark_needs_a_category_where_the_control_point_has_some():
    assert field_codes(WAITING, record(remark=True)) == [("categories", "category-missing")]


def test_a_remark_needs_no_category_where_the_control_point_has_none():
    state = Review(drawn(categories=frozenset()))

    assert len(decided(record(remark=True), state)) == 1
    assert field_codes(state, record("swish")) == [("categories", "category-unknown")]


def test_categories_need_a_remark():
    assert field_codes(WAITING, record("swish", remark=False)) == [("categories", "category-without-remark")]


@pytest.mark.parametrize("reason", ["", " \t\n"])
def test_a_reason_is_more_than_blanks(reason):
    assert field_codes(given(RECORDED), correct("swish", reason=note(reason))) == [("reason", "reason-missing")]
    assert field_codes(given(RECORDED), withdraw(reason=note(reason))) == [("reason", "reason-missing")]


def test_all_fields_at_fault_are_named_at_once():
    command = correct("swish", "teleport", "swish", reason=note(" "))

    assert field_codes(given(RECORDED), command) == [
        ("categories", "category-unknown"),
        ("categories", "category-repeated"),
        ("reason", "reason-missing"),
    ]
    error = refused(given(RECORDED), command, BadInputError)
    assert error.detail == "Nothing was stored. Put right: categories, reason."


def test_a_control_point_not_heard_of_is_a_matter_of_waiting():
    error = refused(Review(drawn(categories=None)), record(), ControlPointNotKnownError)

    assert (error.status, error.code) == (503, "control-point-not-known")


def test_the_finding_that_stands_is_the_newest():
    corrected = FindingCorrected(
        draw=DRAW, control_point=POINT, case=CASE, corrects=1, remark=False, reason=note("misread").reference
    )

    assert given(RECORDED).finding == Finding(1, remark=True, categories=("deposit",), comment=None)
    assert given(RECORDED, corrected).finding == Finding(2, remark=False, categories=(), comment=None)
    assert given(RECORDED, corrected, WITHDRAWN).finding is None
    assert given(RECORDED, corrected, WITHDRAWN).version == 3

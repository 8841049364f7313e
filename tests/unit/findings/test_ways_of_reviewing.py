"""Starting, marking, second and file reviews, settling, closed periods: what is decided, and what is refused."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from stickprov_contracts.events.findings import (
    AnswerRecorded,
    CaseMarkedNonResponse,
    CaseMarkedOverCoverage,
    DisagreementSettled,
    FileReviewRecorded,
    FindingRecorded,
    ReviewReopened,
    ReviewStarted,
    SecondReviewRecorded,
)
from stickprov_contracts.questionnaires import Question, Questionnaire, RemarkRule
from stickprov_findings.domain.assignment.rules import Member
from stickprov_findings.domain.review import refusals
from stickprov_findings.domain.review.agreement import disagrees
from stickprov_findings.domain.review.commands import (
    CorrectFinding,
    HeldMark,
    MarkCase,
    RecordFinding,
    ReopenReview,
    SettleDisagreement,
    StartReview,
    WithdrawFinding,
)
from stickprov_findings.domain.review.decide import decide
from stickprov_findings.domain.review.entitlement import require_reader
from stickprov_findings.domain.review.evolve import evolve
from stickprov_findings.domain.review.note import NoteKeys
from stickprov_findings.domain.review.state import Asked, Entitled, Review
from stickprov_kernel.errors import BadInputError
from support.reviews import CASE, DRAW, KEY, POINT, drawn, found, note

CASE_OF = {"draw": DRAW, "control_point": POINT, "case": CASE}
SECOND = replace(KEY, purpose="second-review")
FILE = replace(KEY, purpose="file-review")
ASKED = Questionnaire(
    sv="Kontoutdrag",
    en="Statements",
    questions=[
        Question(id="swish", sv="S?", en="S?", type="yes_no", remarks=[RemarkRule(answers=["yes"], category="swish")]),
        Question(id="amount", sv="A?", en="A?", type="number", required=False),
        Question(id="what", sv="W?", en="W?", type="text", required=False),
    ],
)
WAITING = Review(drawn())
RECORDED = FindingRecorded(**CASE_OF, remark=False)
REMARK = FindingRecorded(**CASE_OF, remark=True, categories=["swish"])
OVER_COVERAGE = CaseMarkedOverCoverage(**CASE_OF, reason="duplicate")


def given(*events, by="anna", state=WAITING):
    for event in events:
        state = evolve(state, event, by)
    return state


def asked(number=2, content=ASKED):
    return Review(drawn(asked=Asked("kontoutdrag", number, content)))


def second_of(first, *events, reviewer="bo"):
    case = drawn(entitled=Entitled(reviewer=reviewer))
    return replace(given(*events, by="bo", state=Review(case)), beside=first)


def refused(error, command, state):
    with pytest.raises(error) as caught:
        decide(command, state)
    return caught.value


def test_a_review_is_started_once():
    [started] = decide(StartReview(KEY, "anna"), WAITING).events

    assert started == ReviewStarted(**CASE_OF)
    assert given(started).status == "started"
    assert decide(StartReview(KEY, "anna"), given(started)).events == ()
    assert refused(refusals.AlreadyStartedError, StartReview(KEY, "bo"), given(started)).current_version == 1


def test_whoever_is_given_a_started_case_takes_it_over():
    given_to_bo = replace(given(ReviewStarted(**CASE_OF)), case=drawn(entitled=Entitled(reviewer="bo")))

    assert decide(StartReview(KEY, "bo"), given_to_bo).events == (ReviewStarted(**CASE_OF),)


def test_what_was_seen_before_ones_own_start_is_not_stale():
    started = given(ReviewStarted(**CASE_OF))

    assert decide(RecordFinding(KEY, "anna", found(remark=False), seen=0), started).events == (RECORDED,)
    assert decide(RecordFinding(KEY, "anna", found(remark=False), seen=1), started).events == (RECORDED,)
    refused(refusals.StaleVersionError, RecordFinding(KEY, "anna", found(remark=False), seen=2), started)


@pytest.mark.parametrize(
    ("kind", "event"), [("over-coverage", CaseMarkedOverCoverage), ("non-response", CaseMarkedNonResponse)]
)
def test_a_waiting_case_is_marked_for_a_reason_of_the_list(kind, event):
    decision = decide(MarkCase(KEY, "anna", kind, "other", note("moved away")), WAITING)

    assert decision.events == (event(**CASE_OF, reason="other", comment=note("moved away").reference),)
    assert decision.notes == (note("moved away"),)
    assert given(*decision.events).status == kind
    error = refused(BadInputError, MarkCase(KEY, "anna", kind, "because"), WAITING)
    assert [(problem.field, problem.code) for problem in error.errors] == [("reason", "reason-unknown")]


@pytest.mark.parametrize("kind", ["over-coverage", "non-response"])
@pytest.mark.parametrize("comment", [None, note(" ")])
def test_a_mark_for_another_reason_says_which_in_the_comment(kind, comment):
    error = refused(BadInputError, MarkCase(KEY, "anna", kind, "other", comment), WAITING)
    assert [(problem.field, problem.code) for problem in error.errors] == [("comment", "comment-missing")]
    assert "say in the comment" in error.errors[0].message


def test_a_reviewed_or_marked_case_is_marked_only_by_who_saw_it():
    mark = MarkCase(KEY, "anna", "non-response", "no-time")

    refused(refusals.AlreadyReviewedError, mark, given(RECORDED))
    refused(refusals.AlreadyMarkedError, mark, given(OVER_COVERAGE))
    for state in (given(RECORDED), given(OVER_COVERAGE)):
        [event] = decide(replace(mark, seen=1), state).events
        assert given(event, state=state).status == "non-response"


def test_the_same_mark_again_changes_nothing():
    again = MarkCase(KEY, "anna", "over-coverage", "duplicate", seen=1)

    refused(refusals.NothingChangedError, again, given(OVER_COVERAGE))
    assert len(decide(replace(again, comment=note("twice")), given(OVER_COVERAGE)).events) == 1


def test_a_mark_is_taken_back_and_a_finding_is_not():
    reopen = ReopenReview(KEY, "anna", note("it is here after all"))
    reopened = ReviewReopened(**CASE_OF, reopens=1, reason=reopen.reason.reference)

    assert decide(reopen, given(OVER_COVERAGE)).events == (reopened,)
    assert given(OVER_COVERAGE, reopened).status == "waiting"
    refused(refusals.NotMarkedError, reopen, given(RECORDED))
    refused(refusals.AlreadyMarkedError, RecordFinding(KEY, "anna", found(remark=False)), given(OVER_COVERAGE))
    refused(refusals.NotReviewedError, WithdrawFinding(KEY, "anna", note("x")), given(OVER_COVERAGE))


def test_answers_are_recorded_with_the_version_they_answer_and_texts_as_notes():
    given_answers = {"swish": "yes", "amount": "1 250,50", "what": "names somebody"}
    command = RecordFinding(KEY, "anna", found(answers=given_answers))
    decision = decide(command, asked())
    [event], [text] = decision.events, decision.notes

    assert (event.remark, event.categories) == (True, ["swish"])
    assert (event.questionnaire, event.questionnaire_number) == ("kontoutdrag", 2)
    assert event.answers == [
        AnswerRecorded(question="swish", chosen=["yes"]),
        AnswerRecorded(question="amount", number=Decimal("1250.5")),
        AnswerRecorded(question="what", text=text.reference),
    ]
    assert text.text == "names somebody"
    assert b"names somebody" not in event.model_dump_json().encode()
    assert decide(command, asked()) == decision


def test_every_fault_of_the_answers_is_named_at_once():
    command = CorrectFinding(KEY, "anna", found(answers={"swish": "maybe", "nosuch": "x"}), note(" "))
    error = refused(BadInputError, command, given(RECORDED, state=asked()))

    assert {problem.field for problem in error.errors} == {"answers.swish", "answers.nosuch", "reason"}


def test_a_version_that_is_not_there_is_refused_by_its_field():
    command = RecordFinding(KEY, "anna", replace(found(answers={"swish": "no"}), number=7))
    error = refused(BadInputError, command, asked(7, None))
    assert [(one.field, one.code) for one in error.errors] == [
        ("questionnaire_number", "questionnaire-version-unknown")
    ]

    error = refused(BadInputError, RecordFinding(KEY, "anna", replace(found(remark=False), number=1)), WAITING)
    assert [(one.field, one.code) for one in error.errors] == [("questionnaire_number", "questionnaire-not-asked")]


def test_a_questionnaire_not_heard_of_is_a_matter_of_waiting():
    error = refused(
        refusals.QuestionnaireNotKnownError,
        RecordFinding(KEY, "anna", found(answers={"swish": "no"})),
        asked(None, None),
    )

    assert error.status == 503


def test_the_same_answers_to_a_newer_version_are_a_change():
    command = RecordFinding(KEY, "anna", found(answers={"swish": "no", "what": "as before"}))
    decision = decide(command, asked(1))
    first = replace(given(*decision.events, state=asked(2)), texts={one.note: one.text for one in decision.notes})
    correction = CorrectFinding(KEY, "anna", command.found, note("anew"))

    assert decide(correction, first).events[0].questionnaire_number == 2
    same = replace(first, case=asked(1).case)
    refused(refusals.NothingChangedError, correction, same)
    otherwise = replace(found(answers={"swish": "no", "what": "otherwise"}), keys=NoteKeys(b"o" * 32))
    reworded = replace(correction, found=otherwise)
    assert len(decide(reworded, same).events) == 1


COMMANDS = [
    StartReview(KEY, "anna"),
    RecordFinding(KEY, "anna", found(remark=False)),
    CorrectFinding(KEY, "anna", found(remark=True), note("x")),
    WithdrawFinding(KEY, "anna", note("x")),
    MarkCase(KEY, "anna", "non-response", "no-time"),
    ReopenReview(KEY, "anna", note("x")),
    SettleDisagreement(KEY, "anna", found(remark=False), 1, note("x")),
]


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: type(command).__name__)
def test_nothing_changes_in_a_closed_period(command):
    error = refused(refusals.PeriodClosedError, command, Review(drawn(closed="2021-T1")))

    assert (error.status, error.code) == (409, "period-closed")
    assert "2021-T1" in error.detail


RULES = [
    (Entitled(reviewer="anna", rule="colleague"), True),
    (Entitled(reviewer="bo", rule="anyone"), False),
    (Entitled(rule="anyone"), True),
    (Entitled(rule=None), False),
    (Entitled(rule="handler"), False),
    (Entitled(rule="colleague", asking=Member("anna", "Norr"), handling=Member("bo", "Norr")), True),
    (Entitled(rule="colleague"), False),
    (Entitled(rule="group", group="G", asking=Member("anna", groups=frozenset({"G"}))), True),
    (Entitled(rule="group", group="G", asking=Member("anna", groups=frozenset({"H"}))), False),
    (Entitled(rule="round_robin", asking=Member("anna")), True),
    (Entitled(rule="round_robin"), False),
]


@pytest.mark.parametrize(("entitled", "may"), RULES)
def test_who_may_review_follows_from_assignment_and_rule(entitled, may):
    state = Review(drawn("bo", entitled=entitled))
    command = RecordFinding(KEY, "anna", found(remark=False))

    if may:
        assert decide(command, state).events == (RECORDED,)
    else:
        refused(refusals.CaseNotYoursError, command, state)


def test_nobody_reviews_their_own_case_where_colleagues_do():
    me = Member("anna", "Norr")
    state = Review(drawn("anna", entitled=Entitled(rule="colleague", asking=me, handling=me)))

    refused(refusals.CaseNotYoursError, RecordFinding(KEY, "anna", found(remark=False)), state)


def test_a_second_review_is_recorded_and_corrected_in_its_own_events():
    first = given(RECORDED)
    [event] = decide(RecordFinding(SECOND, "bo", found("swish")), second_of(first)).events
    assert event == SecondReviewRecorded(**CASE_OF, remark=True, categories=["swish"])

    correction = CorrectFinding(SECOND, "bo", found(remark=False), note("misread"))
    [corrected] = decide(correction, second_of(first, event)).events
    assert corrected == SecondReviewRecorded(**CASE_OF, remark=False, corrects=1, reason=note("misread").reference)


def test_the_first_reviewer_is_not_the_second_and_nobody_is_unasked():
    command = RecordFinding(SECOND, "bo", found(remark=False))

    for first in (given(RECORDED, by="bo"), given(OVER_COVERAGE, by="bo")):
        refused(refusals.CaseNotYoursError, command, second_of(first))
    for reviewer in (None, "cia"):
        refused(refusals.CaseNotYoursError, command, second_of(given(RECORDED), reviewer=reviewer))


def test_a_second_reviewer_has_nothing_to_do_with_the_first_review():
    second_reviewer = Entitled(rule="anyone", second_reviewer="bo")
    state = given(RECORDED, state=Review(drawn(entitled=second_reviewer)))

    for command in (
        RecordFinding(KEY, "bo", found(remark=False)),
        CorrectFinding(KEY, "bo", found("swish"), note("x")),
        StartReview(KEY, "bo"),
    ):
        refused(refusals.CaseNotYoursError, command, state)


def test_a_second_reviewer_who_coordinates_reads_the_first_review_afterwards():
    case = drawn(entitled=Entitled(second_reviewer="bo"))
    second = given(SecondReviewRecorded(**CASE_OF, remark=False), by="bo", state=Review(case))
    first = given(RECORDED, state=Review(case))

    with pytest.raises(refusals.CaseNotYoursError):
        require_reader(KEY, "bo", replace(first, beside=Review(case)), case, sees_everything=True)
    require_reader(KEY, "bo", replace(first, beside=second), case, sees_everything=True)


def test_where_second_reviews_are_blind_nobody_reads_or_changes_anothers_review():
    case = drawn(entitled=Entitled(rule="anyone", blind=True))
    first = given(RECORDED, state=Review(case))

    require_reader(KEY, "anna", first, case, sees_everything=False)
    with pytest.raises(refusals.CaseNotYoursError):
        require_reader(KEY, "bo", first, case, sees_everything=False)
    refused(refusals.CaseNotYoursError, CorrectFinding(KEY, "bo", found(remark=False), note("x"), seen=1), first)
    refused(refusals.AlreadyReviewedError, RecordFinding(KEY, "bo", found(remark=False)), first)


def test_a_file_review_is_for_cases_with_a_remark():
    command = RecordFinding(FILE, "bo", found(remark=False))

    assert decide(command, replace(WAITING, beside=given(REMARK))).events == (
        FileReviewRecorded(**CASE_OF, remark=False),
    )
    for first in (WAITING, given(RECORDED), given(OVER_COVERAGE)):
        refused(refusals.NoRemarkError, command, replace(WAITING, beside=first))


def outcome(event_type, *categories, **answers):
    recorded = [AnswerRecorded(question=name, **answer) for name, answer in answers.items()]
    return event_type(**CASE_OF, remark=bool(categories), categories=categories, answers=recorded)


YES, NO, TEXT, DAY = {"chosen": ["yes"]}, {"chosen": ["no"]}, {"text": note("a").reference}, {"day": date(2021, 1, 2)}


@pytest.mark.parametrize(
    ("first", "second", "differ"),
    [
        ([], [], False),
        ([], ["swish"], True),
        (["deposit"], ["swish"], True),
        (["deposit", "swish"], ["swish", "deposit"], False),
    ],
)
def test_reviewers_disagree_when_remark_or_categories_differ(first, second, differ):
    one, other = given(outcome(FindingRecorded, *first)), given(outcome(SecondReviewRecorded, *second))

    assert disagrees(one, other) is differ


@pytest.mark.parametrize(
    ("first", "second", "differ"),
    [
        ({"a": YES}, {"a": YES}, False),
        ({"a": YES}, {"a": NO}, True),
        ({"a": YES}, {}, True),
        ({"a": {"number": "1.0"}}, {"a": {"number": "1"}}, False),
        ({"a": {"number": 1}}, {"a": {"number": 2}}, True),
        ({"a": DAY}, {"a": {"day": date(2021, 1, 3)}}, True),
        ({"a": TEXT}, {"a": {"text": note("b", 2).reference}}, False),
        ({"a": TEXT}, {}, False),
    ],
)
def test_reviewers_disagree_when_an_answer_differs_but_not_its_wording(first, second, differ):
    one, other = given(outcome(FindingRecorded, **first)), given(outcome(SecondReviewRecorded, **second))

    assert disagrees(one, other) is differ


def test_over_coverage_against_a_finding_is_a_disagreement_and_non_response_is_none():
    second = given(outcome(SecondReviewRecorded))

    assert disagrees(given(OVER_COVERAGE), second)
    assert disagrees(given(RECORDED), given(OVER_COVERAGE))
    assert not disagrees(given(RECORDED), given(CaseMarkedNonResponse(**CASE_OF, reason="no-time")))
    assert not disagrees(WAITING, second)
    assert not disagrees(given(RECORDED), WAITING)


def settle(second_version=1, **changes):
    command = SettleDisagreement(KEY, "coordinator", found("swish"), second_version, note("looked"), 1)
    return replace(command, **changes)


def test_a_disagreement_is_settled_by_what_holds_from_then_on():
    second = given(outcome(SecondReviewRecorded, "deposit"), by="bo")
    state = replace(given(RECORDED), beside=second)
    [event] = decide(settle(), state).events

    assert event == DisagreementSettled(
        **CASE_OF, remark=True, categories=["swish"], settles=1, second=1, reason=note("looked").reference
    )
    settled = evolve(state, event, "coordinator")
    assert (settled.status, settled.finding.remark, disagrees(settled, second)) == ("reviewed", True, False)
    assert settled.reviewers == {"anna"}
    assert disagrees(settled, given(outcome(SecondReviewRecorded), by="bo", state=second))
    assert len(decide(settle(seen=2, reason=note("again")), settled).events) == 1


@pytest.mark.parametrize(
    ("kind", "event"), [("over-coverage", CaseMarkedOverCoverage), ("non-response", CaseMarkedNonResponse)]
)
def test_what_holds_may_be_that_the_case_is_not_reviewed(kind, event):
    second = given(OVER_COVERAGE, by="bo")
    state = replace(given(RECORDED), beside=second)
    [settling] = decide(settle(holds=HeldMark(kind, "other", note("moved", 3))), state).events

    assert settling == event(
        **CASE_OF,
        reason="other",
        comment=note("moved", 3).reference,
        settles=1,
        second=1,
        settlement_reason=note("looked").reference,
    )
    settled = evolve(state, settling, "coordinator")
    assert (settled.status, disagrees(settled, second), settled.reviewers) == (kind, False, {"anna"})
    assert disagrees(settled, given(outcome(SecondReviewRecorded), by="bo", state=second)) is (kind == "over-coverage")
    [otherwise] = decide(settle(seen=2), settled).events
    assert isinstance(otherwise, DisagreementSettled)


def test_the_mark_of_the_first_reviewer_may_hold_against_the_finding_of_the_second():
    second = given(outcome(SecondReviewRecorded), by="bo")
    state = replace(given(OVER_COVERAGE), beside=second)
    [settling] = decide(settle(holds=HeldMark("over-coverage", "duplicate")), state).events

    assert not disagrees(evolve(state, settling, "coordinator"), second)


def test_a_mark_that_is_to_hold_has_a_reason_of_the_list_and_says_why():
    state = replace(given(RECORDED), beside=given(OVER_COVERAGE, by="bo"))
    command = settle(holds=HeldMark("over-coverage", "teleport"), reason=note("  "))
    fields = [(one.field, one.code) for one in refused(BadInputError, command, state).errors]
    assert fields == [("mark_reason", "reason-unknown"), ("reason", "reason-missing")]
    fields = [one.field for one in refused(BadInputError, settle(holds=HeldMark("over-coverage", None)), state).errors]
    assert fields == ["mark_reason"]
    fields = [
        one.field for one in refused(BadInputError, settle(holds=HeldMark("non-response", "other")), state).errors
    ]
    assert fields == ["comment"]


def test_where_reviews_agree_there_is_nothing_to_settle():
    for second in (None, WAITING, given(outcome(SecondReviewRecorded))):
        refused(refusals.NothingToSettleError, settle(), replace(given(RECORDED), beside=second))
    refused(refusals.NothingToSettleError, settle(seen=None), replace(WAITING, beside=given(RECORDED)))


def test_a_second_review_that_moved_on_is_not_settled_unseen():
    second = given(outcome(SecondReviewRecorded), outcome(SecondReviewRecorded, "swish"))

    error = refused(refusals.SecondMovedOnError, settle(), replace(given(RECORDED), beside=second))
    assert (error.status, error.code) == (412, "stale-version")

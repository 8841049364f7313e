"""To whoever may not review it, a case of another unit is like one that was not drawn."""

import pytest

from stickprov_findings.domain.assignment.rules import Member
from stickprov_findings.domain.review.commands import RecordFinding, ReviewKey
from stickprov_findings.domain.review.decide import decide
from stickprov_findings.domain.review.entitlement import require_reader
from stickprov_findings.domain.review.refusals import CaseNotDrawnError, CaseNotYoursError
from stickprov_findings.domain.review.state import Entitled, Review
from stickprov_kernel.errors import StickprovError
from support.reviews import DRAW, KEY, POINT, drawn, found

SECOND = ReviewKey(DRAW, POINT, KEY.case, "second-review")
FILE = ReviewKey(DRAW, POINT, KEY.case, "file-review")
NORTH, SOUTH = "Enhet Norr", "Enhet Syd"


def refusal(entitled: Entitled, *, unit: str = "", handler: str | None = "bo", key: ReviewKey = KEY) -> StickprovError:
    """Return why anna may neither record a finding nor read the review: the same of both."""
    case = drawn(handler, entitled=entitled, unit=unit)
    state = Review(case, beside=Review(case))
    with pytest.raises(StickprovError) as recording:
        decide(RecordFinding(key, "anna", found(remark=False)), state)
    with pytest.raises(StickprovError) as reading:
        require_reader(key, "anna", state, case, sees_everything=False)
    assert (recording.value.code, str(recording.value)) == (reading.value.code, str(reading.value))
    return recording.value


def rules(asking: str | None, handling: str | None) -> list[Entitled]:
    """Return every way in which anna may not review bo's case, with their units on the staff list."""
    anna = None if asking is None else Member("anna", asking)
    bo = None if handling is None else Member("bo", handling)
    whose = {"asking": anna, "handling": bo}
    return [
        Entitled(rule=None, **whose),
        Entitled(rule="handler", **whose),
        Entitled(rule="group", group="G", **whose),
        *(Entitled(reviewer="cia", rule=rule, **whose) for rule in (None, "anyone", "colleague", "round_robin")),
        *([Entitled(rule="round_robin", **whose)] if anna is None else []),
        *([] if asking is not None and asking == handling else [Entitled(rule="colleague", **whose)]),
    ]


@pytest.mark.parametrize("asking", [SOUTH, "", None])
@pytest.mark.parametrize("key", [KEY, FILE], ids=["review", "file-review"])
def test_another_units_case_is_as_if_it_was_not_drawn_whatever_the_rule(asking, key):
    for entitled in rules(asking, NORTH):
        assert isinstance(refusal(entitled, key=key), CaseNotDrawnError), entitled
        assert str(refusal(entitled, key=key)) == str(CaseNotDrawnError(key))


def test_the_registers_unit_counts_where_the_staff_list_has_none():
    for handling in (None, ""):
        for entitled in rules(SOUTH, handling):
            assert isinstance(refusal(entitled, unit=NORTH), CaseNotDrawnError), entitled
        for entitled in rules(NORTH, handling):
            if entitled.rule != "colleague" or entitled.reviewer is not None:
                assert isinstance(refusal(entitled, unit=NORTH), CaseNotYoursError), entitled


def test_a_case_of_ones_own_unit_is_another_reviewers():
    for entitled in rules(NORTH, NORTH):
        assert isinstance(refusal(entitled), CaseNotYoursError), entitled


def test_a_case_of_no_unit_is_no_other_units():
    for asking in (NORTH, "", None):
        for entitled in rules(asking, None):
            assert isinstance(refusal(entitled), CaseNotYoursError), entitled


def test_a_second_review_that_another_unit_does_is_as_if_there_was_none():
    for reviewer in (None, "cia"):
        told = Entitled(reviewer=reviewer, asking=Member("anna", SOUTH), handling=Member("bo", NORTH))
        assert isinstance(refusal(told, key=SECOND), CaseNotDrawnError)
        own = Entitled(reviewer=reviewer, asking=Member("anna", NORTH), handling=Member("bo", NORTH))
        assert isinstance(refusal(own, key=SECOND), CaseNotYoursError)


def test_whoever_knows_of_the_case_anyway_is_told_why():
    elsewhere = {"asking": Member("anna", SOUTH), "handling": Member("bo", NORTH)}

    given_the_second = Entitled(rule="handler", second_reviewer="anna", **elsewhere)
    assert isinstance(refusal(given_the_second), CaseNotYoursError)
    handled_by_anna = Entitled(rule="colleague", asking=None, handling=None)
    assert isinstance(refusal(handled_by_anna, handler="anna", unit=NORTH), CaseNotYoursError)

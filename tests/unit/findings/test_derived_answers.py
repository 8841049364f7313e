"""Whether a date lies further back than a rule says, counted in calendar months."""

from datetime import date, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from stickprov_contracts.questionnaires import OlderThan
from stickprov_findings.domain.questionnaire.derived import earliest_within, is_older
from support.questionnaires import answered, asking, chosen, faults

DATED = {"id": "dated", "type": "date", "required": False}
OLD = {"id": "old", "type": "yes_no", "derived": {"date": "dated", "months": 3}}
DAYS = st.dates(date(1900, 1, 1), date(2200, 12, 31))


def rule(years: int = 0, months: int = 0, days: int = 0) -> OlderThan:
    return OlderThan(date="dated", years=years, months=months, days=days)


@pytest.mark.parametrize(
    ("back", "reference", "earliest"),
    [
        (rule(months=1), date(2021, 3, 31), date(2021, 2, 28)),
        (rule(months=1), date(2024, 3, 31), date(2024, 2, 29)),
        (rule(months=3), date(2021, 3, 31), date(2020, 12, 31)),
        (rule(months=3), date(2021, 2, 28), date(2020, 11, 28)),
        (rule(years=1), date(2024, 2, 29), date(2023, 2, 28)),
        (rule(years=1, months=1, days=1), date(2021, 1, 1), date(2019, 11, 30)),
        (rule(days=365), date(2021, 1, 1), date(2020, 1, 2)),
        (rule(years=200, months=2400, days=73_000), date(500, 1, 1), date(1, 1, 1)),
    ],
)
def test_back_from_a_day(back, reference, earliest):
    assert earliest_within(back, reference) == earliest


def test_a_date_exactly_so_far_back_is_not_older():
    assert not is_older(date(2020, 12, 31), rule(months=3), date(2021, 3, 31))
    assert is_older(date(2020, 12, 30), rule(months=3), date(2021, 3, 31))


@given(reference=DAYS, years=st.integers(0, 200), months=st.integers(0, 2400))
def test_months_back_lead_to_the_same_day_or_to_the_last_of_a_shorter_month(reference, years, months):
    assume(years + months / 12 < 1500)
    back = earliest_within(rule(years=years, months=months), reference)
    between = (reference.year - back.year) * 12 + reference.month - back.month
    assert between == 12 * years + months
    is_last = (back + timedelta(days=1)).month != back.month
    assert back.day == reference.day or (back.day < reference.day and is_last)


@given(DAYS, DAYS, DAYS, st.builds(rule, st.integers(0, 200), st.integers(0, 2400), st.integers(0, 73_000)))
def test_what_is_older_stays_so_when_it_lies_further_back_or_time_goes_on(one, other, reference, back):
    earlier, later = sorted((one, other))
    assert is_older(earlier, back, reference) or not is_older(later, back, reference)
    assert is_older(reference, back, later) or not is_older(reference, back, earlier)


def test_a_derived_answer_stands_beside_the_given_ones():
    evaluated = answered(asking(DATED, OLD), dated="2020-12-30")
    assert evaluated.answers[1] == chosen("old", "yes")
    assert answered(asking(DATED, OLD), dated="2020-12-31").answers[1] == chosen("old", "no")


def test_the_day_of_the_review_may_be_the_reference():
    by_review = {"id": "old", "type": "yes_no", "derived": {"date": "dated", "months": 3, "at": "review"}}
    # The review is on 10 May 2021, and the period ends on 31 March.
    assert answered(asking(DATED, by_review), dated="2021-02-09").answers[1] == chosen("old", "yes")
    assert answered(asking(DATED, OLD), dated="2021-02-09").answers[1] == chosen("old", "no")


def test_nothing_is_derived_without_the_date():
    assert answered(asking(DATED, OLD)).answers == ()


def test_a_derived_answer_is_not_given_by_hand():
    evaluated = answered(asking(DATED, OLD), dated="2020-12-30", old="no")
    assert faults(evaluated) == {("answers.old", "answer-derived")}


def test_a_question_may_hang_on_a_derived_answer():
    why = {"id": "why", "type": "text", "applies_if": {"question": "old", "answers": ["yes"]}}
    asked = asking(DATED, OLD, why)
    assert faults(answered(asked, dated="2020-12-30")) == {("answers.why", "answer-missing")}
    assert answered(asked, dated="2021-01-10").problems == ()
    assert answered(asked).problems == ()
    assert faults(answered(asked, dated="yesterday", why="Lost")) == {("answers.dated", "date-unreadable")}

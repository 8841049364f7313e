"""Answers of few cannot be worked out, neither from the other answers nor from who was asked the next question."""

from hypothesis import given
from hypothesis import strategies as st

from stickprov_contracts.http.statistics import OptionStatistics, QuestionStatistics, Share
from stickprov_reporting.domain.reports.small_cells.answers import Answers, safe_questions
from stickprov_reporting.domain.reports.withheld import is_withheld

BELOW = 4


def question(name, counts, reviewed):
    asked = sum(counts.values())
    options = [
        OptionStatistics(
            option=option,
            sv=option,
            en=option,
            share=Share(numerator=count, denominator=asked, value=count / asked if asked else None),
            mean_of_months=None,
            weighted=None,
            interval=None,
            by_month={},
        )
        for option, count in counts.items()
    ]
    return QuestionStatistics(
        questionnaire="q",
        question=name,
        sv=name,
        en=name,
        level="case",
        type="one_of",
        asked=asked,
        reviewed=reviewed,
        options=options,
        number=None,
        asked_by_month={},
    )


def printed(first, second):
    """Return what a reader sees of a question, and of another that only those who said yes were asked."""
    reviewed = sum(first.values())
    asked = [question("first", first, reviewed), question("second", second, reviewed)]
    answers = Answers(BELOW, outcome_hidden=False, outcome_small=False, intervals=False)
    shown = {one.question: one for one in safe_questions(asked, answers)}
    return {
        name: (
            one.asked,
            one.reviewed,
            tuple(None if is_withheld(option.share.numerator) else option.share.numerator for option in one.options),
        )
        for name, one in shown.items()
    }


def fits(seen, first, second):
    """Tell whether a truth has every number that is printed, whichever numbers it would itself leave out."""
    for name, counts in (("first", first), ("second", second)):
        if name in seen:
            asked, reviewed, options = seen[name]
            if (asked, reviewed) != (sum(counts), sum(first)):
                return False
            if any(told not in (None, count) for told, count in zip(options, counts, strict=True)):
                return False
    return True


def truths(reviewed):
    """Yield every truth: how many said yes, no and maybe, and what those who said yes answered next."""
    for yes in range(reviewed + 1):
        for no in range(reviewed - yes + 1):
            for then in range(yes + 1):
                yield (yes, no, reviewed - yes - no), (then, yes - then)


@given(yes=st.integers(0, 6), no=st.integers(0, 6), maybe=st.integers(0, 6), data=st.data())
def test_whoever_knows_the_form_cannot_work_out_an_answer_of_few(yes, no, maybe, data):
    then = data.draw(st.integers(0, yes))
    first, second = {"yes": yes, "no": no, "maybe": maybe}, {"then": then, "else": yes - then}
    reviewed = yes + no + maybe
    seen = printed(first, second)
    possible = [(one, two) for one, two in truths(reviewed) if fits(seen, one, two)]

    for place, count in enumerate(first.values()):
        if 0 < count < BELOW or (reviewed >= BELOW and 0 < reviewed - count < BELOW):
            assert len({one[place] for one, _ in possible}) > 1
    for place, count in enumerate(second.values()):
        if 0 < count < BELOW:
            assert len({two[place] for _, two in possible}) > 1


def test_a_question_of_which_no_answer_is_few_stays_as_it_is():
    assert printed({"yes": 9, "no": 8, "maybe": 0}, {"then": 4, "else": 5}) == {
        "first": (17, 17, (9, 8, 0)),
        "second": (9, 17, (4, 5)),
    }


def test_of_few_that_were_reviewed_not_even_that_all_were_asked_is_told():
    assert printed({"yes": 3, "no": 0, "maybe": 0}, {"then": 1, "else": 2}) == {}


def test_a_question_that_few_were_asked_is_not_there():
    assert "second" not in printed({"yes": 3, "no": 9, "maybe": 8}, {"then": 3, "else": 0})

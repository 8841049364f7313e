"""Categories and answers: counts, shares, means and intervals by the methods that remarks have."""

from dataclasses import replace
from decimal import Decimal

import pytest

from stickprov_contracts.events.sampler import Category
from stickprov_contracts.questionnaires import Option, Question, Questionnaire
from stickprov_reporting.domain.statistics.hypergeometric import exact_limits
from stickprov_reporting.domain.statistics.statistic import statistics_of
from support.statistics import EVER, drawn, place, point, together

FORM = Questionnaire(
    sv="Formulär",
    en="Form",
    questions=[
        Question(
            id="form",
            sv="Vilken boendeform?",
            en="Which housing?",
            type="one_of",
            options=[Option(id="own", sv="Eget", en="Own"), Option(id="let", sv="Andra hand", en="Sublet")],
        ),
        Question(id="asked", sv="Frågades?", en="Asked?", type="yes_no_na"),
        Question(id="sum", sv="Belopp", en="Amount", type="number"),
        Question(id="day", sv="Dag", en="Day", type="date"),
    ],
)


def basis(*months):
    found = together(*(drawn(one[0].month, list(one)) for one in months))
    return replace(found, questionnaires={"f": FORM})


def month(name, size, reviewed, answers, **kwargs):
    one = place(name, size, reviewed, **kwargs)
    return (one._replace(counts={**one.counts, **answers}),)


def statistic(found):
    return statistics_of(found, EVER, {})


def test_an_answer_is_a_share_of_those_who_were_asked():
    asked = {"asked:f:asked": 18, "answer:f:asked:yes": 9, "answer:f:asked:na": 2, "answer:f:asked:no": 7}
    (question,) = statistic(basis(month("2021-01", 222, 20, asked))).questions

    assert (question.question, question.sv, question.type, question.level) == (
        "asked",
        "Frågades?",
        "yes_no_na",
        "case",
    )
    assert (question.asked, question.reviewed, question.asked_by_month) == (18, 20, {"2021-01": 18})
    assert [(o.option, o.sv, o.share.numerator, o.share.denominator) for o in question.options] == [
        ("yes", "Ja", 9, 18),
        ("no", "Nej", 7, 18),
        ("na", "Inte aktuellt", 2, 18),
    ]
    yes = question.options[0]
    assert (yes.interval.lower, yes.interval.upper) == exact_limits(222, 20, 9)
    assert yes.interval.lower_share == exact_limits(220, 18, 9).lower / 220
    assert (yes.weighted, yes.mean_of_months, yes.by_month) == (0.5, 0.5, {"2021-01": 9})


def test_an_answer_to_what_everybody_was_asked_has_the_interval_that_a_remark_would_have():
    asked = {"asked:f:form": 20, "answer:f:form:let": 11}
    (question,) = statistic(basis(month("2021-01", 222, 20, asked))).questions

    own, let = question.options
    assert (own.share.numerator, own.by_month) == (0, {"2021-01": 0})
    assert (let.interval.lower, let.interval.upper, let.interval.exact) == (73, 168, True)
    assert let.interval.assumptions == []


def test_weighted_and_mean_of_months_differ_where_months_do():
    found = statistic(
        basis(
            month("2021-01", 100, 10, {"asked:f:asked": 10, "answer:f:asked:yes": 5}),
            month("2021-02", 300, 10, {"asked:f:asked": 10, "answer:f:asked:yes": 1}),
            month("2021-03", 100, 10, {}),
        )
    )

    yes = found.questions[0].options[0]
    assert (yes.share.numerator, yes.share.denominator) == (6, 20)
    assert yes.mean_of_months == pytest.approx((0.5 + 0.1) / 2)
    assert yes.weighted == pytest.approx((100 * 0.5 + 300 * 0.1) / 400)
    assert yes.by_month == {"2021-01": 5, "2021-02": 1, "2021-03": 0}
    assert yes.interval.method == "mover-approximate"


def test_questions_keep_the_questionnaires_order_and_one_it_no_longer_has_comes_last():
    answers = {
        "asked:f:day": 3,
        "asked:f:gone": 2,
        "answer:f:gone:b": 2,
        "asked:f:form": 4,
        "answer:f:form:squat": 1,
        "asked:e:x": 1,
    }
    found = statistic(basis(month("2021-01", 50, 5, answers)))

    assert [(q.questionnaire, q.question, q.sv, q.type) for q in found.questions] == [
        ("e", "x", "x", "text"),
        ("f", "form", "Vilken boendeform?", "one_of"),
        ("f", "day", "Dag", "date"),
        ("f", "gone", "gone", "many_of"),
    ]
    assert [o.option for o in found.questions[1].options] == ["own", "let", "squat"]
    assert (found.questions[2].options, found.questions[2].number) == ([], None)


def test_numbers_are_added_up_exactly():
    answers = {"asked:f:sum": 3, "number:f:sum": 1_000_000_100_000}
    (question,) = statistic(basis(month("2021-01", 50, 5, answers))).questions

    assert (question.number.answered, question.number.total) == (3, Decimal("1000000.1"))
    assert question.number.mean == Decimal("1000000.1") / 3
    assert question.options == []


def test_categories_have_a_mean_of_months_and_an_interval():
    found = basis(
        month("2021-01", 222, 20, {"remarks": 12, "category:deposit": 11}),
        month("2021-02", 222, 20, {"remarks": 12}),
    )
    named = replace(found, point=point(categories=[Category(id="deposit", sv="Insättning", en="Deposit")]))

    (category,) = statistic(named).categories

    assert (category.share.numerator, category.share.denominator) == (11, 40)
    assert category.mean_of_months == pytest.approx(11 / 40)
    assert category.by_month == {"2021-01": 11, "2021-02": 0}
    assert category.interval.method in {"stratified-exact", "mover-approximate"}
    assert category.interval.estimate == pytest.approx(222 * 11 / 20)


def test_answers_of_subunits_are_of_the_subunits_with_the_interval_of_a_ratio():
    answers = {
        "subunits": 9,
        "subunits:reviewed": 8,
        "subunits:over-coverage": 1,
        "subunits:asked:f:asked": 6,
        "square:subunits:asked:f:asked": 12,
        "subunits:answer:f:asked:yes": 3,
        "square:subunits:answer:f:asked:yes": 5,
        "product:subunits:answer:f:asked:yes": 7,
    }
    found = statistic(basis(month("2021-01", 50, 4, answers)))

    (question,) = found.questions
    assert (question.level, question.asked, question.reviewed) == ("subunit", 6, 8)
    yes = question.options[0]
    assert (yes.share.numerator, yes.share.denominator, yes.weighted) == (3, 6, 0.5)
    assert (yes.interval.method, yes.interval.estimate_share) == ("ratio-approximate", 0.5)


def test_a_file_review_is_of_the_remarks_and_has_no_interval_for_the_frame():
    answers = {
        "file:reviewed": 8,
        "file:remarks": 3,
        "file:asked:f:asked": 8,
        "file:answer:f:asked:no": 3,
    }
    found = statistic(basis(month("2021-01", 222, 20, answers, remarks=11)))

    review = found.file_review
    assert (review.due, review.reviewed, review.remarks) == (11, 8, 3)
    assert (review.remark_share.numerator, review.remark_share.denominator) == (3, 8)
    (question,) = review.questions
    assert [(o.option, o.share.numerator, o.interval) for o in question.options] == [
        ("yes", 0, None),
        ("no", 3, None),
        ("na", 0, None),
    ]
    assert (question.reviewed, found.questions) == (8, [])


def test_a_planned_file_review_is_told_before_it_has_begun():
    found = basis(month("2021-01", 222, 20, {}, remarks=11))
    planned = replace(found, point=point(file_review_questionnaire="f"))

    assert statistic(found).file_review is None
    assert (statistic(planned).file_review.due, statistic(planned).file_review.reviewed) == (11, 0)

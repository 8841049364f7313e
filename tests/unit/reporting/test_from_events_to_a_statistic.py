"""What events say arrives in the statistic: answers, subunits, second and file reviews, by the names both sides use."""

from datetime import date
from decimal import Decimal

from stickprov_contracts.events.findings import (
    AnswerRecorded,
    FileReviewRecorded,
    FindingRecorded,
    SecondReviewRecorded,
    SubunitOutcome,
)
from stickprov_contracts.events.plans import QuestionnairePublished
from stickprov_contracts.events.sampler import FrameFrozen
from stickprov_reporting.domain.projection.fold import Folded
from stickprov_reporting.domain.reading import facts_in
from stickprov_reporting.domain.statistics.statistic import DateRange, statistics_of
from support.reporting import POINT, case_drawn, case_id, defined, draw_id, incoming, month_period, sample

YEAR = DateRange(date(2021, 1, 1), date(2022, 1, 1))
JANUARY = month_period("2021-01")
FORM = {
    "sv": "Barnens situation",
    "en": "The children",
    "questions": [
        {"id": "sum", "sv": "Belopp", "en": "Amount", "type": "number"},
        {"id": "plan", "sv": "Har barnet en plan?", "en": "A plan?", "type": "yes_no", "level": "subunit"},
    ],
}


def frame(draw, size, subunits):
    return FrameFrozen(
        frame=draw_id(f"frame of {draw}"),
        frame_name=draw,
        control_point=POINT,
        period=JANUARY,
        series=draw_id("series"),
        size=size,
        subunits=subunits,
        strata=[],
        frame_hash="0" * 64,
        source_hash="0" * 64,
    )


def household(case, amount, children, *, remark):
    """Each child is a yes, a no, or None for one that is over-coverage."""
    return FindingRecorded(
        draw=draw_id("d"),
        control_point=POINT,
        case=case_id(case),
        remark=remark,
        questionnaire="f",
        questionnaire_number=1,
        answers=[AnswerRecorded(question="sum", number=Decimal(amount))],
        subunits=[
            SubunitOutcome(subunit=str(place), outcome="over-coverage", reason="adult")
            if answer is None
            else SubunitOutcome(
                subunit=str(place),
                outcome="reviewed",
                remark=answer == "no",
                answers=[AnswerRecorded(question="plan", chosen=[answer])],
            )
            for place, answer in enumerate(children, 1)
        ],
    )


def drawn_with(case, children):
    return case_drawn("d", case, "2021-01", unit="Norr").model_copy(
        update={"subunits": [str(number) for number in range(1, children + 1)]}
    )


def second(kind, case, *, remark):
    return kind(draw=draw_id("d"), control_point=POINT, case=case_id(case), remark=remark)


def statistic(events):
    folded = Folded()
    folded.apply(incoming([defined(), *events]))
    return statistics_of(facts_in(folded, POINT).basis(YEAR.start, YEAR.end), YEAR, {})


def test_what_is_recorded_of_households_and_their_children_is_what_the_statistic_counts():
    found = statistic(
        [
            QuestionnairePublished(questionnaire="f", number=1, content=FORM),
            frame("d", 40, 90),
            sample("d", [("", "2021-01", 40, 3)], JANUARY, design="cluster"),
            drawn_with("a", 2),
            drawn_with("b", 3),
            drawn_with("c", 1),
            household("a", "10.50", ["yes", "no"], remark=True),
            household("b", "0.25", ["yes", "yes", None], remark=False),
            household("c", "1", ["no"], remark=True),
            second(SecondReviewRecorded, "a", remark=False),
            second(SecondReviewRecorded, "b", remark=False),
            second(FileReviewRecorded, "a", remark=True),
        ]
    )

    children = found.subunits
    assert (children.size, children.drawn, children.reviewed, children.over_coverage) == (90, 6, 5, 1)
    assert (children.remarks, children.interval.method) == (2, "ratio-approximate")
    amount, plan = found.questions
    assert (amount.number.total, amount.number.answered, amount.sv) == (Decimal("11.75"), 3, "Belopp")
    assert [(o.option, o.share.numerator, o.share.denominator) for o in plan.options] == [("yes", 3, 5), ("no", 2, 5)]
    assert plan.options[1].interval.estimate_share == children.interval.estimate_share == 0.4
    assert plan.options[1].interval.lower == children.interval.lower
    assert (found.agreement.both, found.agreement.first_only, found.agreement.neither) == (2, 1, 1)
    assert (found.file_review.due, found.file_review.reviewed, found.file_review.remarks) == (2, 1, 1)
    assert [(reason.level, reason.reason, reason.count) for reason in found.reasons] == [("subunit", "adult", 1)]
    assert [unit.unit for unit in found.units] == ["Norr"]


def test_a_draw_by_size_weighs_its_cases_by_the_chances_that_the_sampler_told():
    chances = {"a": 0.5, "b": 0.25, "c": 0.2}
    found = statistic(
        [
            sample("d", [("", "2021-01", 40, 3)], JANUARY, design="pps"),
            *(
                case_drawn("d", case, "2021-01").model_copy(update={"inclusion_probability": chance})
                for case, chance in chances.items()
            ),
            *(
                FindingRecorded(draw=draw_id("d"), control_point=POINT, case=case_id(case), remark=case == "b")
                for case in chances
            ),
        ]
    )

    assert found.interval.method == "horvitz-thompson-approximate"
    assert round(found.interval.estimate, 9) == 4
    assert round(found.weighted, 9) == round(4 / (2 + 4 + 5), 9)

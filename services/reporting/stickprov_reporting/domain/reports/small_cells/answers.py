"""Answers and kinds of remark of which none gives away few.

One question may be asked only after an answer to another, so how many it was asked of may be a count of that other;
where any answer is left out, questions that were not asked of everybody are left out whole.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from stickprov_contracts.http.statistics import (
    CategoryStatistics,
    OptionStatistics,
    QuestionStatistics,
    Share,
    Statistics,
)
from stickprov_reporting.domain.reports.small_cells.tree import Count, is_small, protect
from stickprov_reporting.domain.reports.withheld import WITHHELD


@dataclass(frozen=True, slots=True)
class Answers:
    """What is known of the outcome when answers are judged.

    Attributes:
        outcome_hidden: whether the number of remarks is left out. outcome_small: whether it is small itself, and not
            left out for another's sake.
        intervals: whether what is made of months and strata may stay.
    """

    below: int
    outcome_hidden: bool
    outcome_small: bool
    intervals: bool


def safe_categories(statistics: Statistics, answers: Answers) -> list[CategoryStatistics]:
    """Return the kinds of remark; where they add up to all remarks, they are taken to be parts of them."""
    found, total = statistics.categories, statistics.total
    counts = [Count(category.share.numerator, category.share.denominator) for category in found]
    if answers.outcome_hidden:
        for count in counts:
            count.hidden = True
    elif sum(count.value for count in counts) == total.remarks:
        whole = Count(total.remarks, total.reviewed, fixed=True)
        whole.is_shared_among(counts)
        protect(whole, answers.below)
    else:
        for count in counts:
            protect(count, answers.below)
    reviewed = {month.month: month.reviewed for month in statistics.months}
    return [_category(*one, reviewed, answers) for one in zip(found, counts, strict=True)]


def safe_questions(asked: Sequence[QuestionStatistics], answers: Answers) -> list[QuestionStatistics]:
    """Return the questions that may stay, without the answers that may not."""
    if answers.outcome_hidden and not answers.outcome_small:
        return []
    kept = [question for question in asked if not _asks_few(question, answers.below)]
    hiding = {question.level for question in asked if _hides_answers(question, answers.below)}
    return [
        _question(question, answers)
        for question in kept
        if question.level not in hiding or question.asked == question.reviewed
    ]


def _category(
    category: CategoryStatistics, count: Count, reviewed: Mapping[str, int], answers: Answers
) -> CategoryStatistics:
    by_month = [(category.by_month.get(month, 0), whole) for month, whole in reviewed.items()]
    stays = not count.hidden and not _any_small(by_month, answers.below)
    return category.model_copy(
        update={
            "share": _untold(category.share) if count.hidden else category.share,
            "mean_of_months": category.mean_of_months if stays else None,
            "interval": category.interval if stays and answers.intervals else None,
            "by_month": category.by_month if stays else dict.fromkeys(category.by_month, WITHHELD),
        }
    )


def _question(question: QuestionStatistics, answers: Answers) -> QuestionStatistics:
    hidden = _has_small_answer(question, answers.below)
    by_month = [
        (option.by_month.get(month, 0), asked)
        for option in question.options
        for month, asked in question.asked_by_month.items()
    ]
    stays = not hidden and not _any_small(by_month, answers.below)
    numbered = question.number is not None and question.number.answered >= answers.below
    return question.model_copy(
        update={
            "options": [_option(option, answers, hidden=hidden, stays=stays) for option in question.options],
            "number": question.number if numbered else None,
            "asked_by_month": question.asked_by_month if stays else dict.fromkeys(question.asked_by_month, WITHHELD),
        }
    )


def _option(option: OptionStatistics, answers: Answers, *, hidden: bool, stays: bool) -> OptionStatistics:
    intervals = stays and answers.intervals
    return option.model_copy(
        update={
            "share": _untold(option.share) if hidden else option.share,
            "mean_of_months": option.mean_of_months if stays else None,
            "weighted": option.weighted if intervals else None,
            "interval": option.interval if intervals else None,
            "by_month": option.by_month if stays else dict.fromkeys(option.by_month, WITHHELD),
        }
    )


def _hides_answers(question: QuestionStatistics, below: int) -> bool:
    return _asks_few(question, below) or _has_small_answer(question, below)


def _asks_few(question: QuestionStatistics, below: int) -> bool:
    """Tell whether how many were asked gives away few; of few that were reviewed, also that all of them were."""
    if question.asked == question.reviewed:
        return question.reviewed < below
    return is_small(question.asked, question.reviewed, below)


def _has_small_answer(question: QuestionStatistics, below: int) -> bool:
    return any(is_small(option.share.numerator, option.share.denominator, below) for option in question.options)


def _any_small(counts: Iterable[tuple[int, int]], below: int) -> bool:
    return any(is_small(value, group, below) for value, group in counts)


def _untold(share: Share) -> Share:
    return share.model_copy(update={"numerator": WITHHELD, "value": None})

"""What a drawn case counts for: whole numbers by indicator. A statistic is made of their sums alone.

Indicators are names joined by ``:``; no id holds one. Of the case:

- ``drawn``, ``reviewed``, ``over-coverage``, ``non-response``, ``remarks``: 1 each
- ``category:<id>``, ``over-coverage:<reason>``, ``non-response:<reason>``: 1 each
- ``answer:<questionnaire>:<question>:<option>``: 1 for each that was chosen
- ``asked:<questionnaire>:<question>``: 1 where the question applied and was answered
- ``number:<questionnaire>:<question>``: millionths of the answer, see ``answers.number_of``

Of its subunits, how many of them: ``subunits`` and ``subunits:`` before each of the above but ``drawn``. A case that
was marked as a whole counts all its subunits so. For the variance of ratios over cases, y being one of those counts and
m what it is a share of: ``square:<indicator>`` is y squared, ``product:<indicator>`` is y times m. m is
``subunits:reviewed`` for remarks and categories, ``subunits:asked:`` of the question for answers.

Of the second review, first and second together: ``second:both``, ``second:remark-remark``, ``second:remark-none``,
``second:none-remark``, ``second:none-none``, and ``second:settled``. Of the file review of a case that has a remark:
``file:reviewed``, ``file:remarks``, ``file:category:``, ``file:answer:``, ``file:asked:``.
"""

from collections.abc import Iterable
from typing import Final

from stickprov_reporting.domain.projection.answers import Answer
from stickprov_reporting.domain.projection.review import First, Review, Second, Subunit, first_of
from stickprov_reporting.domain.projection.row import CaseRow

DRAWN: Final = "drawn"
REVIEWED: Final = "reviewed"
REMARKS: Final = "remarks"
OVER_COVERAGE: Final = "over-coverage"
NON_RESPONSE: Final = "non-response"
CATEGORY: Final = "category:"
ANSWER: Final = "answer:"
ASKED: Final = "asked:"
NUMBER: Final = "number:"
SUBUNITS: Final = "subunits"
OF_SUBUNITS: Final = "subunits:"
SQUARE: Final = "square:"
PRODUCT: Final = "product:"
SECOND: Final = "second:"
FILE: Final = "file:"


def counts_of(subunits: int, row: CaseRow) -> dict[str, int]:
    """Return what a drawn case with so many subunits counts for, without zeros."""
    review = row.review
    counts = {DRAWN: 1}
    if review.status == "reviewed":
        counts[REVIEWED] = 1
        _add_remark(counts, "", review.remark, review.categories)
        _add_answers(counts, "", review.questionnaire, review.answers)
    elif review.status != "waiting":
        counts[review.status] = 1
        counts[f"{review.status}:{review.reason}"] = 1
    if subunits or review.subunits:
        _add_subunits(counts, subunits, review)
    if row.second is not None:
        _add_second(counts, row.first if review.settled else first_of(review), row.second)
    if review.settled:
        counts[SECOND + "settled"] = 1
    file_review = row.file_review
    if file_review is not None and file_review.reviewed and review.remark:
        counts[FILE + REVIEWED] = 1
        _add_remark(counts, FILE, file_review.remark, file_review.categories)
        _add_answers(counts, FILE, file_review.questionnaire, file_review.answers, numbers=False)
    return {indicator: count for indicator, count in counts.items() if count}


def _add(counts: dict[str, int], indicator: str, count: int = 1) -> None:
    counts[indicator] = counts.get(indicator, 0) + count


def _add_remark(counts: dict[str, int], of: str, remark: bool, categories: Iterable[str]) -> None:
    if remark:
        _add(counts, of + REMARKS)
        for category in categories:
            _add(counts, f"{of}{CATEGORY}{category}")


def _add_answers(
    counts: dict[str, int], of: str, questionnaire: str, answers: Iterable[Answer], *, numbers: bool = True
) -> None:
    for question, chosen, millionths in answers:
        asked = f"{questionnaire}:{question}"
        _add(counts, f"{of}{ASKED}{asked}")
        for option in chosen:
            _add(counts, f"{of}{ANSWER}{asked}:{option}")
        if millionths is not None and numbers:
            _add(counts, f"{of}{NUMBER}{asked}", millionths)


def _add_subunits(counts: dict[str, int], drawn: int, review: Review) -> None:
    counts[SUBUNITS] = drawn
    if review.status in (OVER_COVERAGE, NON_RESPONSE):
        counts[OF_SUBUNITS + review.status] = drawn
        counts[f"{OF_SUBUNITS}{review.status}:{review.reason}"] = drawn
    found: dict[str, int] = {}
    for one in review.subunits:
        _add_subunit(found, review.questionnaire, one)
    counts |= found
    for indicator, count in found.items():
        of = _share_of(indicator)
        if of is not None:
            counts[SQUARE + indicator] = count * count
            if of != indicator:
                counts[PRODUCT + indicator] = count * found.get(of, 0)


def _add_subunit(found: dict[str, int], questionnaire: str, one: Subunit) -> None:
    _add(found, OF_SUBUNITS + one.outcome)
    if one.outcome == REVIEWED:
        _add_remark(found, OF_SUBUNITS, one.remark, one.categories)
        _add_answers(found, OF_SUBUNITS, questionnaire, one.answers)
    else:
        _add(found, f"{OF_SUBUNITS}{one.outcome}:{one.reason}")


def _share_of(indicator: str) -> str | None:
    """Return what a count of subunits is a share of; itself for what shares are of; None for what is no share."""
    kind = indicator.removeprefix(OF_SUBUNITS)
    if kind == REVIEWED or kind.startswith(ASKED):
        return indicator
    if kind == REMARKS or kind.startswith(CATEGORY):
        return OF_SUBUNITS + REVIEWED
    if kind.startswith(ANSWER):
        return OF_SUBUNITS + ASKED + kind.removeprefix(ANSWER).rpartition(":")[0]
    return None


def _add_second(counts: dict[str, int], first: First | None, second: Second) -> None:
    if first is None or first.remark is None or second.remark is None:
        return
    counts[SECOND + "both"] = 1
    counts[f"{SECOND}{'remark' if first.remark else 'none'}-{'remark' if second.remark else 'none'}"] = 1

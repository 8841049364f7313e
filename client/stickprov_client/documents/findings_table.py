"""Findings as rows of a table, in the columns that an import reads."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from stickprov_client.documents.table_writing import Cell
from stickprov_contracts.http.findings import AnswerShown, Review, SubunitShown

_PARTS: Final = ("case", "draw", "subunit", "outcome", "reason", "remark", "categories", "comment")
_BETWEEN: Final = "|"


def findings_table(reviews: Sequence[Review]) -> tuple[list[str], list[list[Cell]]]:
    """Return headings and rows: one for a case, or one for each of its subunits with what is said of the case in all.

    A question whose id is the name of another column has ``answers.`` before it.
    """
    questions = list(dict.fromkeys(_questions(reviews)))
    headings = [f"answers.{question}" if question in _PARTS else question for question in questions]
    rows = [row for review in reviews for row in _rows(review, questions)]
    return [*_PARTS, *headings], rows


def _questions(reviews: Iterable[Review]) -> Iterator[str]:
    """Yield what is asked now, in order, then what only older versions asked."""
    for review in reviews:
        yield from (question.id for question in review.content.questions) if review.content else ()
    for review in reviews:
        for answers in (review.answers, *(one.answers for one in review.found)):
            yield from (answer.question for answer in answers)


def _rows(review: Review, questions: Sequence[str]) -> Iterator[list[Cell]]:
    own = {answer.question: _cell(answer) for answer in review.answers}
    if not review.found:
        outcome = review.status if review.status in {"over-coverage", "non-response"} else "reviewed"
        yield _row(review, "", outcome, review.mark_reason, own, questions)
    for one in review.found:
        yield _row(review, one.subunit, one.outcome, one.reason, own | _of(one), questions)


def _of(one: SubunitShown) -> dict[str, Cell]:
    return {answer.question: _cell(answer) for answer in one.answers}


def _row(
    review: Review,
    subunit: str,
    outcome: str,
    reason: str | None,
    answers: Mapping[str, Cell],
    questions: Sequence[str],
) -> list[Cell]:
    remark = {True: "yes", False: "no", None: None}[review.remark]
    whose: list[Cell] = [review.case, str(review.draw), subunit, outcome, reason]
    said: list[Cell] = [remark, _BETWEEN.join(review.categories), review.comment]
    return [*whose, *said, *(answers.get(question) for question in questions)]


def _cell(answer: AnswerShown) -> Cell:
    if answer.number is not None:
        return answer.number
    return answer.day or answer.text or _BETWEEN.join(answer.chosen)

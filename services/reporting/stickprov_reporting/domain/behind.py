"""Which cases are behind a number."""

from dataclasses import dataclass
from uuid import UUID

from stickprov_contracts.http.cases_behind import CaseStatus
from stickprov_reporting.domain.projection.answers import Answer
from stickprov_reporting.domain.projection.row import CaseRow

_REVIEWED = "reviewed"


@dataclass(frozen=True, slots=True)
class Behind:
    """Which cases are behind a number; None for any.

    Attributes:
        question, answer: those in which it was asked, or this was chosen, of the case or of a subunit.
    """

    status: CaseStatus | None = None
    remark: bool | None = None
    category: str | None = None
    month: str | None = None
    unit: str | None = None
    stratum: str | None = None
    question: str | None = None
    answer: str | None = None

    def fits(self, row: CaseRow) -> bool:
        """Tell whether a case is behind the number: drawn, not replaced, and all that is asked for."""
        if row.drawn is None or row.replaced:
            return False
        review, drawn = row.review, row.drawn
        return (
            self.status in (None, review.status)
            and (self.remark is None or (review.status == _REVIEWED and review.remark == self.remark))
            and (self.category is None or self.category in review.categories)
            and self.month in (None, drawn.month)
            and self.unit in (None, drawn.unit)
            and self.stratum in (None, drawn.stratum)
            and (self.question is None or self._answered(row))
        )

    def _answered(self, row: CaseRow) -> bool:
        given = [*row.review.answers, *(answer for one in row.review.subunits for answer in one.answers)]
        return row.review.status == _REVIEWED and any(map(self._is_asked_for, given))

    def _is_asked_for(self, given: Answer) -> bool:
        return given.question == self.question and (self.answer is None or self.answer in given.chosen)


@dataclass(frozen=True, slots=True)
class After:
    """Where a page begins: behind this case of this draw."""

    draw: UUID
    case: str

    def __str__(self) -> str:
        return f"{self.draw}/{self.case}"

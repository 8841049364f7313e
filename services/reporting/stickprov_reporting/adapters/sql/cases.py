"""Reads the cases behind a number, page by page."""

from dataclasses import dataclass
from uuid import UUID

from stickprov_contracts.http.cases_behind import CaseBehind, CasesBehind, CaseStatus
from stickprov_reporting.adapters.reading import unknown
from stickprov_reporting.adapters.sql import rows
from stickprov_reporting.adapters.sql.stored import StoredReading
from stickprov_reporting.domain.projection.row import CaseRow, RowKey
from stickprov_reporting.domain.statistics.statistic import DateRange


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


@dataclass(frozen=True, slots=True)
class After:
    """Where a page begins: behind this case of this draw."""

    draw: UUID
    case: str

    def __str__(self) -> str:
        return f"{self.draw}/{self.case}"


async def read_cases(
    reading: StoredReading, control_point: str, dates: DateRange, behind: Behind, after: After | None, limit: int
) -> CasesBehind:
    """Return a page of the cases of a control point's draws within a range, in the order of draw and case.

    Raises:
        NotFoundError: reporting knows no such control point; names those it knows.
    """
    facts = (await reading.facts([control_point], dates, [])).get(control_point)
    if facts is None:
        raise await unknown(reading, control_point)
    draws = list({key.draw for key in facts.strata})
    place = (after.draw, bytes.fromhex(after.case)) if after else (None, None)
    records = await reading.cases_behind(
        control_point,
        draws,
        behind.status,
        behind.remark,
        behind.category,
        behind.month,
        behind.unit,
        behind.stratum,
        behind.question,
        behind.answer,
        *place,
        limit,
    )
    found = [
        (RowKey(draw, point, case.hex()), rows.case_row_of(*columns))
        for _, draw, point, case, *columns in records
        if draw is not None
    ]
    last = found[-1][0] if len(found) == limit else None
    return CasesBehind(
        count=records[0]["count"],
        cases=[_case_behind(key, row) for key, row in found],
        next_after=str(After(last.draw, last.case)) if last else None,
    )


def _case_behind(key: RowKey, row: CaseRow) -> CaseBehind:
    month, unit, stratum, subunits, _ = row.drawn or ("", "", "", 0, 0.0)
    return CaseBehind(
        draw=key.draw,
        case=key.case,
        month=month,
        stratum=stratum,
        unit=unit,
        status=row.review.status,
        remark=row.review.remark,
        categories=list(row.review.categories),
        reason=row.review.reason or None,
        subunits=subunits,
        subunit_remarks=sum(one.remark for one in row.review.subunits),
    )

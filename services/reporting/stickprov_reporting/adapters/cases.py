"""Reads the cases behind a number, page by page."""

from stickprov_contracts.http.cases_behind import CaseBehind, CasesBehind
from stickprov_reporting.adapters.reading import Reading, unknown
from stickprov_reporting.domain.behind import After, Behind
from stickprov_reporting.domain.projection.row import CaseRow, RowKey
from stickprov_reporting.domain.statistics.statistic import DateRange


async def read_cases(
    reading: Reading, control_point: str, dates: DateRange, behind: Behind, after: After | None, limit: int
) -> CasesBehind:
    """Return a page of the cases of a control point's draws within a range, in the order of draw and case.

    Raises:
        NotFoundError: reporting knows no such control point; names those it knows.
    """
    facts = (await reading.facts([control_point], dates, [])).get(control_point)
    if facts is None:
        raise await unknown(reading, control_point)
    draws = list({key.draw for key in facts.strata})
    count, found = await reading.cases(control_point, draws, behind, after, limit)
    last = found[-1][0] if len(found) == limit else None
    return CasesBehind(
        count=count,
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

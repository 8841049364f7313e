"""The pseudonymous cases behind a number."""

from typing import Literal
from uuid import UUID

from stickprov_contracts.http.base import Answer

CaseStatus = Literal["waiting", "reviewed", "over-coverage", "non-response"]


class CaseBehind(Answer):
    """One drawn case as reporting knows it; never who it is.

    Attributes:
        case: pseudonym. categories: of its remark. reason: of over-coverage or non-response.
        subunits: how many it has; subunit_remarks: how many of them have a remark.
    """

    draw: UUID
    case: str
    month: str
    stratum: str
    unit: str
    status: CaseStatus
    remark: bool
    categories: list[str]
    reason: str | None
    subunits: int
    subunit_remarks: int


class CasesBehind(Answer):
    """``GET /v1/cases/{control_point}?from=&to=&status=&remark=&category=&question=&answer=&month=&unit=&stratum=``.

    In the order of draw and case; ``limit`` at most 500.

    Attributes:
        count: how many there are in all. next_after: what to give as ``after`` for the next page; None at the end.
    """

    count: int
    cases: list[CaseBehind]
    next_after: str | None

"""Routes of the cases behind a number."""

import re
from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Depends, Query

from stickprov_contracts.http.cases_behind import CasesBehind, CaseStatus
from stickprov_contracts.http.sampler import ControlPointId
from stickprov_contracts.problems import FieldProblem
from stickprov_kernel.errors import BadInputError
from stickprov_kernel.http.routing import ServiceRouter
from stickprov_reporting.adapters.cases import read_cases
from stickprov_reporting.adapters.http.date_range import AsOfMoment, Dates
from stickprov_reporting.adapters.http.readers import READS_FIGURES
from stickprov_reporting.adapters.parts import GetParts
from stickprov_reporting.domain.behind import After, Behind

MOST_CASES: Final = 500
_PLACE: Final = re.compile(r"([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})/([0-9a-f]{64})")
_Text = Annotated[str | None, Query(max_length=200, pattern="^[^\x00]*$")]


async def _behind(
    status: CaseStatus | None = None,
    remark: bool | None = None,
    category: _Text = None,
    month: _Text = None,
    unit: _Text = None,
    stratum: _Text = None,
    question: _Text = None,
    answer: _Text = None,
) -> Behind:
    """Return which cases are asked for.

    Raises:
        BadInputError: an answer without its question.
    """
    if answer is not None and question is None:
        message = "Say which question the answer was given to."
        raise BadInputError(
            "An answer is one to a question.",
            errors=[FieldProblem(field="question", code="question-missing", message=message)],
        )
    return Behind(status, remark, category, month, unit, stratum, question, answer)


async def _after(
    after: Annotated[str | None, Query(max_length=200, description="The next_after of the page before")] = None,
) -> After | None:
    """Return where the page begins.

    Raises:
        BadInputError: it is not what a page before said.
    """
    if after is None:
        return None
    place = _PLACE.fullmatch(after)
    if place is None:
        message = "Give the next_after of the page before, as it was told."
        raise BadInputError(
            "The page cannot be found.", errors=[FieldProblem(field="after", code="after-unreadable", message=message)]
        )
    return After(UUID(place[1]), place[2])


def cases_router(parts: GetParts) -> APIRouter:
    """Return ``/v1/cases``."""
    router = ServiceRouter(
        prefix="/v1/cases",
        tags=["statistics"],
        dependencies=[READS_FIGURES],
    )

    @router.get("/{control_point}", summary="The pseudonymous cases behind a number")
    async def read_cases_behind(
        control_point: ControlPointId,
        dates: Dates,
        moment: AsOfMoment,
        behind: Annotated[Behind, Depends(_behind)],
        after: Annotated[After | None, Depends(_after)],
        limit: Annotated[int, Query(ge=1, le=MOST_CASES)] = 100,
    ) -> CasesBehind:
        """Return the drawn cases that fit, in the order of draw and case, and how many there are in all."""
        async with parts().readings.at(moment) as reading:
            return await read_cases(reading, control_point, dates, behind, after, limit)

    return router

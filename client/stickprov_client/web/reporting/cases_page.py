"""The pseudonymous cases behind a number: what they have in common stands in the address."""

import asyncio
from collections.abc import Mapping
from typing import Annotated, Final, get_args

from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from stickprov_client.api.reporting import CaseFilter
from stickprov_client.language.intervals import case_status
from stickprov_client.language.periods import month_name
from stickprov_client.language.translations import Language, texts
from stickprov_client.language.wording import category_text
from stickprov_client.web.connected import Connected
from stickprov_client.web.language import language_of
from stickprov_client.web.rendering import page
from stickprov_client.web.reporting.addresses import STATISTICS, days_in, days_or_everything, page_of, rooms_of
from stickprov_client.web.reporting.known import as_known, kept, known_in
from stickprov_contracts.http.cases_behind import CaseStatus
from stickprov_contracts.http.statistics import Statistics

_PAGE: Final = 50
_STATUSES: Final[tuple[CaseStatus, ...]] = get_args(CaseStatus)
_REMARKS: Final = {"true": True, "false": False}


def cases_behind_router() -> APIRouter:
    """Return the page."""
    router = APIRouter(prefix=STATISTICS)

    @router.get("/{control_point}/cases")
    async def cases(
        request: Request,
        services: Connected,
        control_point: str,
        start: Annotated[str, Query(alias="from")] = "",
        end: Annotated[str, Query(alias="to")] = "",
        after: str = "",
    ) -> Response:
        chosen, known = days_in(request, control_point, start, end), known_in(request)
        days = await days_or_everything(services, control_point, chosen)
        if days is None:
            return RedirectResponse(page_of(control_point))
        wanted = filter_in(request.query_params)
        positions = known.at if known else None
        reporting, which = services.reporting, (control_point, days.start, days.end)
        asked = asyncio.gather(
            reporting.cases(*which, wanted, after=after or None, limit=_PAGE, positions=positions),
            reporting.statistics(*which, positions=positions),
        )
        found, statistics = await (as_known(request, asked) if known else asked)
        told = wanted.parameters()
        return page(
            request,
            "reporting/cases.html",
            statistics=statistics,
            days=days,
            found=found,
            is_first=not after,
            wanted=told,
            in_words=_in_words(told, statistics, language_of(request)),
            without={
                name: page_of(control_point, "cases", days, **_leaving_out(told, name), **kept(known)) for name in told
            },
            next_page=page_of(control_point, "cases", days, **told, **kept(known), after=found.next_after),
            first_page=page_of(control_point, "cases", days, **told, **kept(known)),
            known=known,
            statuses=_STATUSES,
            categories={one.category: category_text(one, language_of(request)) for one in statistics.categories},
            reasons={(one.outcome, one.reason): one for one in statistics.reasons if one.level == "case"},
            months=[month.month for month in statistics.months],
            units=[unit.unit for unit in statistics.units],
            room_pages=rooms_of(control_point, chosen, known),
        )

    return router


def filter_in(told: Mapping[str, str]) -> CaseFilter:
    """Read what an address says of cases; what is empty or unknown leaves them all."""
    remark = told.get("remark", "")
    return CaseFilter(
        status=next((one for one in _STATUSES if one == told.get("status")), None),
        remark=_REMARKS.get(remark),
        category=told.get("category") or None,
        question=told.get("question") or None,
        answer=told.get("answer") or None,
        month=told.get("month") or None,
        unit=told.get("unit") or None,
        stratum=told.get("stratum") or None,
    )


def _leaving_out(told: Mapping[str, str], name: str) -> dict[str, str]:
    gone = {"question", "answer"} if name in {"question", "answer"} else {name}
    return {one: value for one, value in told.items() if one not in gone}


def _in_words(told: Mapping[str, str], statistics: Statistics, language: Language) -> dict[str, str]:
    """Return each thing that the cases have in common as people say it, by its name in the address."""
    say = texts(language).gettext
    words: dict[str, str] = {}
    for name, value in told.items():
        match name:
            case "status":
                words[name] = case_status(value, language)
            case "remark":
                words[name] = say("with a remark") if value == "true" else say("without a remark")
            case "month":
                words[name] = month_name(value, language)
            case "category":
                texts_of = {one.category: category_text(one, language) for one in statistics.categories}
                words[name] = texts_of.get(value, value)
            case "question":
                words[name] = _answer_in_words(told, statistics, language)
            case "answer":
                continue
            case _:
                words[name] = value
    return words


def _answer_in_words(told: Mapping[str, str], statistics: Statistics, language: Language) -> str:
    question = next((one for one in statistics.questions if one.question == told["question"]), None)
    chosen = told.get("answer", "")
    if question is None:
        return f"{told['question']}: {chosen}"
    option = next((one for one in question.options if one.option == chosen), None)
    if language == "sv":
        return f"{question.sv} {option.sv if option else chosen}"
    return f"{question.en} {option.en if option else chosen}"

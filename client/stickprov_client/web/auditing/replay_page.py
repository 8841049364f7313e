"""A replay of a period: both logs read again from their first event, every figure folded anew and compared.

With script the page tells how far it is while it waits; without, the browser waits and shows the result.
"""

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final
from urllib.parse import urlencode
from uuid import uuid4

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response, StreamingResponse

from stickprov_client.api import ApiProblem, Services
from stickprov_client.api.reporting import EVERY_YEAR
from stickprov_client.language.periods import DateRange, range_of
from stickprov_client.language.replays import keys_told, nothing_compared, stage_told, verdict_named, verdict_told
from stickprov_client.language.service_messages import told
from stickprov_client.language.translations import texts
from stickprov_client.web.access import Examiner
from stickprov_client.web.auditing.replays import MadeReplay, Replays
from stickprov_client.web.auditing.telling import MEDIA_TYPE, lines_of, wants_stages
from stickprov_client.web.connected import Connected
from stickprov_client.web.language import language_of
from stickprov_client.web.rendering import page
from stickprov_client.web.reporting.addresses import all_days_of, by_number
from stickprov_contracts.http.progress import AuditStage

REPLAY: Final = "/audit/replay"
_TONES: Final = {"verified": "good", "different": "bad", "unreachable": "warn"}


@dataclass(frozen=True)
class Wanted:
    """What an address wants to have replayed.

    Attributes:
        run: the form's id, so that reloading its result shows it again.
    """

    days: DateRange
    control_points: tuple[str, ...]
    run: str


def replay_router() -> APIRouter:
    """Return the form and the result."""
    router = APIRouter(prefix=REPLAY)

    @router.get("")
    async def empty(request: Request, services: Connected, _session: Examiner) -> Response:
        return await _form_page(request, services, "")

    @router.get("/result")
    async def result(request: Request, services: Connected, _session: Examiner) -> Response:
        wanted, fault = await _wanted(request, services)
        if wanted is None:
            return await _form_page(request, services, fault)
        kept = _kept(request).find(wanted.run, wanted.days, wanted.control_points)
        if kept is None and wants_stages(request):
            return StreamingResponse(_stages(request, services, wanted), media_type=MEDIA_TYPE)
        try:
            made = kept or await _made(request, services, wanted, lambda _stage: None)
        except ApiProblem as error:
            if error.problem.status not in {HTTPStatus.UNPROCESSABLE_ENTITY, HTTPStatus.BAD_REQUEST}:
                raise
            return await _form_page(request, services, told(error.problem.detail, language_of(request)))
        if not wanted.run:
            return RedirectResponse(address_of(made, _kept(request).newest()), status_code=HTTPStatus.SEE_OTHER)
        return _result_page(request, made)

    return router


def address_of(made: MadeReplay, kept: tuple[str, MadeReplay] | None) -> str:
    """Return the address that shows a replay that was made."""
    told_of = {
        "from": made.days.start.isoformat(),
        "to": made.days.end.isoformat(),
        "control_point": list(made.control_points),
        "run": kept[0] if kept else "",
    }
    return f"{REPLAY}/result?{urlencode(told_of, doseq=True)}"


def _kept(request: Request) -> Replays:
    replays: Replays = request.app.state.replays
    return replays


async def _made(
    request: Request, services: Services, wanted: Wanted, hears: Callable[[AuditStage], object]
) -> MadeReplay:
    # Its stages are listened to even where nobody looks at them: the connection is never silent for long.
    outcome = await services.reporting.replays(wanted.days.start, wanted.days.end, wanted.control_points, told=hears)
    return _kept(request).keep(wanted.run or str(uuid4()), wanted.days, wanted.control_points, outcome)


def _stages(request: Request, services: Services, wanted: Wanted) -> AsyncIterator[str]:
    """Tell the stages as they come, then the page that shows the result."""

    async def work(hears: Callable[[AuditStage], object]) -> MadeReplay:
        return await _made(request, services, wanted, hears)

    return lines_of(
        work,
        lambda stage: (stage_told(stage, language_of(request)), stage.done / stage.of if stage.of else None),
        lambda made: {"page": bytes(_result_page(request, made).body).decode()},
    )


async def _wanted(request: Request, services: Services) -> tuple[Wanted | None, str]:
    """Read what to replay; else say what is missing or wrong."""
    say, typed = texts(language_of(request)).gettext, request.query_params
    points = tuple(one for one in typed.getlist("control_point") if one)
    period, start, end = (typed.get(name, "").strip() for name in ("period", "from", "to"))
    try:
        if period or start or end:
            return Wanted(range_of(period or f"{start}/{end}"), points, typed.get("run", "")), ""
    except ValueError as error:
        if period:
            return None, told(str(error), language_of(request))
        return None, say("Write the period as 2021, 2021-Q1, 2021-T1 or 2021-03, or give two dates.")
    known = await services.reporting.control_points(EVERY_YEAR)
    drawn = [
        days for one in known if (not points or one.control_point in points) and (days := all_days_of(one)) is not None
    ]
    if not drawn:
        return None, say("Nothing has been drawn yet, so there is no figure to replay.")
    days = DateRange(min(one.start for one in drawn), max(one.end for one in drawn))
    return Wanted(days, points, typed.get("run", "")), ""


async def _form_page(request: Request, services: Services, fault: str) -> Response:
    known = await services.reporting.control_points(EVERY_YEAR)
    typed = request.query_params
    return page(
        request,
        "auditing/replay.html",
        status=HTTPStatus.UNPROCESSABLE_ENTITY if fault else HTTPStatus.OK,
        fault=fault,
        typed={name: typed.get(name, "") for name in ("period", "from", "to", "control_point")},
        points=sorted((point.control_point for point in known), key=by_number),
        years=sorted({point.year for point in known}, reverse=True),
        run=str(uuid4()),
    )


def _result_page(request: Request, made: MadeReplay) -> Response:
    language = language_of(request)
    return page(
        request,
        "auditing/replay_result.html",
        made=made,
        outcome=made.outcome,
        again=f"{REPLAY}?{urlencode({'from': made.days.start, 'to': made.days.end})}",
        sentence=verdict_told(made.outcome, language),
        headline_tone="warn" if nothing_compared(made.outcome) else _TONES[made.outcome.verdict],
        named=lambda verdict: verdict_named(verdict, language),
        tone=lambda verdict: _TONES[verdict],
        keys=lambda keys: keys_told(keys, language),
    )

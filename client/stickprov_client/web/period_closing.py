"""Closing a period of a plan: what it means is shown first, because it cannot be opened again."""

from dataclasses import dataclass
from http import HTTPStatus

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from stickprov_client.api import ApiProblem, Services, Unreachable
from stickprov_client.api.open_work import OpenWork, open_work_in
from stickprov_client.language.periods import DateRange, range_of
from stickprov_client.language.translations import texts
from stickprov_client.web.access import Coordinator
from stickprov_client.web.connected import Connected
from stickprov_client.web.forms import Fault, Form, read_form
from stickprov_client.web.language import language_of
from stickprov_client.web.rendering import page
from stickprov_contracts.http.plans import Plan
from stickprov_contracts.http.sampler import Draw, Frame


@dataclass(frozen=True)
class _Closing:
    """What is closed: days, and the frames and draws of the plan's points that lie in them.

    Attributes:
        undrawn: frames without a draw; none can be made from them afterwards.
        open_work: what is still to be done in it, and cannot be afterwards; None when that could not be asked.
    """

    days: DateRange
    frames: list[Frame]
    draws: list[Draw]
    undrawn: list[Frame]
    open_work: OpenWork | None


def period_closing_router() -> APIRouter:
    """Return ``/plans/{plan}/close``."""
    router = APIRouter(prefix="/plans/{plan}/close")

    @router.get("")
    async def empty(request: Request, services: Connected, _session: Coordinator, plan: str) -> Response:
        return _page(request, await services.plans.plan(plan), Form())

    @router.post("")
    async def sent(request: Request, services: Connected, _session: Coordinator, plan: str) -> Response:
        found = await services.plans.plan(plan)
        form = await read_form(request)
        days = _days(form.value("period"))
        if days is None:
            message = texts(language_of(request)).gettext(
                "Write a period, such as 2021-03, 2021-Q1, 2021-T1, 2021 or 2021-01-01/2021-04-01."
            )
            return _page(request, found, form.with_faults([Fault("period", message)]))
        if form.value("action") != "close":
            return _page(request, found, form, await _closing(services, found, days))
        try:
            await services.plans.close_period(plan, form.value("period"), command=form.command)
        except ApiProblem as error:
            if not error.is_our_fault:
                raise
            return _page(request, found, form.refused(error.problem))
        return RedirectResponse(f"/plans/{plan}#closed", status_code=HTTPStatus.SEE_OTHER)

    return router


def _days(text: str) -> DateRange | None:
    try:
        return range_of(text)
    except ValueError:
        return None


async def _closing(services: Services, plan: Plan, days: DateRange) -> _Closing:
    points = {point.control_point for point in plan.control_points}
    frames = [
        frame
        for frame in await services.sampler.frames()
        if frame.control_point in points and frame.period.start < days.end and days.start < frame.period.end
    ]
    known = {frame.frame for frame in frames}
    draws = [draw for draw in await services.sampler.draws() if draw.frame in known]
    drawn = {draw.frame for draw in draws}
    undrawn = [frame for frame in frames if frame.frame not in drawn]
    try:
        still_open = await open_work_in(services, points, (days.start, days.end))
    except Unreachable:
        still_open = None
    return _Closing(days, frames, draws, undrawn, still_open)


def _page(request: Request, plan: Plan, form: Form, closing: _Closing | None = None) -> Response:
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.faults else HTTPStatus.OK
    return page(request, "period_closing.html", status=status, plan=plan, form=form, closing=closing)

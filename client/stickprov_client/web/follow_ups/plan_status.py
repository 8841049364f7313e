"""The page of a plan's status table: each row by tertial, and the form to report one."""

from collections.abc import Sequence
from http import HTTPStatus
from typing import Final

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from stickprov_client.api import Services
from stickprov_client.language import plan_wording
from stickprov_client.language.follow_ups import ROW_STATUSES, choices
from stickprov_client.web.access import Coordinator
from stickprov_client.web.connected import Connected
from stickprov_client.web.follow_ups.typed import request_of, sent, status_of
from stickprov_client.web.forms import Form, read_form
from stickprov_client.web.language import language_of
from stickprov_client.web.rendering import page
from stickprov_contracts.http.follow_ups import PlanStatus, ReportPlanStatus

_FIELDS: Final = ("plan", "control_point", "period", "status", "text")


def plan_status_router() -> APIRouter:
    """Return the routes under ``/plans/{plan}/status``."""
    router = APIRouter(prefix="/plans/{plan}/status")

    @router.get("")
    async def table(request: Request, services: Connected, plan: str) -> Response:
        found = await services.plans.plan(plan)
        statuses = await services.follow_ups.plan_statuses(plan)
        return page(
            request,
            "follow_ups/plan_status.html",
            plan=found,
            groups=plan_wording.by_score(found, language_of(request)),
            periods=_periods(found.year, statuses),
            told={(one.control_point, one.period.label): one for one in statuses},
        )

    @router.get("/report")
    async def report(
        request: Request, services: Connected, _coordinator: Coordinator, plan: str, control_point: str, period: str
    ) -> Response:
        earlier = next(
            (
                one
                for one in await services.follow_ups.plan_statuses(plan)
                if (one.control_point, one.period.label) == (control_point, period)
            ),
            None,
        )
        values = {"control_point": control_point, "period": period}
        values |= {"status": earlier.status, "text": earlier.text or ""} if earlier else {}
        return await _form_page(request, services, plan, Form(values={k: (v,) for k, v in values.items()}))

    @router.post("/report")
    async def save(request: Request, services: Connected, _coordinator: Coordinator, plan: str) -> Response:
        form = await read_form(request)
        form = Form({**form.values, "plan": (plan,)}, form.files, form.command)
        asked, form = request_of(ReportPlanStatus, form, _FIELDS, language_of(request))
        if asked is not None:
            kept, form = await sent(services.follow_ups.report_plan_status(asked, command=form.command), form)
            if kept is not None:
                return RedirectResponse(f"/plans/{plan}/status#row-{asked.control_point}", HTTPStatus.SEE_OTHER)
        return await _form_page(request, services, plan, form)

    return router


async def _form_page(request: Request, services: Services, plan: str, form: Form) -> Response:
    found = await services.plans.plan(plan)
    point = next((one for one in found.control_points if one.control_point == form.value("control_point")), None)
    return page(
        request,
        "follow_ups/plan_status_form.html",
        status=status_of(form),
        plan=found,
        point=point,
        form=form,
        points=[(one.control_point, f"{one.number} {one.measure}"[:80]) for one in found.control_points],
        statuses=choices(ROW_STATUSES, language_of(request)),
    )


def _periods(year: int, statuses: Sequence[PlanStatus]) -> list[str]:
    """Return the year's tertials and whatever else has been reported for, in the order of their first days."""
    usual = {f"{year}-T{number}": f"{year}-{4 * number - 3:02}-01" for number in (1, 2, 3)}
    told = {one.period.label: str(one.period.start) for one in statuses}
    return sorted(usual | told, key=(usual | told).__getitem__)

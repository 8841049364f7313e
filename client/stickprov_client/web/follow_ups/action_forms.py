"""The forms to propose an action and to change it.

What must not break: who saves has seen the version that is replaced, or is told that there is another.
"""

import asyncio
from collections.abc import Iterable
from http import HTTPStatus
from typing import Final
from uuid import UUID

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from stickprov_client.api import Services
from stickprov_client.language.follow_ups import ACTION_STATUSES, choices
from stickprov_client.language.translations import texts
from stickprov_client.web.access import Coordinator
from stickprov_client.web.connected import Connected
from stickprov_client.web.follow_ups.beside import points_to_choose
from stickprov_client.web.follow_ups.names import names_for
from stickprov_client.web.follow_ups.typed import VERSION, begun, request_of, sent, status_of, version_in
from stickprov_client.web.forms import Form, read_form
from stickprov_client.web.language import language_of
from stickprov_client.web.rendering import page
from stickprov_contracts.http.follow_ups import Action, ProposeAction, UpdateAction
from stickprov_contracts.http.plans import PlanSummary

_TERMS: Final = (
    *("control_point", "plan", "number", "description"),
    *("responsible", "owner", "due", "status"),
)


def action_forms_router() -> APIRouter:
    """Return the forms under ``/actions``."""
    router = APIRouter(prefix="/actions")

    @router.get("/new")
    async def new(
        request: Request, services: Connected, _coordinator: Coordinator, control_point: str = "", plan: str = ""
    ) -> Response:
        return await _form_page(request, services, Form(values={"control_point": (control_point,), "plan": (plan,)}))

    @router.post("/new")
    async def propose(request: Request, services: Connected, _coordinator: Coordinator) -> Response:
        asked, form = request_of(ProposeAction, await read_form(request), _TERMS, language_of(request))
        if asked is not None:
            kept, form = await sent(services.follow_ups.propose_action(asked, command=form.command), form)
            if kept is not None:
                return RedirectResponse(f"/actions/{kept.action}", HTTPStatus.SEE_OTHER)
        return await _form_page(request, services, form)

    @router.get("/{action_id}/edit")
    async def edit(request: Request, services: Connected, _coordinator: Coordinator, action_id: UUID) -> Response:
        held = await services.follow_ups.action(action_id)
        return await _form_page(request, services, begun(held, _TERMS, version=held.version), held)

    @router.post("/{action_id}/edit")
    async def save(request: Request, services: Connected, _coordinator: Coordinator, action_id: UUID) -> Response:
        held = await services.follow_ups.action(action_id)
        language = language_of(request)
        asked, form = request_of(UpdateAction, await read_form(request), (*_TERMS, "reason"), language)
        if asked is not None:
            overtaken = texts(language).gettext(
                "Somebody else has changed this action since you opened the form. Open it beside this one and compare; "
                "saving again replaces what they wrote."
            )
            version = version_in(form) or held.version
            call = services.follow_ups.update_action(action_id, asked, version=version, command=form.command)
            kept, form = await sent(call, form, overtaken=overtaken)
            if kept is not None:
                return RedirectResponse(f"/actions/{action_id}", HTTPStatus.SEE_OTHER)
        return await _form_page(request, services, form, held)

    return router


async def _form_page(request: Request, services: Services, form: Form, held: Action | None = None) -> Response:
    language = language_of(request)
    nobody = ("", texts(language).gettext("Nobody by name"))
    names, points, plans = await asyncio.gather(
        names_for(request, services), services.sampler.control_points(), services.plans.plans()
    )
    return page(
        request,
        "follow_ups/action_form.html",
        status=status_of(form),
        form=form,
        action=held,
        seen=form.value(VERSION),
        points=points_to_choose(points, form.value("control_point")),
        plans=_plans(plans, form.value("plan")),
        owners=[nobody, *sorted(names.items(), key=lambda one: one[1])],
        statuses=choices(ACTION_STATUSES, language),
    )


def _plans(plans: Iterable[PlanSummary], typed: str) -> list[tuple[str, str]]:
    options = {one.plan: f"{one.plan} · {one.board}, {one.year}" for one in plans}
    return [("", "–"), *({typed: typed} | options if typed else options).items()]

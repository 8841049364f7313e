"""Pages of actions: the list, and one action with what was found of it and the form to tell more."""

from http import HTTPStatus
from typing import Final
from uuid import UUID

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from stickprov_client.api import Services
from stickprov_client.language.follow_ups import ACTION_STATUSES, EFFECTS, choices
from stickprov_client.language.translations import texts
from stickprov_client.web.access import Coordinator
from stickprov_client.web.connected import Connected
from stickprov_client.web.follow_ups.names import names_for
from stickprov_client.web.follow_ups.typed import begun, request_of, sent, status_of
from stickprov_client.web.forms import Form, read_form
from stickprov_client.web.language import language_of
from stickprov_client.web.rendering import page
from stickprov_contracts.http.follow_ups import Action, FollowUpAction

_FOUND: Final = ("period", "status", "effect", "finding")
_SHOWN: Final = ("open", "overdue", "all")


def actions_router() -> APIRouter:
    """Return the list of actions and the page of each."""
    router = APIRouter(prefix="/actions")

    @router.get("")
    async def list_page(request: Request, services: Connected, show: str = "open") -> Response:
        shown = show if show in _SHOWN else "open"
        every = await services.follow_ups.actions()
        is_open = {one.action: one.status not in {"done", "dropped"} for one in every}
        chosen = {
            "open": [one for one in every if is_open[one.action]],
            "overdue": [one for one in every if one.overdue],
            "all": every,
        }
        return page(
            request,
            "follow_ups/actions.html",
            actions=sorted(chosen[shown], key=lambda one: (one.due is None, str(one.due))),
            counts={name: len(those) for name, those in chosen.items()},
            shown=shown,
            names=await names_for(request, services),
        )

    @router.get("/{action_id}")
    async def one(request: Request, services: Connected, action_id: UUID) -> Response:
        held = await services.follow_ups.action(action_id)
        return await _action_page(request, services, held, begun(held, ("status",)))

    @router.post("/{action_id}")
    async def follow_up(request: Request, services: Connected, _coordinator: Coordinator, action_id: UUID) -> Response:
        asked, form = request_of(FollowUpAction, await read_form(request), _FOUND, language_of(request))
        if asked is not None:
            call = services.follow_ups.follow_up_action(action_id, asked, command=form.command)
            kept, form = await sent(call, form)
            if kept is not None:
                return RedirectResponse(f"/actions/{action_id}", HTTPStatus.SEE_OTHER)
        return await _action_page(request, services, await services.follow_ups.action(action_id), form)

    return router


async def _action_page(request: Request, services: Services, held: Action, form: Form) -> Response:
    language = language_of(request)
    return page(
        request,
        "follow_ups/action.html",
        status=status_of(form),
        action=held,
        form=form,
        statuses=choices(ACTION_STATUSES, language),
        effects=[("", texts(language).gettext("Cannot be told yet")), *choices(EFFECTS, language)],
        names=await names_for(request, services),
    )

"""Pages of conclusions: all that hold, and the standard form to conclude a control, or to conclude it anew."""

import asyncio
from collections.abc import Sequence
from http import HTTPStatus
from typing import Final

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from stickprov_client.api import Services
from stickprov_client.language.follow_ups import FORM_TEXTS, PROPOSALS, VERDICTS, choices
from stickprov_client.language.translations import texts
from stickprov_client.web.access import Coordinator
from stickprov_client.web.connected import Connected
from stickprov_client.web.follow_ups.beside import beside, points_to_choose
from stickprov_client.web.follow_ups.typed import VERSION, begun, request_of, sent, status_of, version_in
from stickprov_client.web.forms import Form, read_form
from stickprov_client.web.language import language_of
from stickprov_client.web.problems import PageProblem
from stickprov_client.web.rendering import page
from stickprov_contracts.http.follow_ups import ConcludeControl, Conclusion

_CHOSEN: Final = ("control_point", "period", "carried_out_from", "carried_out_to", "verdict", "proposal", "reason")


def conclusions_router() -> APIRouter:
    """Return the routes under ``/conclusions``."""
    router = APIRouter(prefix="/conclusions")

    @router.get("")
    async def all_of_them(request: Request, services: Connected, control_point: str = "") -> Response:
        held = await services.follow_ups.conclusions(control_point or None)
        return page(
            request,
            "follow_ups/conclusions.html",
            conclusions=[(one, _texts(one)) for one in held],
            control_point=control_point,
        )

    @router.get("/new")
    async def new(
        request: Request, services: Connected, _coordinator: Coordinator, control_point: str = "", period: str = ""
    ) -> Response:
        known = await beside(services, control_point, period, language_of(request))
        values = {"control_point": (control_point,), "period": (period,), "sampling_method": (known.method,)}
        return await _form_page(request, services, Form(values=values))

    @router.get("/again")
    async def again(
        request: Request, services: Connected, _coordinator: Coordinator, control_point: str, period: str
    ) -> Response:
        held = await _held(request, services, control_point, period)
        names = [name for name in (*_CHOSEN, *FORM_TEXTS) if name not in {"period", "reason"}]
        form = begun(held, names, period=held.period.label, version=held.version)
        return await _form_page(request, services, form)

    @router.post("/new")
    async def conclude(request: Request, services: Connected, _coordinator: Coordinator) -> Response:
        language = language_of(request)
        asked, form = request_of(ConcludeControl, await read_form(request), (*_CHOSEN, *FORM_TEXTS), language)
        if asked is not None:
            overtaken = texts(language).gettext(
                "Somebody else has concluded this control for the period meanwhile. Open it beside this form and "
                "compare; saving again replaces what they wrote."
            )
            call = services.follow_ups.conclude(asked, version=version_in(form), command=form.command)
            kept, form = await sent(call, form, overtaken=overtaken)
            if kept is not None:
                return RedirectResponse(f"/conclusions?control_point={asked.control_point}", HTTPStatus.SEE_OTHER)
        return await _form_page(request, services, form)

    return router


async def _form_page(request: Request, services: Services, form: Form) -> Response:
    language = language_of(request)
    chosen = form.value("control_point")
    points, known = await asyncio.gather(
        services.sampler.control_points(), beside(services, chosen, form.value("period"), language)
    )
    return page(
        request,
        "follow_ups/conclude.html",
        status=status_of(form),
        form=form,
        replaces=form.value(VERSION),
        points=points_to_choose(points, chosen),
        known=known,
        begun=bool(chosen and form.value("period")) or bool(form.faults),
        verdicts=choices(VERDICTS, language),
        proposals=[("", texts(language).gettext("Nothing yet")), *choices(PROPOSALS, language)],
        texts=choices(FORM_TEXTS, language),
    )


async def _held(request: Request, services: Services, control_point: str, period: str) -> Conclusion:
    for one in await services.follow_ups.conclusions(control_point):
        if one.period.label == period:
            return one
    say = texts(language_of(request)).gettext
    detail = say("Nothing has been concluded for this control point and period.")
    raise PageProblem(HTTPStatus.NOT_FOUND, say("Not found"), detail, ("/conclusions", say("All conclusions")))


def _texts(one: Conclusion) -> Sequence[tuple[str, str]]:
    return [(name, text) for field, name in FORM_TEXTS.items() if (text := getattr(one, field))]

"""Giving a draw's cases to reviewers: what the rule would do, doing it, and telling the reviewers by e-mail."""

import asyncio
from collections import Counter
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from stickprov_client.api import ApiProblem, Services
from stickprov_client.language.assigning import PROTECTED_TAKES_BOTH, anybody_cleared, why_unassigned
from stickprov_client.language.numbers import whole
from stickprov_client.language.translations import Language, marked, texts
from stickprov_client.language.typed_shares import share_of
from stickprov_client.web.access import Coordinator
from stickprov_client.web.connected import Connected
from stickprov_client.web.follow_ups.names import names_for
from stickprov_client.web.follow_ups.typed import request_of, sent, status_of
from stickprov_client.web.forms import Fault, Form, read_form
from stickprov_client.web.language import language_of
from stickprov_client.web.rendering import page
from stickprov_client.web.reviewing.addresses import purpose_in
from stickprov_client.web.reviewing.queue_page import TITLES
from stickprov_contracts.http.findings import AssignCases, Assigned
from stickprov_contracts.http.notices import Notice, NoticesSent, SendNotices

_FIELDS: Final = ("draw", "control_point", "purpose", "rule", "group", "share", "capacity")
_RULES: Final = {
    "": marked("The control point's own rule"),
    "handler": marked("The case's handler"),
    "colleague": marked("A colleague of the handler, in the same unit"),
    "group": marked("A group of the staff list"),
    "round_robin": marked("Whoever has least to do"),
}


def assigning_router() -> APIRouter:
    """Return the pages under ``/assign``."""
    router = APIRouter(prefix="/assign")

    @router.get("")
    async def show(
        request: Request,
        services: Connected,
        _coordinator: Coordinator,
        draw: str = "",
        control_point: str = "",
        purpose: str = "",
    ) -> Response:
        values = {"draw": f"{draw} {control_point}".strip(), "purpose": purpose_in(purpose)}
        return await _page(request, services, Form(values={name: (value,) for name, value in values.items()}))

    @router.post("")
    async def assign(request: Request, services: Connected, _coordinator: Coordinator) -> Response:
        form = await read_form(request)
        only_look = form.value("action") != "assign"
        asked, read = request_of(AssignCases, _as_asked(form, language_of(request)), _FIELDS, language_of(request))
        form = form.with_faults(read.faults) if read.faults else form
        if asked is None or form.faults:
            return await _page(request, services, form)
        command = services.findings.assign(asked.model_copy(update={"dry_run": only_look}), command=form.command)
        done, form = await sent(command, form)
        return await _page(request, services, form, done, stored=done is not None and not only_look)

    @router.post("/notices")
    async def notify(request: Request, services: Connected, _coordinator: Coordinator) -> Response:
        form = await read_form(request)
        letters = await _letters(services, form)
        return page(request, "overseeing/notices.html", letters=letters, names=await names_for(request, services))

    return router


async def _page(
    request: Request, services: Services, form: Form, done: Assigned | None = None, *, stored: bool = False
) -> Response:
    language = language_of(request)
    say = texts(language).gettext
    draws, names = await asyncio.gather(services.sampler.draws(), names_for(request, services))
    cleared = done is not None and anybody_cleared(await services.plans.staff())
    why = Counter(one.why for one in done.unassigned).most_common() if done else []
    return page(
        request,
        "overseeing/assign.html",
        status=status_of(form),
        form=form,
        draws=[
            (f"{draw.draw} {point}", _named(point, draw.frame_name) + f" ({whole(draw.drawn, language)})")
            for draw in reversed(draws)
            for point in draw.control_points
        ],
        purposes=[(name, say(title)) for name, title in TITLES.items()],
        rules=[(name, say(title)) for name, title in _RULES.items()],
        done=done,
        stored=stored,
        unassigned=[(why_unassigned(reason, language), count) for reason, count in why],
        names=names,
        also=say(PROTECTED_TAKES_BOTH) if cleared else "",
    )


def _named(point: str, frame: str) -> str:
    """Return the frame's name, which most often begins with the control point's; else both."""
    return frame if frame.startswith(point) else f"{point}, {frame}"


def _as_asked(form: Form, language: Language) -> Form:
    """Return the form with what is one field on the page and two in the request taken apart."""
    draw, _, point = form.value("draw").partition(" ")
    values = {**form.values, "draw": (draw,), "control_point": (point,)}
    faults = []
    if form.value("share"):
        try:
            values["share"] = (str(share_of(form.value("share"))),)
        except ValueError:
            values["share"] = ("",)
            faults.append(Fault("share", texts(language).gettext("Write a share, such as 5% or 0.05.")))
    return Form(values=values, command=form.command, faults=tuple(faults))


@dataclass(frozen=True)
class _Letters:
    """What became of letters: sent, or refused in words; neither where nobody has a case waiting."""

    sent: NoticesSent | None = None
    refused: str | None = None


async def _letters(services: Services, form: Form) -> _Letters:
    """Tell whoever has cases waiting."""
    draw, _, point = form.value("draw").partition(" ")
    purpose = purpose_in(form.value("purpose"))
    asked, _ = request_of(AssignCases, Form(values={"draw": (draw,), "control_point": (point,)}), _FIELDS, "en")
    if asked is None:
        return _Letters()
    found = await services.findings.progress(control_point=point, draw=asked.draw, purpose=purpose)
    waiting = [Notice(reviewer=row.name, cases=row.waiting) for row in found.reviewers if row.name and row.waiting]
    if not waiting:
        return _Letters()
    notices = SendNotices(control_point=point, purpose=purpose, notices=waiting)
    try:
        return _Letters(sent=await services.plans.send_notices(notices, command=form.command))
    except ApiProblem as error:
        if error.problem.status not in {HTTPStatus.CONFLICT, HTTPStatus.SERVICE_UNAVAILABLE}:
            raise
        return _Letters(refused=error.problem.detail)

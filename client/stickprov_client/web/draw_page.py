"""The page of a draw: its proof, its cases, and what may follow: replace a case, extend, reveal the seed."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Final, Literal, get_args
from uuid import UUID

from fastapi import APIRouter
from pydantic import ValidationError
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from stickprov_client.api import ApiProblem, Services
from stickprov_client.language.draws import design_name, reason_name, rule_name
from stickprov_client.language.translations import texts
from stickprov_client.language.verification import checks_of, first_difference
from stickprov_client.web.access import Coordinator, Examiner
from stickprov_client.web.connected import Connected
from stickprov_client.web.draw_typed import extension_fields
from stickprov_client.web.forms import Fault, Form, read_form
from stickprov_client.web.language import language_of
from stickprov_client.web.rendering import page
from stickprov_client.web.verifications import Verifications
from stickprov_contracts.http.draws import ExtendDraw, GivenReason, ReplaceCase

_MOST_CASES: Final = 500
_PLACES: Final = {"replacements": "replace", "extension": "extend", "revelation": "reveal"}
_EXTENDED: Final = frozenset({"simple", "stratified", "cluster"})
"""Designs whose larger sample begins with the smaller one."""


@dataclass(frozen=True)
class _Forms:
    """What may follow a draw, each as it was typed, or as it begins."""

    replacing: Form = field(default_factory=Form)
    extending: Form = field(default_factory=Form)
    revealing: Form = field(default_factory=Form)

    @property
    def faults(self) -> tuple[Fault, ...]:
        """What is wrong with any of them."""
        return self.replacing.faults + self.extending.faults + self.revealing.faults


def draw_router() -> APIRouter:
    """Return the routes under ``/draws/{draw}``."""
    router = APIRouter(prefix="/draws/{draw}")

    @router.get("")
    async def shown(
        request: Request, services: Connected, _session: Examiner, draw: UUID, case: str = "", verify: str = ""
    ) -> Response:
        forms = _Forms(replacing=Form(values={"case": (case,)}))
        return await _page(request, services, draw, forms, anew=verify == "again")

    @router.get("/{step}")
    async def back(
        _session: Examiner, draw: UUID, step: Literal["replacements", "extension", "revelation"]
    ) -> Response:
        # Who reloads a form that was shown again, or wants it in another language.
        return RedirectResponse(f"/draws/{draw}#{_PLACES[step]}", status_code=HTTPStatus.SEE_OTHER)

    @router.post("/replacements")
    async def replaced(request: Request, services: Connected, _session: Coordinator, draw: UUID) -> Response:
        wrong = await _replace(request, services, draw)
        return await _done(request, services, draw, _Forms(replacing=wrong) if wrong else None, "replaced")

    @router.post("/extension")
    async def extended(request: Request, services: Connected, _session: Coordinator, draw: UUID) -> Response:
        wrong = await _extend(request, services, draw)
        return await _done(request, services, draw, _Forms(extending=wrong) if wrong else None, "cases")

    @router.post("/revelation")
    async def revealed(request: Request, services: Connected, _session: Coordinator, draw: UUID) -> Response:
        wrong = await _reveal(request, services, draw)
        return await _done(request, services, draw, _Forms(revealing=wrong) if wrong else None, "verification")

    return router


async def _done(request: Request, services: Services, draw: UUID, wrong: _Forms | None, place: str) -> Response:
    """Go to a place of the page, or show what is wrong."""
    if wrong is not None:
        return await _page(request, services, draw, wrong)
    return RedirectResponse(f"/draws/{draw}#{place}", status_code=HTTPStatus.SEE_OTHER)


async def _replace(request: Request, services: Services, draw: UUID) -> Form | None:
    form = await read_form(request)

    async def send() -> object:
        typed = {"case": form.value("case").lower(), "reason": form.value("reason"), "note": form.optional("note")}
        return await services.sampler.replace_case(draw, ReplaceCase.model_validate(typed), command=form.command)

    say = texts(language_of(request)).gettext
    return await _faulty(form, send, say("Choose a case by at least six of its digits, and a reason."))


async def _extend(request: Request, services: Services, draw: UUID) -> Form | None:
    form = await read_form(request)

    async def send() -> object:
        asked = ExtendDraw.model_validate(extension_fields(form))
        return await services.sampler.extend_draw(draw, asked, command=form.command)

    return await _faulty(form, send, texts(language_of(request)).gettext("Write a whole number, at least 1."))


async def _reveal(request: Request, services: Services, draw: UUID) -> Form | None:
    form = await read_form(request)
    if form.value("sure") != "yes":
        message = texts(language_of(request)).gettext("Say that you are sure: it cannot be hidden again.")
        return form.with_faults([Fault("sure", message)])
    return await _faulty(form, lambda: services.sampler.reveal_seed(draw, command=form.command), "")


async def _faulty(form: Form, send: Callable[[], Awaitable[object]], unreadable: str) -> Form | None:
    """Send a command; return the form with what is wrong, None when nothing is."""
    try:
        await send()
    except ValidationError as error:
        return form.invalid(error, unreadable)
    except ApiProblem as error:
        if not error.is_our_fault:
            raise
        return form.refused(error.problem)
    return None


async def _page(request: Request, services: Services, draw: UUID, forms: _Forms, *, anew: bool = False) -> Response:
    found = await services.sampler.draw(draw)
    kept: Verifications = request.app.state.verifications
    cases, verified, replaced = await asyncio.gather(
        services.sampler.cases(draw), kept.of(services, found, anew=anew), services.sampler.replacements(draw)
    )
    verification = verified.found
    language = language_of(request)
    return page(
        request,
        "draw.html",
        status=HTTPStatus.UNPROCESSABLE_ENTITY if forms.faults else HTTPStatus.OK,
        draw=found,
        cases=cases[:_MOST_CASES],
        all_cases=len(cases),
        verdict=verification.verdict,
        verified=verified.time,
        difference=first_difference(verification, language),
        checks=checks_of(verification, language),
        sql=(await services.sampler.draw_sql(draw)).sql if found.seed else None,
        design=design_name(found.design, language),
        rule=rule_name(found.allocation_rule, language) if found.allocation_rule else None,
        replaced=replaced,
        reasons=[(reason, reason_name(reason, language)) for reason in get_args(GivenReason)],
        forms=forms,
        extendable=found.design in _EXTENDED,
    )

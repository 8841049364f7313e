"""The planner's page: a form whose answer has an address, so that it works without scripts and can be linked to."""

from http import HTTPStatus
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Query
from pydantic import ValidationError
from starlette.requests import Request
from starlette.responses import Response

from stickprov_client.api import ApiProblem
from stickprov_client.language.planning import (
    attribute_sentences,
    headline,
    margin_sentences,
    staged_rows,
    staged_sentence,
)
from stickprov_client.language.translations import texts
from stickprov_client.language.typed_shares import share_of
from stickprov_client.web.access import only
from stickprov_client.web.connected import Connected
from stickprov_client.web.language import language_of
from stickprov_client.web.rendering import page
from stickprov_client.web.sessions import Session
from stickprov_contracts.http.planning import PlannedSize, PlanSize

_SHARES: Final = ("tolerable", "confidence", "expected", "margin")
_NUMBERS: Final = ("frame_size", "stages")

# Nobody has it compute without saying who they are: it takes seconds.
Planner = Annotated[Session, Depends(only("coordinator", "auditor", "board"))]


def plan_size_router() -> APIRouter:
    """Return ``/plan-size``."""
    router = APIRouter()

    @router.get("/plan-size")
    async def plan_size(
        request: Request,
        services: Connected,
        _session: Planner,
        frame_size: Annotated[str, Query()] = "",
        tolerable: Annotated[str, Query()] = "",
        confidence: Annotated[str, Query()] = "",
        expected: Annotated[str, Query()] = "",
        margin: Annotated[str, Query()] = "",
        stages: Annotated[str, Query()] = "",
    ) -> Response:
        typed = {
            "frame_size": frame_size,
            "tolerable": tolerable,
            "confidence": confidence or "95 %",
            "expected": expected,
            "margin": margin,
            "stages": stages,
        }
        if not (tolerable or margin or frame_size):
            return _page(request, typed)
        asked, faults = _read(request, typed)
        if asked is None:
            return _page(request, typed, faults=faults)
        try:
            return _page(request, typed, planned=await services.sampler.plan_size(asked))
        except ApiProblem as error:
            if error.problem.status != HTTPStatus.UNPROCESSABLE_ENTITY:
                raise
            return _page(request, typed, faults={fault.field: fault.message for fault in error.problem.errors})

    return router


def _read(request: Request, typed: dict[str, str]) -> tuple[PlanSize | None, dict[str, str]]:
    """Read the form; else say which fields are wrong."""
    say = texts(language_of(request)).gettext
    fields: dict[str, object] = {}
    faults: dict[str, str] = {}
    for name, text in typed.items():
        if not text.strip():
            continue
        try:
            fields[name] = share_of(text) if name in _SHARES else int("".join(text.split()))
        except ValueError:
            faults[name] = (
                say("Write a share, such as 5% or 0.05.") if name in _SHARES else say("Write a whole number.")
            )
    if faults:
        return None, faults
    try:
        return PlanSize.model_validate(fields), {}
    except ValidationError as error:
        return None, {str(fault["loc"][0]): say("This is outside what can be planned for.") for fault in error.errors()}


def _page(
    request: Request, typed: dict[str, str], *, planned: PlannedSize | None = None, faults: dict[str, str] | None = None
) -> Response:
    language = language_of(request)
    sentences: list[str] = []
    if planned is not None and planned.attribute is not None:
        sentences += attribute_sentences(planned, planned.attribute, language)
    if planned is not None and planned.margin is not None:
        sentences += margin_sentences(planned, planned.margin, language)
    staged = planned.stop_or_go if planned is not None else None
    return page(
        request,
        "plan_size.html",
        status=HTTPStatus.UNPROCESSABLE_ENTITY if faults else HTTPStatus.OK,
        typed=typed,
        faults=faults or {},
        headline=headline(planned, language) if planned is not None else None,
        sentences=sentences,
        stages=staged_rows(staged, language) if staged is not None else [],
        stages_sentence=staged_sentence(planned, staged, language)
        if planned is not None and staged is not None
        else "",
    )

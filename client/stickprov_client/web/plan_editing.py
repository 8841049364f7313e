"""The form of a control point, for coordinators. What it says is the service's to judge; the form loses nothing.

What must not break: who saves has seen the version that is replaced, or is told that there is another.
"""

from decimal import Decimal
from http import HTTPStatus
from typing import Final

from fastapi import APIRouter
from pydantic import ValidationError
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from stickprov_client.api import ApiProblem, Services
from stickprov_client.language import plan_wording
from stickprov_client.language.translations import Language, texts
from stickprov_client.language.typed_shares import share_of
from stickprov_client.web.access import Coordinator
from stickprov_client.web.connected import Connected
from stickprov_client.web.forms import Fault, Form, read_form
from stickprov_client.web.language import language_of
from stickprov_client.web.rendering import page
from stickprov_contracts.http.sampler import ControlPoint, DefineControlPoint

_OPTIONAL: Final = (
    *("risk", "method", "responsible", "frequency", "questionnaire", "subunit_name"),
    *("reviewer_rule", "reviewer_group", "file_review_questionnaire"),
)
_SHARES: Final = ("tolerance", "second_review_share")
_PLAIN: Final = ("number", "area", "measure", "unit_name")
_CATEGORY_PARTS: Final = 3


def plan_editing_router() -> APIRouter:
    """Return the form of a control point."""
    router = APIRouter()

    @router.get("/control-points/{control_point}/edit")
    async def show(request: Request, services: Connected, _coordinator: Coordinator, control_point: str) -> Response:
        point = await services.sampler.control_point(control_point)
        return await _page(request, services, point, _begun(point, language_of(request)))

    @router.post("/control-points/{control_point}/edit")
    async def save(request: Request, services: Connected, _coordinator: Coordinator, control_point: str) -> Response:
        point = await services.sampler.control_point(control_point)
        form = await read_form(request)
        definition, faults = _read(form, point, language_of(request))
        if definition is None:
            return await _page(request, services, point, form.with_faults(faults))
        seen = form.value("version")
        version = int(seen) if seen.isdigit() else point.version
        try:
            await services.plans.redefine(control_point, definition, version=version, command=form.command)
        except ApiProblem as error:
            if not error.is_our_fault:
                raise
            return await _page(request, services, point, _refused(request, form, error))
        return RedirectResponse(f"/control-points/{control_point}", HTTPStatus.SEE_OTHER)

    return router


async def _page(request: Request, services: Services, point: ControlPoint, form: Form) -> Response:
    plan = await services.plans.plan(point.plan) if point.plan else None
    language = language_of(request)
    say = texts(language).gettext
    none = [("", say("Not told"))]
    return page(
        request,
        "plan_editing.html",
        status=HTTPStatus.UNPROCESSABLE_ENTITY if form.faults else HTTPStatus.OK,
        point=point,
        form=form,
        risks=none + [(risk.id, risk.text) for risk in plan.risks] if plan else [],
        schedules=[(name, plan_wording.schedule(name, language)) for name in plan_wording.SCHEDULES],
        reviewers=none + [(name, plan_wording.reviewer(name, language)) for name in plan_wording.REVIEWERS],
    )


def _begun(point: ControlPoint, language: Language) -> Form:
    """Return the form with what the control point says now."""
    values = {name: getattr(point, name) or "" for name in (*_PLAIN, *_OPTIONAL)}
    values |= {f"schedule-{name}": "yes" for name in point.schedule}
    values |= {name: _share(getattr(point, name), language) for name in _SHARES}
    values["categories"] = "\n".join(f"{one.id}; {one.sv}; {one.en}" for one in point.categories)
    values["version"] = str(point.version)
    return Form(values={name: (value,) for name, value in values.items()})


def _share(share: Decimal | None, language: Language) -> str:
    if share is None:
        return ""
    number = f"{(share * 100).normalize():f}"
    return f"{number.replace('.', ',') if language == 'sv' else number} %"


def _read(form: Form, point: ControlPoint, language: Language) -> tuple[DefineControlPoint | None, list[Fault]]:
    """Read the form; else say which fields are wrong."""
    say = texts(language).gettext
    faults: list[Fault] = []
    shares: dict[str, Decimal | None] = {}
    for name in _SHARES:
        try:
            shares[name] = share_of(form.value(name)) if form.value(name) else None
        except ValueError:
            faults.append(Fault(name, say("Write a share, such as 5% or 0.05.")))
    lines = [line for line in form.value("categories").splitlines() if line.strip()]
    parts = [[part.strip() for part in line.split(";", _CATEGORY_PARTS - 1)] for line in lines]
    if any(len(part) != _CATEGORY_PARTS or not all(part) for part in parts):
        faults.append(Fault("categories", say("Write one a line: id; Swedish; English.")))
    if faults:
        return None, faults
    content: dict[str, object] = {
        "year": point.year,
        "board": point.board,
        "schedule": [name for name in plan_wording.SCHEDULES if form.value(f"schedule-{name}")],
        "categories": [dict(zip(("id", "sv", "en"), part, strict=True)) for part in parts],
    }
    content |= shares
    content |= {name: _text(form.value(name)) for name in _PLAIN}
    content |= {name: _text(form.value(name)) or None for name in _OPTIONAL}
    try:
        return DefineControlPoint.model_validate(content), []
    except ValidationError as error:
        return None, list(
            form.invalid(error, say("This is missing, too long, or has characters that cannot be used.")).faults
        )


def _text(typed: str) -> str:
    """Browsers send a line break as two characters."""
    return typed.replace("\r\n", "\n").replace("\r", "\n")


def _refused(request: Request, form: Form, error: ApiProblem) -> Form:
    newer = error.problem.current_version
    if error.problem.status != HTTPStatus.PRECONDITION_FAILED or newer is None:
        return form.refused(error.problem)
    message = texts(language_of(request)).gettext(
        "Somebody else has changed this control point since you opened the form. Open it beside this one and compare; "
        "saving again replaces what they wrote."
    )
    again = Form(values={**form.values, "version": (str(newer),)}, command=form.command)
    return again.with_faults([Fault("", message)])

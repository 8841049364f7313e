"""A bundle of a period: chosen, made while the page tells how far it is, and fetched as one file."""

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import Final
from urllib.parse import urlencode
from uuid import uuid4

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import FileResponse, Response, StreamingResponse

from stickprov_client.api import Services
from stickprov_client.api.reporting import EVERY_YEAR
from stickprov_client.bundle.choosing import Wanted
from stickprov_client.bundle.exporting import Made, NothingToBundle, ReportingBehind, Stage, export_bundle
from stickprov_client.language.bundles import making_told
from stickprov_client.language.periods import range_of
from stickprov_client.language.service_messages import told
from stickprov_client.language.translations import texts
from stickprov_client.web.access import Examiner
from stickprov_client.web.auditing.made_bundles import MadeBundles
from stickprov_client.web.auditing.telling import MEDIA_TYPE, lines_of, wants_stages
from stickprov_client.web.connected import Connected
from stickprov_client.web.language import language_of
from stickprov_client.web.rendering import page
from stickprov_client.web.reporting.addresses import by_number
from stickprov_client.web.visitor import visit_of

BUNDLE: Final = "/audit/bundle"


@dataclass(frozen=True)
class Asked:
    """What an address asks to have made.

    Attributes:
        run: the form's id, so that the file is fetched that was made.
    """

    wanted: Wanted
    run: str

    @property
    def address(self) -> str:
        """Where the file is."""
        told_of = {
            "from": self.wanted.start.isoformat(),
            "to": self.wanted.end.isoformat(),
            "period": self.wanted.label,
            "control_point": list(self.wanted.points),
            "whole": "yes" if self.wanted.whole else "",
            "run": self.run,
        }
        return f"{BUNDLE}/file?{urlencode(told_of, doseq=True)}"

    @property
    def name(self) -> str:
        """What the file is called."""
        return f"stickprov-{self.wanted.label.replace('/', '--')}.zip"


def bundle_router() -> APIRouter:
    """Return the form and the file."""
    router = APIRouter(prefix=BUNDLE)

    @router.get("")
    async def empty(request: Request, services: Connected, _session: Examiner) -> Response:
        return await _page(request, services, "")

    @router.get("/file")
    async def file(request: Request, services: Connected, _session: Examiner) -> Response:
        asked = _asked(request)
        if asked is None:
            say = texts(language_of(request)).gettext
            return await _page(request, services, say("Write the period as 2021, 2021-Q1, 2021-T1 or 2021-03."))
        kept = _bundles(request).find(visit_of(request), asked.run)
        if kept is None and wants_stages(request):
            return StreamingResponse(_stages(request, services, asked), media_type=MEDIA_TYPE)
        try:
            made = kept or await _make(request, services, asked, lambda _stage: None)
        except (NothingToBundle, ReportingBehind) as error:
            return await _page(request, services, told(str(error), language_of(request)))
        return FileResponse(made.file, media_type="application/zip", filename=asked.name)

    return router


def _bundles(request: Request) -> MadeBundles:
    bundles: MadeBundles = request.app.state.bundles
    return bundles


async def _make(request: Request, services: Services, asked: Asked, hears: Callable[[Stage], object]) -> Made:
    async def export(target: Path) -> Made:
        return await export_bundle(services, asked.wanted, target, told=hears)

    return await _bundles(request).make(visit_of(request), asked.run, export)


def _stages(request: Request, services: Services, asked: Asked) -> AsyncIterator[str]:
    language = language_of(request)

    async def work(hears: Callable[[Stage], object]) -> Made:
        return await _make(request, services, asked, hears)

    return lines_of(
        work,
        lambda stage: (making_told(stage, language), stage.done / stage.of if stage.of else None),
        lambda _made: {"file": asked.address, "text": texts(language).gettext("The bundle is made.")},
    )


def _asked(request: Request) -> Asked | None:
    """Read what to make; None when it has no period that can be read."""
    typed = request.query_params
    period, start, end = (typed.get(name, "").strip() for name in ("period", "from", "to"))
    try:
        days = range_of(f"{start}/{end}" if start or end else period)
    except ValueError:
        return None
    points = tuple(one for one in typed.getlist("control_point") if one)
    label = period or f"{days.start}/{days.end}"
    wanted = Wanted(days.start, days.end, label, points, whole=typed.get("whole") == "yes")
    return Asked(wanted, typed.get("run") or str(uuid4()))


async def _page(request: Request, services: Services, fault: str) -> Response:
    known = await services.reporting.control_points(EVERY_YEAR)
    typed = request.query_params
    return page(
        request,
        "auditing/bundle.html",
        status=HTTPStatus.UNPROCESSABLE_ENTITY if fault else HTTPStatus.OK,
        fault=fault,
        typed={name: typed.get(name, "") for name in ("period", "whole")},
        chosen=set(typed.getlist("control_point")),
        points=sorted((point.control_point for point in known), key=by_number),
        years=sorted({point.year for point in known}, reverse=True),
        run=str(uuid4()),
    )

"""The one function that wires the web application."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from importlib.metadata import version
from importlib.resources import files
from typing import Final

from fastapi import Depends, FastAPI
from fastapi.telemetry import TelemetryConfig
from prometheus_client import CollectorRegistry
from starlette.staticfiles import StaticFiles

from stickprov_client.api import Addresses, open_services
from stickprov_client.api.retrying import Retry
from stickprov_client.web.auditing.made_bundles import MadeBundles
from stickprov_client.web.auditing.replays import Replays
from stickprov_client.web.auditing.routes import auditing_router
from stickprov_client.web.counting import Counting, RequestCounts, new_registry, watch_certificate
from stickprov_client.web.door import door
from stickprov_client.web.draw_page import draw_router
from stickprov_client.web.draws import draws_router
from stickprov_client.web.erasing.routes import erasing_router
from stickprov_client.web.follow_ups.action_forms import action_forms_router
from stickprov_client.web.follow_ups.actions import actions_router
from stickprov_client.web.follow_ups.conclusions import conclusions_router
from stickprov_client.web.follow_ups.plan_status import plan_status_router
from stickprov_client.web.frames import frames_router
from stickprov_client.web.guard import guard
from stickprov_client.web.headers import ProtectingHeaders
from stickprov_client.web.limiting import Limiting
from stickprov_client.web.measures import measures_router
from stickprov_client.web.openid import openid_router
from stickprov_client.web.operations import operations_router
from stickprov_client.web.overseeing.assigning_page import assigning_router
from stickprov_client.web.overseeing.cases_page import cases_router
from stickprov_client.web.overseeing.progress_page import progress_router
from stickprov_client.web.period_closing import period_closing_router
from stickprov_client.web.plan_editing import plan_editing_router
from stickprov_client.web.plan_import import plan_import_router
from stickprov_client.web.plan_size import plan_size_router
from stickprov_client.web.plans import plans_router
from stickprov_client.web.problems import answer_problems
from stickprov_client.web.questionnaires import questionnaires_router
from stickprov_client.web.reporting.listeners import Listeners
from stickprov_client.web.reporting.live import Changes
from stickprov_client.web.reporting.routes import reporting_router
from stickprov_client.web.reviewing.routes import reviewing_router
from stickprov_client.web.settings import WebSettings
from stickprov_client.web.sign_in import sign_in_router
from stickprov_client.web.sign_out import sign_out_router
from stickprov_client.web.signing_in import provider_of, sign_in_told
from stickprov_client.web.staff import staff_router
from stickprov_client.web.start import start_router
from stickprov_client.web.tokens import token_in
from stickprov_client.web.traces import FLUSH_SECONDS, PageTraces, tracing_of
from stickprov_client.web.verifications import Verifications
from stickprov_client.web.visitor import Doorkeeper
from stickprov_contracts.serving.allowance import Allowance
from stickprov_contracts.tracing.requests import TracedRequests
from stickprov_contracts.tracing.tracing import Tracing

_RETRY = Retry(attempts=2, first_wait=0.05)
"""A reader waits; who wants to wait longer presses reload."""

_NO_SPANS_OF_FASTAPI: Final = TelemetryConfig(
    tracing=False, metrics=False, logs=False, operation_spans=False, auto_configure=False
)
"""Its own spans and records hold addresses with case ids, and what was typed; a variable could start them."""

_PAGES: Final = (
    plan_import_router,
    period_closing_router,
    plan_status_router,
    plans_router,
    plan_editing_router,
    reporting_router,
    draws_router,
    draw_router,
    frames_router,
    plan_size_router,
    measures_router,
    questionnaires_router,
    staff_router,
    erasing_router,
    action_forms_router,
    actions_router,
    progress_router,
    assigning_router,
    cases_router,
    conclusions_router,
    reviewing_router,
    auditing_router,
)


def create(settings: WebSettings) -> FastAPI:
    """Return the application; it opens its connections when it starts and closes them when it ends."""
    addresses = Addresses(
        sampler=settings.sampler_url,
        findings=settings.findings_url,
        reporting=settings.reporting_url,
        version=version("stickprov"),
        sign_in=sign_in_told(settings),
    )
    sign_in = provider_of(settings)
    reading = (lambda: None) if settings.token is None else partial(token_in, settings.token)
    registry = new_registry()
    watch_certificate(registry, settings.certificate)
    tracing = tracing_of(settings, registry)
    doorkeeper = Doorkeeper()
    bundles = MadeBundles()

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with _traced(tracing), open_services(addresses, reading, retry=_RETRY) as services:
            app.state.services = services
            app.state.listeners = None if sign_in is None else Listeners(services)
            changes = services.reporting.changes if sign_in is None else app.state.listeners.changes
            app.state.changes = Changes(changes)
            yield
        doorkeeper.files.let_all_go()
        bundles.let_all_go()

    app = FastAPI(
        title="Stickprov",
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        telemetry=_NO_SPANS_OF_FASTAPI,
        lifespan=lifespan,
        dependencies=[Depends(guard), Depends(door)],
    )
    app.state.registry = registry
    app.state.addresses = addresses
    app.state.verifications = Verifications()
    app.state.replays = Replays()
    app.state.bundles = bundles
    app.state.doorkeeper = doorkeeper
    app.state.has_sign_in = settings.local_tokens is not None or sign_in is not None
    app.state.is_closed = sign_in is not None
    app.state.is_over_tls = settings.is_over_tls
    app.state.upload_limit = settings.upload_limit
    app.include_router(operations_router(addresses, _told(settings, addresses), registry))
    if settings.local_tokens is not None:
        app.include_router(sign_in_router(settings.local_tokens))
    if sign_in is not None:
        app.include_router(openid_router(sign_in, settings))
    app.include_router(sign_out_router(sign_in, settings.base_url))
    app.include_router(start_router(addresses))
    for pages in _PAGES:
        app.include_router(pages())
    app.mount("/static", StaticFiles(directory=str(files("stickprov_client.web").joinpath("static"))))
    _surround(app, settings, registry, tracing)
    answer_problems(app)
    return app


def _told(settings: WebSettings, addresses: Addresses) -> Addresses:
    """Return where the command is told to go: through the proxy, where there is one before the services."""
    if settings.services_url is None:
        return addresses
    return addresses.model_copy(
        update={service: f"{settings.services_url}/{service}" for service in addresses.by_service()}
    )


@asynccontextmanager
async def _traced(tracing: Tracing | None) -> AsyncIterator[None]:
    """Have traces sent for as long as the block lasts, where there are any."""
    if tracing is not None:
        await asyncio.to_thread(tracing.open)
    try:
        yield
    finally:
        if tracing is not None:
            await asyncio.to_thread(tracing.close, FLUSH_SECONDS)


def _surround(app: FastAPI, settings: WebSettings, registry: CollectorRegistry, tracing: Tracing | None) -> None:
    """Put what happens around every request in its place; what is added last is outermost."""
    if tracing is not None:
        traces = PageTraces(tracing)
        app.add_middleware(TracedRequests, begin=traces.begin, route_of=traces.route_of)
    allowance = Allowance(settings.requests_per_second, settings.requests_at_once)
    app.add_middleware(Limiting, allowance=allowance, registry=registry)
    app.add_middleware(ProtectingHeaders)
    app.add_middleware(Counting, counts=RequestCounts(registry))

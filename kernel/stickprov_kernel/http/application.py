"""Puts a service's HTTP application together. What it refuses to build would have been unsafe or unclear to run."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Final

from fastapi import APIRouter, FastAPI, Request
from fastapi.routing import APIRoute, iter_route_contexts
from fastapi.telemetry import TelemetryConfig
from prometheus_client import CollectorRegistry
from prometheus_client.exposition import choose_encoder
from starlette.responses import Response

from stickprov_contracts.tracing.requests import TracedRequests
from stickprov_contracts.tracing.tracing import Tracing
from stickprov_kernel.http.body_limit import BodyLimitMiddleware
from stickprov_kernel.http.documentation import PROBLEM_RESPONSES, document
from stickprov_kernel.http.health import Health, health_router
from stickprov_kernel.http.identity import Authenticator
from stickprov_kernel.http.middleware import (
    AuthenticationMiddleware,
    EdgeMiddleware,
    RequestMetrics,
)
from stickprov_kernel.http.observing import Observations
from stickprov_kernel.http.parameters import KnownParameters
from stickprov_kernel.http.problems import add_problem_handlers
from stickprov_kernel.http.rate_limit import Allowances, RateLimits
from stickprov_kernel.http.roles import guarded_routes
from stickprov_kernel.http.routing import CHECKS, ServiceRouter
from stickprov_kernel.http.traces import RequestTraces
from stickprov_kernel.metrics import Metrics

BODY_LIMIT: Final = 1_000_000
"""Bytes that a route takes unless it says otherwise."""

NO_SPANS_OF_FASTAPI: Final = TelemetryConfig(
    tracing=False, metrics=False, logs=False, operation_spans=False, auto_configure=False
)
"""Its own spans and records hold addresses with case ids, and what was typed; a variable could start them."""

Lifespan = Callable[[FastAPI], AbstractAsyncContextManager[None]]


def create_api(
    *,
    service: str,
    title: str,
    routers: Sequence[APIRouter],
    lifespan: Lifespan,
    authenticator: Authenticator,
    health: Health,
    registry: CollectorRegistry,
    body_limit: int = BODY_LIMIT,
    body_limits: Mapping[str, int] | None = None,
    allowances: Allowances | None = None,
    tracing: Tracing | None = None,
    observations: Observations | None = None,
) -> FastAPI:
    """Return the application of a service; nothing is opened before its lifespan starts.

    Args:
        service: short name, in metrics and logs.
        title: of the API, for people.
        routers: the routes; everything under ``/v1`` names its roles.
        lifespan: opens what the service needs and closes it again.
        authenticator: checks the callers' tokens.
        health: the conditions of readiness.
        registry: where the service's metrics are.
        body_limit: bytes that a route takes.
        body_limits: bytes by path, for the routes at and below it.
        allowances: how much one caller may ask.
        tracing: what makes spans; None where nothing is traced.
        observations: what is looked up for whoever asks for the metrics; the conditions alone when left out.

    Raises:
        UnguardedRouteError: a route under ``/v1`` names no role.
        UnusableRouteError: a route that takes a form hashes the body too.
    """
    app = FastAPI(
        title=title,
        version="1",
        lifespan=lifespan,
        docs_url=None,  # its pages load scripts from elsewhere
        redoc_url=None,
        redirect_slashes=False,
        telemetry=NO_SPANS_OF_FASTAPI,
    )
    metrics = Metrics(service, registry)
    observations = observations or Observations(metrics, health)
    for router in (*routers, health_router(health), _metrics_router(registry, observations)):
        _add(app, router)
    guarded_routes(app.routes)
    app.state.registry = registry
    app.state.known_parameters = KnownParameters(app.routes)
    templates = {id(route.original_route): route.path_format or "" for route in iter_route_contexts(app.routes)}
    add_problem_handlers(app)
    limits = RateLimits(allowances or Allowances(), metrics)
    app.state.request_key = authenticator.request_key
    if tracing is not None:
        traces = RequestTraces(tracing, templates)
        # Inside of who calls: strangers begin no traces.
        app.add_middleware(TracedRequests, begin=traces.begin, route_of=traces.route_of)
    app.add_middleware(AuthenticationMiddleware, authenticator=authenticator, limits=limits)
    app.add_middleware(BodyLimitMiddleware, limit=body_limit, limits=body_limits or {})
    app.add_middleware(EdgeMiddleware, metrics=RequestMetrics(metrics), templates=templates)
    document(app)
    return app


def _add(app: FastAPI, router: APIRouter) -> None:
    if isinstance(router, ServiceRouter) and all(isinstance(route, APIRoute) for route in router.routes):
        app.router.routes.extend(router.routes)
    else:
        app.include_router(router, dependencies=CHECKS, responses=dict(PROBLEM_RESPONSES))


def _metrics_router(registry: CollectorRegistry, observations: Observations) -> APIRouter:
    router = ServiceRouter(include_in_schema=False)

    @router.get("/metrics")
    async def metrics(request: Request) -> Response:
        await observations.make()
        encode, content_type = choose_encoder(request.headers.get("accept", ""))
        return Response(encode(registry), headers={"Content-Type": content_type})

    return router

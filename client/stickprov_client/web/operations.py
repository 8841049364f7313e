"""What programs ask the web application for: addresses, health, metrics."""

from fastapi import APIRouter
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from starlette.responses import JSONResponse, PlainTextResponse, Response

from stickprov_client.api import Addresses
from stickprov_client.api.discovery import WELL_KNOWN
from stickprov_client.api.health import health_of


def operations_router(addresses: Addresses, told: Addresses, registry: CollectorRegistry) -> APIRouter:
    """Return the routes; none of them needs a sign-in or tells what does.

    Args:
        addresses: where this application reaches the services.
        told: where others are told to.
        registry: of the metrics.
    """
    router = APIRouter()

    @router.get(WELL_KNOWN)
    async def well_known() -> Addresses:
        return told

    @router.get("/health/live")
    async def live() -> Response:
        return PlainTextResponse("alive\n")

    @router.get("/health/ready")
    async def ready() -> Response:
        healths = await health_of(addresses.by_service())
        conditions = [
            {"name": health.service, "ok": health.alive, "detail": health.reason or "answers"} for health in healths
        ]
        is_ready = all(health.alive for health in healths)
        status = "ready" if is_ready else "not-ready"
        return JSONResponse({"status": status, "conditions": conditions}, status_code=200 if is_ready else 503)

    @router.get("/metrics")
    async def metrics() -> Response:
        return Response(generate_latest(registry), media_type=CONTENT_TYPE_LATEST)

    return router

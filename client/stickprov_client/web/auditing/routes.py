"""All pages of the audit."""

from fastapi import APIRouter

from stickprov_client.web.auditing.bundle_page import bundle_router
from stickprov_client.web.auditing.checkpoints_page import checkpoints_router
from stickprov_client.web.auditing.entry_page import entry_router
from stickprov_client.web.auditing.operations_page import logs_router
from stickprov_client.web.auditing.overview_page import overview_router
from stickprov_client.web.auditing.replay_page import replay_router
from stickprov_client.web.auditing.trail_page import trail_router


def auditing_router() -> APIRouter:
    """Return the pages under ``/audit`` and the state of the logs."""
    router = APIRouter()
    router.include_router(overview_router())
    router.include_router(trail_router())
    router.include_router(entry_router())
    router.include_router(checkpoints_router())
    router.include_router(replay_router())
    router.include_router(bundle_router())
    router.include_router(logs_router())
    return router

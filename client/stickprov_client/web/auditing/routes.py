"""All pages of the audit."""

from fastapi import APIRouter

from stickprov_client.web.auditing.operations_page import logs_router


def auditing_router() -> APIRouter:
    """Return the pages under ``/audit`` and the state of the logs."""
    router = APIRouter()
    router.include_router(logs_router())
    return router

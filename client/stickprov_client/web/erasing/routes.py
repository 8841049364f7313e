"""All pages of erasure."""

from fastapi import APIRouter

from stickprov_client.web.erasing.carrying_out import erasure_carrying_out_router
from stickprov_client.web.erasing.deciding import erasure_deciding_router
from stickprov_client.web.erasing.overview_page import erasure_overview_router


def erasing_router() -> APIRouter:
    """Return everything under ``/erasure``."""
    router = APIRouter()
    router.include_router(erasure_overview_router())
    router.include_router(erasure_carrying_out_router())
    router.include_router(erasure_deciding_router())
    return router

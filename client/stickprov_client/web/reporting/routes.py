"""All pages of what reporting knows."""

from fastapi import APIRouter

from stickprov_client.web.reporting.cases_page import cases_behind_router
from stickprov_client.web.reporting.dashboard_page import dashboard_router
from stickprov_client.web.reporting.downloads import downloads_router
from stickprov_client.web.reporting.live import live_router
from stickprov_client.web.reporting.reports_page import reports_router
from stickprov_client.web.reporting.statistics_page import statistics_router
from stickprov_client.web.reporting.trend_page import trend_router


def reporting_router() -> APIRouter:
    """Return their routes."""
    router = APIRouter()
    router.include_router(dashboard_router())
    router.include_router(trend_router())
    router.include_router(cases_behind_router())
    router.include_router(downloads_router())
    router.include_router(statistics_router())
    router.include_router(reports_router())
    router.include_router(live_router())
    return router

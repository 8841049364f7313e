"""All pages of reviewing."""

from fastapi import APIRouter

from stickprov_client.web.reviewing.addresses import PURPOSES
from stickprov_client.web.reviewing.case_page import case_router
from stickprov_client.web.reviewing.drafting import drafting_router
from stickprov_client.web.reviewing.history_page import history_router
from stickprov_client.web.reviewing.import_page import import_router
from stickprov_client.web.reviewing.preview_page import preview_router
from stickprov_client.web.reviewing.queue_page import queue_router
from stickprov_client.web.reviewing.settling import settling_router
from stickprov_client.web.reviewing.taking_back import taking_back_router


def reviewing_router() -> APIRouter:
    """Return the queue, the pages of a case for each purpose, and the preview of a questionnaire."""
    router = APIRouter()
    router.include_router(queue_router())
    router.include_router(import_router())
    router.include_router(preview_router())
    for purpose in PURPOSES:
        for pages in (
            case_router(),
            drafting_router(),
            taking_back_router(),
            history_router(),
            settling_router(),
        ):
            router.include_router(pages, prefix=f"/{purpose}")
    return router

"""Asking services how they are: who was only busy for a moment is not called ill, who stays unready is."""

import asyncio

import pytest
from fastapi import FastAPI
from starlette.responses import JSONResponse, PlainTextResponse, Response

from stickprov_client.api import health
from support.serving import serving


@pytest.fixture(autouse=True)
def _a_short_moment(monkeypatch):
    monkeypatch.setattr(health, "_MOMENT_SECONDS", 0.01)


def service(unready: int) -> FastAPI:
    """A service whose first so many answers say that its database was slow."""
    app = FastAPI(openapi_url=None)
    asked = []

    @app.get("/health/live")
    def live() -> Response:
        return PlainTextResponse("alive\n")

    @app.get("/health/ready")
    def ready() -> Response:
        asked.append(True)
        ok = len(asked) > unready
        condition = {"name": "database", "ok": ok, "detail": "answers" if ok else "no answer within 2 s"}
        return JSONResponse({"conditions": [condition]}, status_code=200 if ok else 503)

    return app


@pytest.mark.parametrize(("unready", "is_ready"), [(0, True), (1, True), (2, False)])
def test_a_service_is_asked_once_more_before_it_is_called_unready(unready, is_ready):
    with serving(service(unready)) as slow, serving(service(0)) as well:
        healths = asyncio.run(health.settled_health_of({"findings": slow, "reporting": well}))

    assert [(one.service, one.ready) for one in healths] == [("findings", is_ready), ("reporting", True)]


def test_a_service_that_is_away_is_not_waited_for():
    healths = asyncio.run(health.settled_health_of({"findings": "http://127.0.0.1:9"}))

    assert [(one.alive, one.ready) for one in healths] == [(False, False)]

"""What libraries would load and send by themselves, because a variable of the environment says so, is not sent."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from support.collector import collecting

ASKED = """
import asyncio
import httpx
{make}
async def run():
    started = asyncio.Event()
    messages = asyncio.Queue()
    await messages.put({{"type": "lifespan.startup"}})
    async def send(message):
        started.set()
    scope = {{"type": "lifespan", "asgi": {{"version": "3.0"}}, "state": {{}}}}
    serving = asyncio.create_task(app(scope, messages.get, send))
    await started.wait()
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://127.0.0.1") as client:
        for path in ("/health/live", "/v1/reviews/Forsberg", "/static/Forsberg", "/?lang=Forsberg"):
            await client.get(path)
    await messages.put({{"type": "lifespan.shutdown"}})
    await serving
asyncio.run(run())
"""
SERVICE = "from support.api import Api; app = Api().build()"
WEB = """
from stickprov_client.web.app import create
from stickprov_client.web.settings import WebSettings
nobody = "http://127.0.0.1:9"
app = create(WebSettings(sampler_url=nobody, findings_url=nobody, reporting_url=nobody, mode="local"))
"""
TESTS = Path(__file__).parents[2]
BARE = "from fastapi import FastAPI; app = FastAPI()"


def sent_by(make: str) -> int:
    with collecting() as collector:
        told = {"FASTAPI_OTEL_AUTO_CONFIGURE": "true", "OTEL_EXPORTER_OTLP_ENDPOINT": collector.url}
        told |= {"OTEL_EXPORTER_OTLP_PROTOCOL": "http/protobuf", "PYTHONPATH": str(TESTS)}
        ran = subprocess.run(
            [sys.executable, "-c", ASKED.format(make=make)],
            env={**os.environ, **told},
            capture_output=True,
            text=True,
            check=False,
        )
        assert ran.returncode == 0, ran.stderr
        return len(collector.bodies)


@pytest.mark.parametrize("make", [SERVICE, WEB], ids=["service", "web"])
def test_no_application_of_ours_sends_spans_of_its_framework(make: str):
    assert sent_by(make) == 0


def test_a_bare_application_of_the_framework_would_send_them():
    assert sent_by(BARE) > 0


@pytest.mark.parametrize(
    "module",
    ["stickprov_sampler.app", "stickprov_findings.app", "stickprov_reporting.app", "stickprov_client.cli.main"],
)
def test_who_is_not_told_to_trace_loads_no_sdk(module: str):
    asked = f"import sys, {module}; sys.exit(any(name.startswith('opentelemetry.sdk') for name in sys.modules))"

    assert subprocess.run([sys.executable, "-c", asked], check=False).returncode == 0

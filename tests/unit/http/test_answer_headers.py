"""Every answer of a service, whatever it is, says that it is nothing for a browser to keep, guess at or run."""

import httpx
import pytest

from support.api import Api

ALWAYS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


@pytest.fixture(autouse=True)
def routes(api: Api) -> None:
    @api.route("GET", "/broken", include_in_schema=False)
    async def broken() -> None:
        raise RuntimeError


@pytest.mark.parametrize(
    "path", ["/health/live", "/health/ready", "/metrics", "/openapi.json", "/v1/none", "/none", "/broken", "/docs"]
)
async def test_every_answer_carries_the_headers(api: Api, path: str):
    headers = (await api.call("GET", path)).headers

    assert {name: headers.get(name) for name in ALWAYS} == ALWAYS
    assert "Server" not in headers
    assert "Strict-Transport-Security" not in headers


async def test_over_tls_browsers_are_told_to_stay_there(api: Api):
    async with httpx.AsyncClient(transport=httpx.ASGITransport(api.build()), base_url="https://api.test") as client:
        headers = (await client.get("/health/live")).headers

    assert headers["Strict-Transport-Security"] == "max-age=31536000"


async def test_there_is_no_page_of_documentation_that_would_load_scripts_from_elsewhere(api: Api):
    for path in ("/docs", "/redoc"):
        assert (await api.call("GET", path)).status_code == 404

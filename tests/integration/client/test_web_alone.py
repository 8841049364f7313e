"""The web application with no service to ask: it says so kindly, and keeps its headers, languages and metrics."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from pydantic import ValidationError

from stickprov_client.web.app import create
from stickprov_client.web.headers import POLICY
from stickprov_client.web.settings import WebSettings
from stickprov_local.ports import free_port as find_free_port
from support.serving import serving


@pytest.fixture(scope="module")
def web(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    away = f"http://127.0.0.1:{find_free_port()}"
    settings = WebSettings(
        sampler_url=away, findings_url=away, reporting_url=away, token=_no_token(tmp_path_factory), mode="local"
    )
    with serving(create(settings)) as url, httpx.Client(base_url=url) as client:
        yield client


def _no_token(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("token") / "none.jwt"


def test_the_start_page_is_there_without_any_service(web):
    answer = web.get("/")

    assert answer.status_code == 200
    assert answer.text.count("svarar inte</span>") == 3
    assert "Ingenting är förlorat" in answer.text


def test_statistics_without_reporting_are_a_503_that_names_it_and_says_what_to_do(web):
    answer = web.get("/statistics/AMF-2021-3?from=2021-01-01&to=2021-04-01")

    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "5"
    assert "Tjänsten reporting svarar inte" in answer.text
    assert "stickprov doctor" in answer.text


def test_an_address_that_is_nothing_is_a_404_page(web):
    answer = web.get("/nothing/here")

    assert answer.status_code == 404
    assert "Här finns ingenting" in answer.text


@pytest.mark.parametrize(
    "dates",
    [
        "from=2021-01-01",
        "to=2021-04-01",
        "from=a&to=b",
        "from=2021-04-01&to=2021-01-01",
        "from=2021-02-30&to=2021-04-01",
    ],
)
def test_dates_that_cannot_be_used_are_a_400_page_with_a_way_on(web, dates):
    answer = web.get(f"/statistics/AMF-2021-3?{dates}")

    assert answer.status_code == 400
    assert "De här datumen går inte att använda" in answer.text
    assert 'href="/statistics/AMF-2021-3"' in answer.text


def test_what_is_in_an_address_is_never_taken_for_markup(web):
    answer = web.get("/statistics/%3Cscript%3E?from=x&to=y")

    assert "<script" not in answer.text


@pytest.mark.parametrize("path", ["/", "/statistics", "/static/pico.min.css", "/health/live", "/nothing"])
def test_every_answer_carries_the_policy(web, path):
    headers = web.get(path).headers

    assert headers["Content-Security-Policy"] == POLICY
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"


def test_the_policy_allows_nothing_inline_and_nothing_from_elsewhere():
    assert "unsafe" not in POLICY
    assert "script-src 'self';" in POLICY
    assert "connect-src 'self';" in POLICY
    assert POLICY.startswith("default-src 'none'")


def test_pages_are_not_kept_and_static_files_are(web):
    page = web.get("/")
    style = next(part for part in page.text.split('"') if part.startswith("/static/stickprov.css?v="))

    assert page.headers["Cache-Control"] == "no-store"
    assert "immutable" in web.get(style).headers["Cache-Control"]
    assert web.get("/static/stickprov.css").headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    ("address", "headers", "language"),
    [
        ("/", {}, "sv"),
        ("/", {"Accept-Language": "en-GB,en;q=0.9,sv;q=0.1"}, "en"),
        ("/", {"Accept-Language": "fi,sv;q=0.8,en;q=0.7"}, "sv"),
        ("/", {"Accept-Language": "fi"}, "sv"),
        ("/?lang=en", {}, "en"),
        ("/?lang=xx", {"Accept-Language": "en"}, "en"),
        ("/", {"Accept-Language": "en", "Cookie": "stickprov-language=sv"}, "sv"),
        ("/?lang=en", {"Cookie": "stickprov-language=sv"}, "en"),
    ],
)
def test_the_language_is_the_addresss_then_the_cookies_then_the_browsers(web, address, headers, language):
    answer = web.get(address, headers=headers)

    assert f'<html lang="{language}">' in answer.text
    assert answer.headers["Content-Language"] == language


def test_a_chosen_language_is_remembered_and_the_other_is_offered_with_the_same_question(web):
    answer = web.get("/statistics?from=2021-01-01&lang=en")

    assert "stickprov-language=en" in answer.headers["Set-Cookie"]
    assert "HttpOnly" in answer.headers["Set-Cookie"]
    assert 'href="/statistics?from=2021-01-01&amp;lang=sv"' in answer.text


def test_programs_are_told_where_the_services_are(web):
    addresses = web.get("/.well-known/stickprov").json()

    assert set(addresses) == {"sampler", "findings", "reporting", "version", "sign_in"}
    assert addresses["sign_in"] is None


def test_programs_are_told_to_go_through_the_proxy_where_the_services_are_behind_one():
    away = f"http://127.0.0.1:{find_free_port()}"
    before = "https://stickprov.example/to/"
    settings = WebSettings(mode="local", sampler_url=away, findings_url=away, reporting_url=away, services_url=before)
    with serving(create(settings)) as url, httpx.Client(base_url=url) as web:
        told = web.get("/.well-known/stickprov").json()
        conditions = web.get("/health/ready").json()["conditions"]

    assert told["sampler"] == "https://stickprov.example/to/sampler"
    assert told["findings"] == "https://stickprov.example/to/findings"
    assert told["reporting"] == "https://stickprov.example/to/reporting"
    assert [condition["ok"] for condition in conditions] == [False, False, False]


@pytest.mark.parametrize("address", ["http://stickprov.example/services", "https://stickprov.example/?to=services"])
def test_the_command_is_not_sent_to_an_address_without_tls(address):
    with pytest.raises(ValidationError, match="This should be an https address"):
        WebSettings(
            issuer="https://sign-in.example",
            client_id="pages",
            base_url="https://stickprov.example",
            sampler_url="http://sampler:8000",
            findings_url="http://findings:8000",
            reporting_url="http://reporting:8000",
            services_url=address,
        )


def test_alive_does_not_depend_on_the_services_and_ready_does(web):
    assert web.get("/health/live").status_code == 200
    ready = web.get("/health/ready")
    assert ready.status_code == 503
    assert [condition["name"] for condition in ready.json()["conditions"]] == ["sampler", "findings", "reporting"]


def test_metrics_count_by_route_and_never_by_what_somebody_typed(web):
    web.get("/statistics/somebody-typed-this")

    metrics = web.get("/metrics").text

    assert 'stickprov_web_requests_total{method="GET",route="/statistics/{control_point}",status="503"}' in metrics
    assert "somebody-typed-this" not in metrics


def test_one_visitor_too_often_gets_a_page_that_says_so_and_no_service_is_asked(tmp_path_factory):
    away = f"http://127.0.0.1:{find_free_port()}"
    settings = WebSettings(
        sampler_url=away,
        findings_url=away,
        reporting_url=away,
        mode="local",
        token=_no_token(tmp_path_factory),
        requests_per_second=0.1,
        requests_at_once=2,
    )
    with serving(create(settings)) as url, httpx.Client(base_url=url) as client:
        answers = [client.get("/static/stickprov.css") for _ in range(2)]
        refused = client.get("/statistics")
        forged = client.get("/statistics", headers={"X-Forwarded-For": "198.51.100.7"})
        alive = client.get("/health/live")

    assert [answer.status_code for answer in answers] == [200, 200]
    assert (refused.status_code, refused.headers["Retry-After"]) == (429, "10")
    assert "För många förfrågningar" in refused.text
    assert refused.headers["Content-Security-Policy"] == POLICY
    assert forged.status_code == 429
    assert alive.status_code == 200

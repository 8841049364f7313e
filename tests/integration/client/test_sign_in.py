"""Signing in, and what every form is checked for, over real HTTP with services that tell who asked them."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated
from uuid import uuid4

import httpx
import pytest
from fastapi import FastAPI, Header, Request
from starlette.responses import JSONResponse, PlainTextResponse, Response

from stickprov_client.web.access import Coordinator
from stickprov_client.web.app import create
from stickprov_client.web.forms import read_form
from stickprov_client.web.settings import WebSettings
from stickprov_local.ports import free_port
from support.serving import serving
from support.tokens import issuer

ACCOUNTS = {"coordinator": "coordinator", "reviewer-01": "reviewer", "board": "board", "service": "service"}


def asked_api(asked: list[str]) -> FastAPI:
    """Return a service that notes who asks and has nothing to tell."""
    api = FastAPI()

    @api.get("/v1/control-points")
    async def control_points(authorization: Annotated[str, Header()] = "") -> list[str]:
        asked.append(authorization.removeprefix("Bearer "))
        return []

    @api.get("/v1/statistics/{control_point}")
    async def statistics(control_point: str) -> Response:
        status = {"needs-sign-in": 401, "not-allowed": 403}[control_point]
        body = {"type": "urn:x", "title": "x", "status": status, "detail": "x", "code": "x", "errors": []}
        return JSONResponse(body, status_code=status, media_type="application/problem+json")

    return api


@pytest.fixture(scope="module")
def tokens(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("tokens")
    one = issuer()
    for account, role in ACCOUNTS.items():
        (folder / f"{account}.jwt").write_text(one.token(account, role), encoding="ascii")
    return folder


@pytest.fixture(scope="module")
def asked() -> list[str]:
    return []


@pytest.fixture(scope="module")
def address(tokens: Path, asked: list[str]) -> Iterator[str]:
    away = f"http://127.0.0.1:{free_port()}"
    with serving(asked_api(asked)) as reporting:
        settings = WebSettings(
            sampler_url=away,
            findings_url=away,
            reporting_url=reporting,
            mode="local",
            token=tokens / "board.jwt",
            local_tokens=tokens,
            upload_limit=100_000,
        )
        app = create(settings)

        @app.get("/coordinators-page")
        async def shown(session: Coordinator) -> Response:
            return PlainTextResponse(session.account)

        @app.post("/coordinators-page")
        async def sent(request: Request, session: Coordinator) -> Response:
            form = await read_form(request)
            files = {name: (await file.read()).decode() for name, file in form.files.items()}
            told = {"by": session.account, "said": form.value("text"), "command": str(form.command), "files": files}
            return JSONResponse(told)

        with serving(app) as url:
            yield url


@pytest.fixture
def browser(address: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=address, headers={"Accept-Language": "en"}, timeout=60) as client:
        yield client


def form_token(page: httpx.Response) -> str:
    return re.findall(r'name="form-token" value="([0-9a-f]{64})"', page.text)[0]


def sign_in(browser: httpx.Client, account: str, onward: str = "/statistics") -> httpx.Response:
    page = browser.get("/sign-in", params={"next": onward})
    return browser.post("/sign-in", data={"form-token": form_token(page), "account": account, "next": onward})


def send(browser: httpx.Client, **changed: str) -> httpx.Response:
    """Send a form as a page of the signed-in person has it, but for what is changed."""
    token = form_token(browser.get("/statistics"))
    return browser.post("/coordinators-page", data={"form-token": token, "text": "a long text"} | changed)


def test_pages_ask_the_services_as_the_board_until_somebody_signs_in_and_again_after_they_sign_out(
    browser, tokens, asked
):
    asked.clear()
    browser.get("/statistics")
    sign_in(browser, "coordinator")
    page = browser.get("/statistics")
    browser.post("/sign-out", data={"form-token": form_token(page)})
    browser.get("/statistics")

    assert asked == [(tokens / f"{name}.jwt").read_text() for name in ("board", "coordinator", "board")]


def test_the_browser_gets_an_id_and_never_the_token(browser, tokens):
    answer = sign_in(browser, "coordinator")

    cookie = answer.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    assert "Path=/" in cookie
    token = (tokens / "coordinator.jwt").read_text()
    assert token not in cookie
    assert token not in browser.get("/").text


def test_the_page_lists_the_accounts_of_people_in_both_languages(browser):
    english = browser.get("/sign-in").text
    swedish = browser.get("/sign-in?lang=sv").text

    assert re.findall(r'name="account" value="([^"]+)"', english) == ["coordinator", "reviewer-01", "board"]
    assert "The board: statistics" in english
    assert "Nämnden: statistik" in swedish


@pytest.mark.parametrize("account", ["service", "nobody", "", "../coordinator", "ops"])
def test_what_is_no_account_signs_nobody_in(browser, account):
    answer = sign_in(browser, account)

    assert answer.status_code == 422
    assert "Choose one of the accounts." in answer.text
    assert "Sign out" not in browser.get("/statistics").text


def test_an_id_from_before_a_sign_in_is_never_a_signed_in_one(browser, address):
    browser.cookies.set("stickprov-session", "chosen-by-an-attacker", domain="127.0.0.1")
    sign_in(browser, "coordinator")

    attacker = httpx.get(f"{address}/statistics", cookies={"stickprov-session": "chosen-by-an-attacker"})

    assert browser.cookies["stickprov-session"] != "chosen-by-an-attacker"
    assert "coordinator</span>" in browser.get("/statistics").text
    assert "coordinator</span>" not in attacker.text


def test_signing_in_again_ends_the_session_before(browser, address):
    sign_in(browser, "coordinator")
    before = browser.cookies["stickprov-session"]
    sign_in(browser, "board")

    old = httpx.get(f"{address}/coordinators-page", cookies={"stickprov-session": before})

    assert old.status_code == 303


def test_a_page_that_was_asked_for_comes_after_the_sign_in(browser):
    first = browser.get("/coordinators-page?month=2021-03")
    assert first.status_code == 303
    page = browser.get(first.headers["Location"])
    onward = re.findall(r'name="next" value="([^"]*)"', page.text)[0]

    answer = browser.post("/sign-in", data={"form-token": form_token(page), "account": "coordinator", "next": onward})

    assert answer.headers["Location"] == "/coordinators-page?month=2021-03"
    assert browser.get(answer.headers["Location"]).text == "coordinator"


@pytest.mark.parametrize("onward", ["//elsewhere.example", "https://elsewhere.example/", "/\\elsewhere.example"])
def test_nobody_is_led_elsewhere_by_a_sign_in(browser, onward):
    assert sign_in(browser, "board", onward).headers["Location"] == "/"


def test_a_page_of_another_role_says_whose_it_is(browser):
    sign_in(browser, "reviewer-01")

    answer = browser.get("/coordinators-page")

    assert answer.status_code == 403
    assert "You are signed in as reviewer-01. This page is for: coordinator." in answer.text


@pytest.mark.parametrize(
    ("account", "links"),
    [
        ("", ["/", "/dashboard", "/actions", "/statistics", "/reports"]),
        ("board", ["/", "/dashboard", "/actions", "/statistics", "/reports"]),
        ("reviewer-01", ["/", "/queue", "/statistics"]),
    ],
)
def test_a_person_sees_the_links_of_their_role_that_exist(browser, account, links):
    if account:
        sign_in(browser, account)

    head = browser.get("/statistics").text.split("<nav")[1].split("</nav>")[0]

    assert re.findall(r'href="([^"]+)"', head) == links


def test_the_coordinator_sees_the_pages_that_there_are_and_only_those(browser):
    sign_in(browser, "coordinator")

    head = browser.get("/statistics").text.split("<nav")[1].split("</nav>")[0]
    links = re.findall(r'href="([^"]+)"', head)

    assert links[:3] == ["/", "/dashboard", "/plans"]
    assert links[-5:] == ["/actions", "/audit", "/erasure", "/statistics", "/reports"]
    # Their services are away here, or know no more than a list: a page says so, and a link that leads nowhere is a 404.
    assert {browser.get(link).status_code for link in links} == {200, 502, 503}


def test_a_form_of_ours_comes_through_with_its_command(browser):
    sign_in(browser, "coordinator")
    command = str(uuid4())

    twice = [send(browser, **{"command-id": command}).json() for _ in range(2)]

    assert twice == 2 * [{"by": "coordinator", "said": "a long text", "command": command, "files": {}}]


@pytest.mark.parametrize("token", ["", "0" * 64, "ö"])
def test_a_form_with_another_token_is_not_taken_and_can_be_sent_again_with_all_that_was_typed(browser, token):
    sign_in(browser, "coordinator")
    command = str(uuid4())

    refused = send(browser, **{"form-token": token, "command-id": command})

    assert refused.status_code == 403
    assert "nothing you wrote is lost" in refused.text
    hidden = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', refused.text.split("<main")[1]))
    assert hidden["text"] == "a long text"
    assert hidden["command-id"] == command
    assert browser.post("/coordinators-page", data=hidden).json()["said"] == "a long text"


def test_a_token_of_somebody_elses_visit_is_not_taken(browser, address):
    with httpx.Client(base_url=address) as attacker:
        sign_in(attacker, "coordinator")
        theirs = form_token(attacker.get("/statistics"))
    sign_in(browser, "coordinator")

    assert send(browser, **{"form-token": theirs}).status_code == 403


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://elsewhere.example"},
        {"Origin": "null"},
    ],
)
def test_a_form_that_another_site_sends_is_not_taken_and_not_offered_again(browser, headers):
    sign_in(browser, "coordinator")
    token = form_token(browser.get("/statistics"))

    answer = browser.post("/coordinators-page", data={"form-token": token, "text": "theirs"}, headers=headers)

    assert answer.status_code == 403
    assert "This did not come from Stickprov" in answer.text
    assert "theirs" not in answer.text


def test_a_form_that_the_browser_says_is_ours_is_taken(browser, address):
    sign_in(browser, "coordinator")
    token = form_token(browser.get("/statistics"))

    headers = {"Sec-Fetch-Site": "same-origin", "Origin": address}
    answer = browser.post("/coordinators-page", data={"form-token": token, "text": "ours"}, headers=headers)

    assert answer.json()["said"] == "ours"


def test_what_was_typed_is_kept_when_the_session_has_ended_meanwhile(browser, address):
    sign_in(browser, "coordinator")
    token = form_token(browser.get("/statistics"))
    kept = dict(browser.cookies)
    browser.post("/sign-out", data={"form-token": token})

    answer = httpx.post(
        f"{address}/coordinators-page",
        data={"form-token": token, "text": "a long text"},
        cookies=kept,
        headers={"Accept-Language": "en"},
    )

    assert answer.status_code == 403
    assert "Nobody is signed in any more." in answer.text
    assert 'name="text" value="a long text"' in answer.text


def test_a_file_comes_through_and_one_too_large_is_refused_before_it_is_read(browser):
    sign_in(browser, "coordinator")
    token = form_token(browser.get("/statistics"))

    def upload(content: bytes) -> httpx.Response:
        return browser.post("/coordinators-page", data={"form-token": token}, files={"file": ("r.csv", content)})

    assert upload(b"a;b").json()["files"] == {"file": "a;b"}
    refused = upload(b"a" * 100_001)
    assert refused.status_code == 413
    assert "Larger files can be sent with the command." in refused.text


def test_a_token_that_a_service_does_not_take_leads_to_the_sign_in(browser):
    answer = browser.get("/statistics/needs-sign-in?from=2021-01-01&to=2021-02-01")

    assert answer.status_code == 303
    assert answer.headers["Location"].startswith("/sign-in?next=%2Fstatistics%2Fneeds-sign-in")


def test_what_a_service_does_not_allow_is_said_so(browser):
    answer = browser.get("/statistics/not-allowed?from=2021-01-01&to=2021-02-01")

    assert answer.status_code == 403
    assert "Your role does not allow this." in answer.text


def test_another_name_of_this_machine_has_no_sign_in_without_a_password(browser):
    for host in ("elsewhere.example", "127.0.0.1.elsewhere.example"):
        assert browser.get("/sign-in", headers={"Host": host}).status_code == 404
    assert browser.get("/sign-in", headers={"Host": "localhost:8800"}).status_code == 200


def test_without_the_setting_there_is_no_sign_in_and_no_link_to_one(tokens):
    away = f"http://127.0.0.1:{free_port()}"
    settings = WebSettings(
        sampler_url=away, findings_url=away, reporting_url=away, token=tokens / "board.jwt", mode="local"
    )

    with serving(create(settings)) as url:
        assert httpx.get(f"{url}/sign-in").status_code == 404
        assert "/sign-in" not in httpx.get(f"{url}/").text

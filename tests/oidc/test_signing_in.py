"""The pages sign people in at a real provider, over real HTTP: tokens stay here, and nothing is read without them."""

import asyncio
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Annotated
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from fastapi import FastAPI, Header
from fastapi.routing import APIRoute, iter_route_contexts
from joserfc import jwt
from starlette.responses import JSONResponse, Response

from stickprov_client.api import Addresses, open_services
from stickprov_client.signing_in.provider import Begun
from stickprov_client.signing_in.renewed import RenewedTokens
from stickprov_client.web.app import create
from stickprov_client.web.door import BEFORE_THE_DOOR
from stickprov_client.web.settings import WebSettings
from stickprov_client.web.signing_in import provider_of
from stickprov_contracts.openid.asking import ProviderError
from stickprov_kernel.http.provider import Provider
from stickprov_local.ports import free_port
from support.openid_provider import ROLES, WEB_SECRET, OpenIdProvider, skip_without_provider
from support.serving import serving
from support.waiting import wait_until

AWAY = "http://127.0.0.1:9"


class Services:
    """A service that notes who asks, and refuses tokens when told to."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.refuses: set[str] = set()

    def api(self) -> FastAPI:
        api = FastAPI()

        @api.get("/v1/control-points")
        async def control_points(authorization: Annotated[str, Header()] = "") -> Response:
            token = authorization.removeprefix("Bearer ")
            self.asked.append(token)
            if token in self.refuses:
                body = {"type": "urn:x", "title": "x", "status": 401, "detail": "x", "code": "not-signed-in"}
                return JSONResponse(body | {"errors": []}, status_code=401, media_type="application/problem+json")
            return JSONResponse([])

        return api


@pytest.fixture(scope="module")
def port() -> int:
    return free_port()


@pytest.fixture(scope="module")
def provider(port: int) -> Iterator[OpenIdProvider]:
    skip_without_provider()
    running = OpenIdProvider(f"http://127.0.0.1:{port}")
    running.start()
    yield running
    running.stop()


@pytest.fixture(scope="module")
def services() -> Services:
    return Services()


@pytest.fixture(scope="module")
def settings(provider: OpenIdProvider, port: int, tmp_path_factory: pytest.TempPathFactory) -> WebSettings:
    secret = tmp_path_factory.mktemp("secret") / "web"
    secret.write_text(WEB_SECRET, encoding="utf-8")
    return WebSettings(
        mode="local",
        http_port=port,
        sampler_url=AWAY,
        findings_url=AWAY,
        reporting_url=AWAY,
        issuer=provider.issuer,
        client_id="web",
        client_secret_file=secret,
        base_url=f"http://127.0.0.1:{port}",
        scopes="openid profile offline_access",
        resource="urn:stickprov:rs256",
        token_roles_claim="realm_access.roles",
        token_roles={theirs: ours for theirs, ours in ROLES.items() if ours != "service"},
        command_client_id="command",
    )


@pytest.fixture(scope="module")
def app(settings: WebSettings, services: Services) -> Iterator[FastAPI]:
    with serving(services.api()) as reporting:
        yield create(settings.model_copy(update={"reporting_url": reporting}))


@pytest.fixture(scope="module")
def pages(app: FastAPI, port: int) -> Iterator[str]:
    with serving(app, port) as url:
        yield url


@pytest.fixture
def browser(pages: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=pages, headers={"Accept-Language": "en"}, timeout=60) as client:
        yield client


def signed_in(
    browser: httpx.Client, provider: OpenIdProvider, who: str = "karin", onward: str = "/statistics"
) -> httpx.Response:
    """Go through a whole sign-in; what the pages answer at its end."""
    there = browser.get("/sign-in/go", params={"next": onward}).headers["Location"]
    return browser.get(provider.come_back(there, who))


def test_nobody_reads_anything_but_what_stands_before_the_door(app, browser):
    addresses = {
        re.sub(r"\{[^}]+\}", "x", route.path or "")
        for route in iter_route_contexts(app.routes)
        if isinstance(route.original_route, APIRoute) and "GET" in (route.methods or ())
    } - BEFORE_THE_DOOR
    assert len(addresses) > 40

    let_in = {path for path in addresses if browser.get(path).headers.get("Location", "")[:8] != "/sign-in"}

    assert let_in == set()


def test_nobody_sends_anything_either(app, browser):
    token = re.search(r'name="form-token" value="([0-9a-f]{64})"', browser.get("/sign-in").text)
    assert token is None
    for path in ("/plans/import", "/staff", "/sign-out/elsewhere"):
        assert browser.post(path, data={}).status_code in {403, 404}


def test_a_sign_in_leads_to_the_page_that_was_wanted_and_the_services_get_a_token_for_them(
    browser, provider, services, pages
):
    answer = signed_in(browser, provider, onward="/statistics?a=1")
    assert answer.headers["Location"] == "/statistics?a=1"

    page = browser.get("/statistics")
    claims = jwt.decode(services.asked[-1], _keys(provider)).claims
    assert "karin@kommun.example" in page.text
    assert (claims["aud"], claims["realm_access"]) == ("stickprov", {"roles": ["IK-Samordnare"]})


def _keys(provider: OpenIdProvider):
    return asyncio.run(Provider(provider.issuer, local=True).keys())


def test_the_browser_gets_ids_and_no_token(browser, provider, services):
    there = browser.get("/sign-in/go").headers["Location"]
    before = browser.cookies["stickprov-session"]
    query = parse_qs(urlsplit(there).query)
    answer = browser.get(provider.come_back(there, "karin"))
    after = browser.cookies["stickprov-session"]
    browser.get("/statistics")

    assert query["code_challenge_method"] == ["S256"]
    assert "code_verifier" not in query
    assert before != after
    assert "HttpOnly" in answer.headers["Set-Cookie"]
    assert "SameSite=lax" in answer.headers["Set-Cookie"]
    assert services.asked[-1] not in str(answer.headers)
    with httpx.Client(base_url=browser.base_url, cookies={"stickprov-session": before}) as planted:
        assert planted.get("/statistics").status_code == 303


def test_an_answer_counts_once_and_in_the_browser_that_began(browser, provider, pages):
    there = browser.get("/sign-in/go").headers["Location"]
    back = provider.come_back(there, "karin")
    with httpx.Client(headers={"Accept-Language": "en"}) as other:
        stolen = other.get(back)
        assert stolen.status_code == 400
        assert "This sign-in cannot be finished" in stolen.text
        other.get(f"{pages}/sign-in/go")
        assert other.get(back).status_code == 400
    assert browser.get(back).status_code == 303
    # Read again, it leads on; after signing out it is nothing.
    assert browser.get(back).headers["Location"] == "/"
    browser.cookies.clear()
    assert browser.get(back).status_code == 400


@pytest.mark.parametrize(
    "onward", ["https://elsewhere.example/", "//elsewhere.example", "/\\elsewhere.example", "/sign-in", "/sign-out"]
)
def test_a_sign_in_leads_nowhere_else(browser, provider, onward):
    assert signed_in(browser, provider, onward=onward).headers["Location"] == "/"


@pytest.mark.parametrize(
    ("change", "what"),
    [
        (lambda query: query | {"state": ["another"]}, 400),
        (lambda query: {name: value for name, value in query.items() if name != "state"}, 400),
        (lambda query: query | {"iss": ["https://elsewhere.example"]}, 503),
        (lambda query: {name: value for name, value in query.items() if name != "iss"}, 503),
        (lambda query: query | {"code": ["another"]}, 503),
        (lambda query: {name: value for name, value in query.items() if name != "code"}, 503),
    ],
)
def test_an_answer_that_was_tampered_with_signs_nobody_in(browser, provider, change: Callable, what):
    there = browser.get("/sign-in/go").headers["Location"]
    back = urlsplit(provider.come_back(there, "karin"))
    answer = browser.get(back.path, params={name: value[0] for name, value in change(parse_qs(back.query)).items()})
    assert answer.status_code == what
    assert browser.get("/statistics").status_code == 303


@pytest.mark.parametrize(
    ("language", "said"), [("en", "You stopped the sign-in"), ("sv", "Du avbröt inloggningen, eller släpps inte in")]
)
def test_who_stops_the_sign_in_is_told_so(browser, provider, language, said):
    there = browser.get("/sign-in/go", params={"next": "/plans"}).headers["Location"]
    answer = browser.get(provider.come_back(there, None), headers={"Accept-Language": language})
    assert answer.status_code == 403
    assert said in answer.text
    assert 'href="/sign-in?next=%2Fplans"' in answer.text


def test_who_has_no_role_is_told_what_to_do_and_can_only_sign_out(browser, provider):
    signed_in(browser, provider, "nils")
    for path in ("/", "/statistics", "/plans"):
        page = browser.get(path)
        assert page.status_code == 403
        assert "nobody has given you a role" in page.text
    assert 'action="/sign-out"' in page.text


async def test_many_who_ask_at_once_renew_a_token_once(provider, settings):
    clock = Clock()
    sign_in, tokens = await _tokens(provider, settings)
    kept: list[str] = []
    renewing = RenewedTokens(sign_in, tokens, lambda new: kept.append(new.access), clock)
    clock.now = tokens.expires - 61
    await renewing.renew_in_time()
    assert kept == []
    clock.now = tokens.expires - 59
    await asyncio.gather(*(renewing.renew_in_time() for _ in range(20)))
    assert len(kept) == 1
    assert renewing() == kept[0] != tokens.access


async def test_who_leaves_while_a_token_is_renewed_does_not_take_it_from_the_others(provider, settings):
    sign_in, tokens = await _tokens(provider, settings)
    clock = Clock(tokens.expires - 1)
    renewing = RenewedTokens(sign_in, tokens, clock=clock)
    first = asyncio.create_task(renewing.renew_in_time())
    await asyncio.sleep(0)
    second = asyncio.create_task(renewing.renew_in_time())
    await asyncio.sleep(0)
    first.cancel()
    await second
    assert renewing.tokens.access != tokens.access


async def test_a_token_that_a_service_refuses_is_renewed_and_the_call_made_again(provider, settings, services, app):
    sign_in, tokens = await _tokens(provider, settings)
    clock = Clock(tokens.obtained + 10)
    renewing = RenewedTokens(sign_in, tokens, clock=clock)
    services.refuses.add(tokens.access)
    with serving(services.api()) as address:
        addresses = Addresses(sampler=AWAY, findings=AWAY, reporting=address, version="1")
        async with open_services(addresses, renewing) as connected:
            assert await connected.reporting.control_points() == []
    assert services.asked[-2:] == [tokens.access, renewing()]


async def test_tokens_that_the_provider_ended_are_over(provider, settings):
    sign_in, tokens = await _tokens(provider, settings)
    clock = Clock(tokens.expires - 1)
    renewing = RenewedTokens(sign_in, tokens, clock=clock)
    await sign_in.revoke(tokens)
    await renewing.renew_in_time()
    assert renewing.is_over


class Clock:
    def __init__(self, now: float = 0.0) -> None:
        self.now = now

    def __call__(self) -> float:
        return self.now


async def _tokens(provider: OpenIdProvider, settings: WebSettings):
    sign_in = provider_of(settings)
    assert sign_in is not None
    begun = Begun(f"{settings.base_url}/sign-in/back")
    back = await asyncio.to_thread(provider.come_back, await sign_in.address(begun), "karin")
    answer = {name: value[0] for name, value in parse_qs(urlsplit(back).query).items()}
    tokens, claims = await sign_in.finish(begun, answer)
    assert claims["sub"] == "karin"
    return sign_in, tokens


async def test_an_id_token_for_another_nonce_is_not_believed(provider, settings):
    sign_in = provider_of(settings)
    assert sign_in is not None
    begun = Begun(f"{settings.base_url}/sign-in/back")
    back = await asyncio.to_thread(provider.come_back, await sign_in.address(begun), "karin")
    answer = {name: value[0] for name, value in parse_qs(urlsplit(back).query).items()}
    another = Begun(begun.redirect_uri, begun.state, "another nonce", begun.verifier)
    with pytest.raises(ProviderError, match="not for this sign-in"):
        await sign_in.finish(another, answer)


def test_signing_out_ends_the_session_here_and_leads_to_the_provider(browser, provider, pages):
    signed_in(browser, provider)
    page = browser.get("/statistics")
    cookie = browser.cookies["stickprov-session"]
    token = re.findall(r'name="form-token" value="([0-9a-f]{64})"', page.text)[0]
    answer = browser.post("/sign-out", data={"form-token": token})

    onward = answer.headers["Refresh"].removeprefix("0; url=")
    assert onward.startswith(f"{provider.issuer}/session/end?")
    assert parse_qs(urlsplit(onward).query)["post_logout_redirect_uri"] == [f"{pages}/signed-out"]
    assert browser.get("/statistics").status_code == 303
    with httpx.Client(cookies={"stickprov-session": cookie}) as old:
        assert old.get(f"{pages}/statistics").status_code == 303
    assert "You are signed out" in browser.get("/signed-out").text


def test_who_signs_out_at_the_provider_is_signed_out_here(browser, provider):
    with httpx.Client() as person:
        there = browser.get("/sign-in/go").headers["Location"]
        browser.get(provider.come_back(there, "karin", person))
        assert browser.get("/statistics").status_code == 200

        form = person.get(f"{provider.issuer}/session/end")
        xsrf = re.findall(r'name="xsrf" value="([^"]+)"', form.text)[0]
        person.post(f"{provider.issuer}/session/end/confirm", data={"xsrf": xsrf, "logout": "yes"})

    wait_until(lambda: browser.get("/statistics").status_code == 303, what="the sign-out told by the provider")


@pytest.mark.parametrize("body", [{}, {"logout_token": "a.b.c"}, {"logout_token": ""}])
def test_a_sign_out_that_the_provider_did_not_sign_is_nothing(browser, provider, body):
    signed_in(browser, provider)
    assert browser.post("/sign-out/back-channel", data=body).status_code == 400
    assert browser.get("/statistics").status_code == 200


def test_the_command_is_told_where_to_sign_in_and_nothing_secret(browser, provider):
    told = browser.get("/.well-known/stickprov")
    assert told.json()["sign_in"] == {
        "issuer": provider.issuer,
        "client_id": "command",
        "scopes": "openid profile offline_access",
        "resource": "urn:stickprov:rs256",
    }
    assert WEB_SECRET not in told.text


def test_where_browsers_come_by_tls_the_cookie_is_of_this_host_and_tls_alone(settings, tmp_path: Path):
    over_tls = create(settings.model_copy(update={"base_url": "https://stickprov.example"}))
    with serving(over_tls) as url, httpx.Client(base_url=url) as client:
        cookie = client.get("/sign-in/go").headers["Set-Cookie"]
    assert cookie.startswith("__Host-stickprov-session=")
    assert "Secure" in cookie
    assert "Path=/" in cookie
    assert "Domain" not in cookie


@pytest.mark.parametrize(
    ("language", "said"), [("en", "does not answer as it should"), ("sv", "svarar inte som den ska")]
)
def test_without_the_provider_the_pages_say_so(settings, language, said):
    alone = create(settings.model_copy(update={"issuer": f"http://127.0.0.1:{free_port()}"}))
    with serving(alone) as url:
        answer = httpx.get(f"{url}/sign-in/go", headers={"Accept-Language": language})
    assert answer.status_code == 503
    assert said in answer.text

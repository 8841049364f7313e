"""`stickprov login` signs in at a real provider by a browser, and the command goes on with tokens of its own."""

import json
import os
import re
import stat
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import httpx
import pytest
from fastapi import FastAPI, Header
from starlette.responses import JSONResponse, Response

from stickprov_local.ports import free_port
from support.openid_provider import OpenIdProvider
from support.played_stack import COMMAND
from support.serving import serving

ASKED: list[str] = []


@pytest.fixture(scope="module")
def stack(provider: OpenIdProvider) -> Iterator[str]:
    """The one address of a stack, whose reporting notes who asks."""
    api, port = FastAPI(), free_port()
    here = f"http://127.0.0.1:{port}"

    @api.get("/.well-known/stickprov")
    async def told() -> Response:
        sign_in = {
            "issuer": provider.issuer,
            "client_id": "command",
            "scopes": "openid profile offline_access",
            "resource": "urn:stickprov:eddsa",
        }
        addresses = {"sampler": here, "findings": here, "reporting": here, "version": "1"}
        return JSONResponse(addresses | {"sign_in": sign_in})

    @api.get("/v1/frames")
    async def frames(authorization: Annotated[str, Header()] = "") -> Response:
        ASKED.append(authorization.removeprefix("Bearer "))
        return JSONResponse([])

    with serving(api, port) as url:
        yield url


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path


def environment(home: Path) -> dict[str, str]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("STICKPROV_", "XDG_"))}
    return clean | {"HOME": str(home), "PYTHONUTF8": "1", "STICKPROV_LANG": "en"}


def session_of(home: Path) -> Path:
    return next(home.rglob("session.json"))


def stickprov(home: Path, stack: str, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: PLW1510
        [*COMMAND, "--url", stack, *words], env=environment(home), capture_output=True, text=True, timeout=60
    )


def login(home: Path, stack: str, provider: OpenIdProvider, who: str | None = "karin") -> tuple[int, str, str]:
    """Log in as a person does: open the address that is printed, and sign in there."""
    child = subprocess.Popen(
        [*COMMAND, "--url", stack, "login", "--no-browser"],
        env=environment(home),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert child.stderr is not None
        assert child.stderr.readline() == "Sign in here:\n"
        back = provider.come_back(child.stderr.readline().strip(), who)
        # Whoever guesses the port brings nothing.
        assert httpx.get(re.sub(r"\?.*", "?code=x&state=y", back)).status_code == 404
        shown = httpx.get(back).text
        told, complained = child.communicate(timeout=60)
    finally:
        child.kill()
        child.communicate()
    return child.returncode, shown, told + complained


def test_a_login_by_the_browser_is_kept_for_its_owner_alone_and_used(home, stack, provider):
    code, shown, said = login(home, stack, provider)
    assert (code, said) == (0, "You are now karin@kommun.example.\n")
    assert shown == "You are signed in. Close this page and go back to the command."

    file = session_of(home)
    kept = json.loads(file.read_text())["tokens"]
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    ended = stickprov(home, stack, "frame", "show", "--json")
    assert (ended.returncode, ended.stdout.strip()) == (0, "[]")
    assert ASKED[-1] == kept["access"]
    assert kept["access"] not in ended.stderr + said


def test_a_token_that_ends_soon_is_renewed_and_kept(home, stack, provider):
    login(home, stack, provider)
    file = session_of(home)
    known = json.loads(file.read_text())
    old = dict(known["tokens"])
    known["tokens"]["expires"] = known["tokens"]["obtained"] = old["obtained"] - 60
    file.write_text(json.dumps(known))

    assert stickprov(home, stack, "frame", "show").returncode == 0

    new = json.loads(file.read_text())["tokens"]
    assert new["access"] == ASKED[-1] != old["access"]
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_tokens_go_to_the_stack_that_they_are_for(home, stack, provider):
    login(home, stack, provider)
    elsewhere = stickprov(home, "http://127.0.0.1:9", "frame", "show")
    assert elsewhere.returncode == 2
    assert f"You are signed in to {stack}, not to http://127.0.0.1:9." in elsewhere.stderr


def test_a_logout_ends_the_tokens_there_and_here(home, stack, provider):
    login(home, stack, provider)
    refresh = json.loads(session_of(home).read_text())["tokens"]["refresh"]

    ended = stickprov(home, stack, "logout")

    assert (ended.returncode, ended.stdout) == (0, "You are signed out.\n")
    assert not list(home.rglob("session.json"))
    again = httpx.post(
        f"{provider.issuer}/token",
        data={"grant_type": "refresh_token", "refresh_token": refresh, "client_id": "command"},
    )
    assert again.json()["error"] == "invalid_grant"
    assert "Nobody is signed in." in stickprov(home, stack, "frame", "show").stderr


def test_who_stops_the_login_is_told_so(home, stack, provider):
    code, _, said = login(home, stack, provider, who=None)
    assert code == 2
    assert "The organisation's sign-in refused: access_denied. Nobody is signed in." in said
    assert not list(home.rglob("session.json"))


def test_options_are_given_together(home, stack):
    ended = stickprov(home, stack, "login", "--issuer", "https://sign-in.example")
    assert (ended.returncode, "Give both of --issuer and --client-id, or neither." in ended.stderr) == (2, True)

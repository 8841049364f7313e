"""Nothing that lets somebody in is written: not by settings, not by a failed start, not by a fault, at any level."""

import io
import logging
import os
import subprocess
import sys
from pathlib import Path
from typing import get_args

import httpx
import pytest
import structlog

from stickprov_client.web.logs import configure_logs
from stickprov_client.web.settings import WebSettings
from stickprov_contracts.http.headers import COMMAND_ID
from stickprov_findings.settings import FindingsSettings
from stickprov_kernel.http.identity import Role
from stickprov_kernel.settings import ServiceSettings, placeholder
from stickprov_reporting.settings import ReportingSettings
from stickprov_sampler.settings import SamplerSettings
from support.authorisation import routes_of, services, web_client
from support.logs import logging_to_memory
from support.pages import address, form_token, pages_without_services
from support.tokens import AUDIENCE, ISSUER, issuer

SERVICES = {"sampler": SamplerSettings, "findings": FindingsSettings, "reporting": ReportingSettings}
MADE_UP = "01900000-0000-7000-8000-000000000000"
DSN = "postgresql://stickprov:planted-password@127.0.0.1:1/stickprov"
STAFF_KEY = "5ec7e7" * 11
SECRETS = ("planted", STAFF_KEY)
PATIENCE = 60


def assert_told_nothing(text: str, *more: str) -> None:
    for secret in (*SECRETS, *more):
        assert secret not in text, text[max(0, text.find(secret) - 300) : text.find(secret) + 60]


def environment(service: str, folder: Path) -> dict[str, str]:
    """Return what a service is started with; the database is not there."""
    master = folder / "master.keys"
    master.write_text(f"first {'ab' * 32}\n", encoding="ascii")
    master.chmod(0o600)
    token = folder / "planted.jwt"
    token.write_text("planted.service.token", encoding="ascii")
    given = {
        "DATABASE_URL": DSN,
        "MIGRATION_DATABASE_URL": DSN.replace("stickprov:", "owner:"),
        "KAFKA_BOOTSTRAP": "127.0.0.1:1",
        "TOKEN_ISSUER": ISSUER,
        "TOKEN_KEYS": str(issuer().keys_file(folder)),
        "STAFF_KEY": STAFF_KEY,
        "MASTER_KEYS": str(master),
        "SERVICE_TOKEN": str(token),
        "FRAME_FOLDER": str(folder / "frames"),
        "VAULT_FOLDER": str(folder / "vault"),
        "SAMPLER_URL": "http://127.0.0.1:1",
        "FINDINGS_URL": "http://127.0.0.1:1",
        "LOG_LEVEL": "debug",
    }
    known = {name.upper() for name in SERVICES[service].model_fields}
    return {f"STICKPROV_{service.upper()}_{name}": value for name, value in given.items() if name in known}


def started(service: str, folder: Path, **changed: str) -> str:
    """Return everything that a service writes until it gives up."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("STICKPROV_")}
    done = subprocess.run(
        [sys.executable, "-m", f"stickprov_{service}"],
        env=inherited | environment(service, folder) | changed,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    assert done.returncode != 0
    return done.stdout + done.stderr


@pytest.mark.parametrize("service", SERVICES)
def test_a_start_without_its_database_names_no_password(service: str, tmp_path: Path):
    written = started(service, tmp_path)

    assert "migration-failed" in written
    assert_told_nothing(written, "ab" * 32)


@pytest.mark.parametrize("service", ["sampler"])
def test_wrong_settings_are_named_and_not_quoted(service: str, tmp_path: Path):
    prefix = f"STICKPROV_{service.upper()}_"
    wrong = {"DATABASE_URL": DSN.replace("127.0.0.1", "db.example"), "STAFF_KEY": "planted", "HTTP_PORT": "planted"}
    written = started(service, tmp_path, **{f"{prefix}{name}": value for name, value in wrong.items()})

    assert all(f"{prefix}{name}" in written for name in wrong)
    assert_told_nothing(written)


@pytest.mark.parametrize("kind", SERVICES.values())
def test_settings_that_are_printed_show_no_secret(kind: type[ServiceSettings]):
    given = {"database_url": DSN, "migration_database_url": DSN, "staff_key": placeholder(kind).staff_key}
    settings = placeholder(kind).model_copy(update=given)

    for shown in (repr(settings), str(settings), f"{settings}", repr({"settings": settings})):
        assert_told_nothing(shown, "00" * 32)


def test_the_pages_settings_name_files_and_hold_no_secret_themselves():
    secret = [name for name in WebSettings.model_fields if any(word in name for word in ("secret", "password", "key"))]
    assert all(name.endswith(("_file", "_keys")) for name in secret)


@pytest.mark.parametrize("service", SERVICES)
async def test_no_request_leaves_what_it_came_with_in_the_log(service: str, tmp_path: Path):
    signer = issuer()
    settings = {"token_issuer": ISSUER, "token_audience": AUDIENCE, "token_keys": signer.keys_file(tmp_path)}
    token = signer.token("planted-sign-in", *get_args(Role))
    carried = [
        {"Authorization": f"Bearer {token}"},
        {"Authorization": f"Bearer {token[:-4]}plan"},
        {"Authorization": "Basic planted-basic"},
        {"Authorization": "planted without a scheme"},
    ]
    app = services(**settings, requests_per_second=0, stranger_requests_per_second=0)[service]
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    with logging_to_memory("debug") as logged:
        async with httpx.AsyncClient(transport=transport, base_url="http://service") as client:
            for route in routes_of(app):
                path = route.path.replace("{", "planted-").replace("}", "")
                for headers in carried:
                    await client.request(
                        route.method,
                        path,
                        params={"planted-name": "planted-value"},
                        headers={"Cookie": "session=planted-cookie", COMMAND_ID: MADE_UP} | headers,
                        json={"planted": "planted-body"},
                    )
    assert len(logged.lines("request")) >= 4 * len(routes_of(app))
    assert_told_nothing(logged.text, token, token.split(".")[2])


def jwts(folder: Path) -> list[Path]:
    return list(folder.glob("*.jwt"))


async def test_no_page_leaves_a_token_a_cookie_or_a_form_in_the_log(tmp_path: Path):
    (tmp_path / "board.jwt").write_text("planted.board.token", encoding="ascii")
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    written = io.StringIO()
    app = web_client(tmp_path, requests_per_second=0)
    try:
        configure_logs("debug")
        for handler in logging.getLogger().handlers:
            if isinstance(handler, logging.StreamHandler):
                handler.setStream(written)
        async with pages_without_services(app, tmp_path) as pages, pages.signed_in("coordinator") as browser:
            token = form_token((await browser.get("/sign-in")).text)
            cookies = [cookie.value or "" for cookie in browser.cookies.jar]
            for page in pages.all:
                typed = {"form-token": token, "text": "planted-text"} if page.method == "POST" else None
                await browser.request(page.method, address(page), params={"q": "planted-query"}, data=typed)
    finally:
        root.handlers[:], root.level = handlers, level
        structlog.reset_defaults()
    bearer = [file.read_text() for file in jwts(tmp_path)]
    assert "signed in" in written.getvalue()
    assert_told_nothing(written.getvalue(), token, *cookies, *bearer)

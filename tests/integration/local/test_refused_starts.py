"""What believes the local stack's issuer, or lets people in without a password, starts in local mode alone."""

import os
import subprocess
import sys

import pytest

from support.tokens import issuer

SERVICES = ("sampler", "findings", "reporting")
AWAY = "http://127.0.0.1:9"


def start(module: str, **settings: str) -> subprocess.CompletedProcess[str]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith("STICKPROV_")}
    return subprocess.run(
        [sys.executable, "-m", module], env=clean | settings, capture_output=True, text=True, timeout=60, check=False
    )


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_refuses_the_local_issuer_outside_local_mode(service, tmp_path):
    prefix = f"STICKPROV_{service.upper()}_"
    settings = {
        "DATABASE_URL": "postgresql://nobody@127.0.0.1:9/none",
        "KAFKA_BOOTSTRAP": "127.0.0.1:9",
        "TOKEN_ISSUER": "urn:stickprov:local",
        "TOKEN_KEYS": str(issuer().keys_file(tmp_path)),
        "STAFF_KEY": "ab" * 32,
    }
    ended = start(f"stickprov_{service}", **{f"{prefix}{name}": value for name, value in settings.items()})

    assert ended.returncode == 2
    assert (
        f"{prefix}TOKEN_ISSUER: urn:stickprov:local is for local mode alone; give your sign-in's issuer."
        in ended.stderr
    )
    assert "Traceback" not in ended.stderr


PAGES = {"SAMPLER_URL": AWAY, "FINDINGS_URL": AWAY, "REPORTING_URL": AWAY}
PROVIDER = {"ISSUER": "https://sign-in.example", "CLIENT_ID": "web", "BASE_URL": "https://stickprov.example"}
LOCAL_ALONE = "This is for local mode alone, where one machine is all there is; remove it."


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({}, "ISSUER: Outside local mode people sign in at an OpenID provider; give its issuer."),
        ({"ISSUER": "urn:stickprov:local"}, "ISSUER: urn:stickprov:local is for local mode alone"),
        ({"ISSUER": "http://sign-in.example"}, "ISSUER: This should be an https address."),
        (PROVIDER | {"TOKEN": "board.jwt"}, f"TOKEN: {LOCAL_ALONE}"),
        (PROVIDER | {"LOCAL_TOKENS": "tokens"}, f"LOCAL_TOKENS: {LOCAL_ALONE}"),
        (PROVIDER | {"BASE_URL": "http://stickprov.example"}, "BASE_URL: This should be an https address."),
        (PROVIDER | {"BASE_URL": "", "CLIENT_ID": ""}, "CLIENT_ID: Signing in at a provider needs this."),
        ({"MODE": "local", "HTTP_HOST": "0.0.0.0"}, "HTTP_HOST: In local mode this should be a loopback address"),  # noqa: S104
    ],
)
def test_the_pages_refuse_what_lets_people_in_without_the_provider(settings, said):
    given = {f"STICKPROV_WEB_{name}": value for name, value in (PAGES | settings).items()}
    ended = start("stickprov_client.web", **given)

    assert ended.returncode == 2
    assert f"STICKPROV_WEB_{said}" in ended.stderr
    assert "Traceback" not in ended.stderr

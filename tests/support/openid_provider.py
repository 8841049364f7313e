"""A real OpenID provider as a child of the tests: npm oidc-provider, which `make` installs."""

import contextlib
import json
import os
import re
import shutil
import signal
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

import httpx
import pytest

from stickprov_local.ports import free_port
from support.waiting import wait_until

_HERE = Path(__file__).parents[1] / "oidc"
_INSTALLED = Path(__file__).parents[2] / ".cache" / "oidc-provider"

PEOPLE: Mapping[str, Sequence[str]] = {
    "karin": ["IK-Samordnare"],
    "rolf": ["IK-Granskare", "something else"],
    "nils": [],
}
"""Who has an account, with the provider's names of their roles; every password is right."""

ROLES = {"IK-Samordnare": "coordinator", "IK-Granskare": "reviewer", "stickprov-service": "service"}
"""Our role by the provider's name."""


def skip_without_provider() -> None:
    """Leave a test out where the provider cannot run."""
    if shutil.which("node") is None:
        pytest.skip("there is no node; the OpenID provider of the tests needs it")
    if not (_INSTALLED / "node_modules").is_dir():
        pytest.skip("the OpenID provider of the tests is not installed; make test-oidc does it")


class OpenIdProvider:
    """The provider's process. Started again, it has the same address and other keys, and knows nobody's session.

    Args:
        web_url: address of the pages that people come from.
        access_seconds: how long access tokens last.
    """

    def __init__(self, web_url: str, access_seconds: int = 600) -> None:
        self.port = free_port()
        self.issuer = f"http://127.0.0.1:{self.port}"
        self._settings = {
            "port": self.port,
            "people": PEOPLE,
            "webUrl": web_url,
            "accessSeconds": access_seconds,
        }
        self._child: subprocess.Popen[str] | None = None

    def start(self) -> None:
        """Start it and wait until it answers."""
        program = _INSTALLED / "provider.mjs"
        shutil.copyfile(_HERE / "provider.mjs", program)
        self._child = subprocess.Popen(
            ["node", str(program), json.dumps(self._settings)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            env={"PATH": os.environ["PATH"]},
        )
        self._hear("issuer")

    def stop(self) -> None:
        """End it; nobody answers at its address any more."""
        if self._child is not None:
            self._child.kill()
            self._child.communicate()
            self._child = None

    def change_keys(self) -> None:
        """Have it sign with new keys, and publish those alone."""
        assert self._child is not None
        self._child.send_signal(signal.SIGHUP)
        self._hear("keys")

    def asked_for_keys(self) -> int:
        """Return how often anybody has asked for its keys."""
        return int(httpx.get(f"{self.issuer}/asked-for-keys").text)

    def renewed(self) -> int:
        """Return how often it has given new tokens for a refresh token."""
        return int(httpx.get(f"{self.issuer}/renewed").text)

    def service_token(self, resource: str = "urn:stickprov:rs256") -> str:
        """Return a token by client credentials, signed as the resource wants it."""
        answer = httpx.post(
            f"{self.issuer}/token",
            data={
                "grant_type": "client_credentials",
                "resource": resource,
                "client_id": "findings",
                "client_secret": SERVICE_SECRET,
            },
        )
        return str(answer.raise_for_status().json()["access_token"])

    def come_back(self, address: str, who: str | None, person: httpx.Client | None = None) -> str:
        """Go through the provider's pages as a person does, and return the address that it sends them back to.

        Args:
            address: where the sign-in goes on.
            who: signs in; None stops the sign-in.
            person: their browser at the provider, which stays signed in.
        """
        with contextlib.ExitStack() as stack:
            browser = person or stack.enter_context(httpx.Client())
            answer = browser.get(address)
            while True:
                if answer.is_redirect:
                    onward = str(answer.url.join(answer.headers["Location"]))
                    if not onward.startswith(self.issuer):
                        return onward
                    answer = browser.get(onward)
                elif who is None:
                    answer = browser.get(f"{answer.url}/abort")
                else:
                    asked = re.findall(r'name="prompt" value="(\w+)"', answer.raise_for_status().text)[0]
                    answer = browser.post(answer.url, data={"prompt": asked, "login": who, "password": "right"})

    def _hear(self, word: str) -> None:
        assert self._child is not None
        assert self._child.stdout is not None
        assert word in json.loads(self._child.stdout.readline())
        wait_until(self._answers, what="the OpenID provider")

    def _answers(self) -> bool:
        try:
            return httpx.get(f"{self.issuer}/.well-known/openid-configuration").is_success
        except httpx.TransportError:
            return False


def stack_settings(provider: OpenIdProvider, web_url: str, folder: Path) -> str:
    """Return the settings of a whole stack whose people sign in at the provider, as the tests' launcher takes them."""
    for name, secret in (("web", WEB_SECRET), ("service", SERVICE_SECRET)):
        (folder / name).write_text(secret, encoding="utf-8")
    roles = {"TOKEN_ROLES_CLAIM": "realm_access.roles", "TOKEN_ROLES": json.dumps(ROLES)}
    services = {
        "TOKEN_ISSUER": provider.issuer,
        "TOKEN_KEYS": None,
        "SERVICE_TOKEN": None,
        "SERVICE_CLIENT_ID": "findings",
        "SERVICE_CLIENT_SECRET_FILE": str(folder / "service"),
        "SERVICE_TOKEN_RESOURCE": "urn:stickprov:es256",
    }
    web = {
        "TOKEN": None,
        "LOCAL_TOKENS": None,
        "ISSUER": provider.issuer,
        "CLIENT_ID": "web",
        "CLIENT_SECRET_FILE": str(folder / "web"),
        "BASE_URL": web_url,
        "SCOPES": "openid profile offline_access",
        "RESOURCE": "urn:stickprov:rs256",
        "COMMAND_CLIENT_ID": "command",
    }
    return json.dumps({"services": services | roles, "web": web | roles})


WEB_SECRET = "a secret of the tests"
SERVICE_SECRET = "another secret: + and %"

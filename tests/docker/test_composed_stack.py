"""The images are built and the whole compose file is started: everything becomes healthy, and one address answers."""

import json
import os
import shutil
import ssl
import subprocess
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from stickprov_local.ports import free_port
from support.composed import ROOT, SETTINGS

_LEFT_BEHIND = shutil.ignore_patterns(
    ".git", ".venv", ".cache", ".stickprov", "tests", "__pycache__", ".*_cache", "secrets"
)
_MINUTES = 15


class ComposedStack:
    """A project of its own in a copy of the repository, so that no operator's secrets are touched."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "stickprov"
        self.https_port = free_port()
        shutil.copytree(ROOT, self.folder, ignore=_LEFT_BEHIND)
        told = SETTINGS | {
            "STICKPROV_HOST": "localhost",
            "STICKPROV_HTTPS_PORT": str(self.https_port),
            "STICKPROV_HTTP_PORT": str(free_port()),
            "STICKPROV_GRAFANA_PORT": str(free_port()),
        }
        (self.folder / ".env").write_text("".join(f"{name}={value}\n" for name, value in told.items()))

    def run(self, *command: str) -> str:
        done = subprocess.run(
            command, cwd=self.folder, capture_output=True, text=True, check=False, timeout=_MINUTES * 60
        )
        assert done.returncode == 0, f"{' '.join(command)}\n{done.stdout}\n{done.stderr}"
        return done.stdout

    def compose(self, *arguments: str) -> str:
        return self.run("docker", "compose", "--project-name", "stickprov-on-trial", *arguments)

    def start(self) -> None:
        as_root = () if os.geteuid() == 0 else ("sudo", "-n")
        self.run(*as_root, "deploy/compose/make-secrets")
        for given in ("services-client-secret", "pages-client-secret"):
            self.run(*as_root, "sh", "-c", f"echo secret > deploy/compose/secrets/{given}")
        self.run(*as_root, "deploy/compose/make-secrets")
        self.run(*as_root, "cp", "deploy/compose/secrets/inside-ca.crt", "inside-ca.crt")
        self.compose("build")
        self.compose("up", "--detach", "--wait", "--wait-timeout", str(_MINUTES * 60))

    def get(self, path: str) -> httpx.Response:
        context = ssl.create_default_context(cafile=str(self.folder / "inside-ca.crt"))
        return httpx.get(f"https://localhost:{self.https_port}{path}", verify=context, trust_env=False)


@pytest.fixture(scope="module")
def stack(engine: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ComposedStack]:
    composed = ComposedStack(tmp_path_factory.mktemp("composed"))
    try:
        composed.start()
        yield composed
    finally:
        composed.compose("down", "--volumes", "--timeout", "10")


def test_everything_that_goes_on_running_is_healthy(stack: ComposedStack):
    states = [json.loads(line) for line in stack.compose("ps", "--format", "json").splitlines()]

    assert {state["Service"]: state["Health"] for state in states} == dict.fromkeys(
        (
            "postgres",
            "kafka",
            "sampler",
            "findings",
            "reporting",
            "web",
            "proxy",
            "prometheus",
            "alertmanager",
            "grafana",
        ),
        "healthy",
    )


def test_one_address_answers_for_all_and_keeps_the_metrics_to_itself(stack: ComposedStack):
    told = stack.get("/.well-known/stickprov").json()

    assert told["sampler"] == "https://localhost/services/sampler"
    for service in ("sampler", "findings", "reporting"):
        assert stack.get(f"/services/{service}/health/live").text == "alive\n"
    assert stack.get("/metrics").status_code == 404


def test_data_have_checksums(stack: ComposedStack):
    asked = ("exec", "-T", "postgres", "psql", "-At", "-U", "postgres", "-c", "SHOW data_checksums")

    assert stack.compose(*asked).strip() == "on"


def test_our_containers_are_nobody_in_particular_and_cannot_write(stack: ComposedStack):
    for service in ("sampler", "findings", "reporting", "web"):
        assert stack.compose("exec", "-T", service, "id", "-u").strip() == "10001"
        tried = ("exec", "-T", service, "python", "-c", "import os; print(os.access('/opt/stickprov', os.W_OK))")
        assert stack.compose(*tried).strip() == "False"

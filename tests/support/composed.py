"""What Compose makes of ``docker-compose.yml``, and the secrets that it mounts, made in a folder of a test's own."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

ROOT: Final = Path(__file__).parents[2]
FILE: Final = ROOT / "docker-compose.yml"
DEPLOY: Final = ROOT / "deploy" / "compose"
HOST: Final = "stickprov.kommun.example"
SETTINGS: Final[Mapping[str, str]] = {
    "STICKPROV_HOST": HOST,
    "STICKPROV_ISSUER": "https://sign-in.kommun.example",
    "STICKPROV_PAGES_CLIENT": "stickprov-pages",
    "STICKPROV_SERVICES_CLIENT": "stickprov-services",
    "STICKPROV_ROLES": '{"IK-Samordnare": "coordinator", "stickprov-service": "service"}',
}
"""What an operator must write in ``.env``, and one thing that they may."""
OURS: Final = ("sampler", "findings", "reporting", "web")
_RUN_SECRETS: Final = "/run/secrets/"


@dataclass(frozen=True)
class Composed:
    """Compose's answer."""

    code: int
    text: str
    told: str

    @property
    def project(self) -> dict[str, Any]:
        """The whole project, with everything filled in."""
        project: dict[str, Any] = json.loads(self.text)
        return project

    @property
    def services(self) -> dict[str, dict[str, Any]]:
        services: dict[str, dict[str, Any]] = self.project["services"]
        return services


def compose_config(folder: Path, settings: Mapping[str, str] = SETTINGS) -> Composed:
    """Run ``docker-compose config`` with these lines as its ``.env``; needs no engine."""
    env_file = folder / "settings.env"
    env_file.write_text("".join(f"{name}={value}\n" for name, value in settings.items()), encoding="utf-8")
    program = Path(sys.executable).with_name("docker-compose")
    # Nothing of the machine's own may fill in what the file lacks.
    environment = {name: value for name, value in os.environ.items() if not name.startswith("STICKPROV_")}
    done = subprocess.run(
        [program, "--file", FILE, "--env-file", env_file, "config", "--format", "json"],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    return Composed(done.returncode, done.stdout, done.stderr)


def make_secrets(folder: Path, *, host: str | None = HOST, settings: Path | None = None) -> "Made":
    """Run ``deploy/compose/make-secrets`` for a folder, with a host from the environment or from a file of settings."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("STICKPROV_")}
    environment |= {"STICKPROV_ENV_FILE": str(settings or folder / "no-such-file")}
    if host is not None:
        environment["STICKPROV_HOST"] = host
    done = subprocess.run(
        [DEPLOY / "make-secrets", folder], env=environment, capture_output=True, text=True, check=False
    )
    return Made(folder, done.returncode, done.stdout, done.stderr)


@dataclass(frozen=True)
class Made:
    """A folder of secrets, and what was said while it was made."""

    folder: Path
    code: int
    said: str
    complained: str


def environment_of(service: Mapping[str, Any], secrets: Mapping[str, Any], made: Path, mounted: Path) -> dict[str, str]:
    """Return a service's environment with its secrets where a test can read them, as the container would.

    Args:
        service, secrets: from the project.
        made: folder of the made secrets.
        mounted: gets a folder that stands for ``/run/secrets``.
    """
    mounted.mkdir(parents=True)
    for secret in service.get("secrets", []):
        file = made / Path(secrets[secret["source"]]["file"]).name
        (mounted / Path(secret.get("target", secret["source"])).name).symlink_to(file)
    environment: dict[str, str] = service["environment"]
    return {name: value.replace(_RUN_SECRETS, f"{mounted}/") for name, value in environment.items()}

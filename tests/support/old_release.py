"""The code of an older release, from this repository's own history, and services that run on it.

What must not break: where the older code cannot be had, its tests fail and say what to do; they are never skipped. A
clone that is shallow asks where it came from for that one commit.
"""

import os
import re
import subprocess
import sys
import tarfile
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path
from typing import Final

import httpx
import pytest

from stickprov_local import processes
from stickprov_local.processes import Program
from support.waiting import wait_until

BEFORE_SEALING: Final = "5c14a52a43d5be663af52298c0e6a855e1c2e485"
"""The last commit of the release that could be audited and kept free texts and identities in clear. The steps that came
next do not bear it beside them (docs/how-to/upgrade.md)."""
AFTER_SEALING: Final = "193c683bdda681068a293692b76afe6c01dea377"
"""A commit soon after: all steps since may run while it serves. It does not vouch for its records on Kafka yet."""

PACKAGES: Final = (
    "contracts",
    "kernel",
    "services/sampler",
    "services/findings",
    "services/reporting",
    "client",
    "deploy/local",
)
_HERE: Final = Path(__file__).parents[2]
_SETTING: Final = re.compile(r"STICKPROV_[A-Z_]+")


def unpack(commit: str, folder: Path) -> Path:
    """Unpack an older release's packages under a folder, and return it."""
    packed = _git("archive", commit, *PACKAGES)
    if packed.returncode != 0:
        _git("fetch", "--quiet", "--depth", "1", "origin", commit)
        packed = _git("archive", commit, *PACKAGES)
    if packed.returncode != 0:
        pytest.fail(
            f"Commit {commit} is not in this clone, and where it came from does not give it: run "
            f"`git fetch --unshallow`, or give CI's checkout its full depth.\n{packed.stderr.decode(errors='replace')}",
            pytrace=False,
        )
    with tarfile.open(fileobj=BytesIO(packed.stdout)) as archive:
        archive.extractall(folder, filter="data")
    return folder


class Release:
    """Runs services of one release.

    Args:
        tree: where its packages are; the one on trial when left out.
        log: folder for what the services write.
    """

    def __init__(self, log: Path, tree: Path | None = None) -> None:
        self._log = log
        self._name = "new" if tree is None else "old"
        self._path = {} if tree is None else {"PYTHONPATH": os.pathsep.join(str(tree / one) for one in PACKAGES)}

    def understood(self, service: str, settings: Mapping[str, str]) -> dict[str, str]:
        """Return those settings that this release knows: a service refuses the others."""
        table = self.ran(service, "settings", {}).stdout
        known = set(_SETTING.findall(table))
        return {name: value for name, value in settings.items() if name in known}

    def ran(self, service: str, word: str, settings: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
        """Run one of a service's commands to its end."""
        return subprocess.run(
            [sys.executable, "-m", f"stickprov_{service}", word],
            env={**os.environ, **self._path, **settings},
            capture_output=True,
            text=True,
            check=True,
            timeout=60,
        )

    def start(self, service: str, settings: Mapping[str, str]) -> "subprocess.Popen[bytes]":
        """Start a service, and return when it is ready."""
        url = f"http://127.0.0.1:{settings[f'STICKPROV_{service.upper()}_HTTP_PORT']}/health/ready"
        log = self._log / f"{self._name}-{service}.log"
        child = processes.spawn(
            Program(
                name=service,
                arguments=[sys.executable, "-m", f"stickprov_{service}"],
                log=log,
                environment={**self._path, **self.understood(service, settings)},
            )
        )

        def ready() -> bool:
            if child.poll() is not None:
                pytest.fail(f"{self._name} {service} ended:\n{processes.last_lines(log)}")
            try:
                return httpx.get(url, timeout=5).status_code == httpx.codes.OK
            except httpx.HTTPError:
                return False

        wait_until(ready, bound=60, what=f"that {self._name} {service} is ready")
        return child


def _git(*words: str) -> "subprocess.CompletedProcess[bytes]":
    return subprocess.run(["git", *words], cwd=_HERE, capture_output=True, check=False)

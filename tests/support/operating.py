"""The programs of others that operate Stickprov: Debian's Prometheus, Alertmanager and nginx."""

import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import pytest

DEPLOY: Final = Path(__file__).parents[2] / "deploy"
"""Where everything is that operators mount, run or apply."""

_PACKAGES: Final[Mapping[str, str]] = {
    "prometheus": "prometheus",
    "promtool": "prometheus",
    "prometheus-alertmanager": "prometheus-alertmanager",
    "amtool": "prometheus-alertmanager",
    "nginx": "nginx",
}
# Debian puts servers where an ordinary user's PATH does not go.
_ALSO_IN: Final = "/usr/local/sbin:/usr/sbin:/sbin"


def program(name: str) -> str:
    """Return where a program is. The test is skipped when it is not installed."""
    found = shutil.which(name) or shutil.which(name, path=_ALSO_IN)
    if found is None:
        pytest.skip(f"there is no {name}; install it with: apt-get install {_PACKAGES[name]}")
    return found


def answer_of(name: str, *arguments: str | Path) -> str:
    """Run a program to its end and return what it printed. The test fails with that when it ends with an error."""
    done = subprocess.run(
        [program(name), *map(str, arguments)],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        timeout=120,
    )
    told = f"{name} {' '.join(map(str, arguments))}\n{done.stdout}"
    assert done.returncode == 0, told
    return done.stdout

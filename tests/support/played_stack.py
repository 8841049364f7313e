"""A whole stack on which the demonstration has been played, kept running for the session."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from stickprov_local.ports import free_port
from support.commands import run_command

COMMAND = (sys.executable, "-c", "from stickprov_client.cli.main import run; run()")
_STILL_RUNNING = "Still running at"


@dataclass(frozen=True)
class PlayedStack:
    """A running stack.

    Attributes:
        url: its one address. data: its folder. told: what the demonstration printed.
    """

    url: str
    data: Path
    told: str

    def token_file(self, name: str) -> Path:
        return self.data / "tokens" / f"{name}.jwt"

    def stickprov(
        self, *words: str, who: str = "coordinator", language: str = "en"
    ) -> subprocess.CompletedProcess[str]:
        """Run the command against this stack as somebody."""
        options = ("--url", self.url, "--token-file", str(self.token_file(who)), "--lang", language)
        return run_command([*options, *words], _environment())


@contextmanager
def playing(
    data: Path, *options: str, port: int | None = None, leave_work: str = "no"
) -> Iterator[subprocess.Popen[str]]:
    """Run the demonstration as a child; it is told to stop at the end, if it has not ended by itself."""
    place = ("--data", str(data), "--port", str(port or free_port()))
    words = ("--lang", "en", "demo", *place, "--leave-work", leave_work, *options)
    with subprocess.Popen(
        [*COMMAND, *words], env=_environment(), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8"
    ) as child:
        try:
            yield child
        finally:
            if child.poll() is None:
                child.send_signal(signal.SIGTERM)
                child.wait(60)


@pytest.fixture(scope="session")
def played_stack(session_folder: Path) -> Iterator[PlayedStack]:
    data, port = session_folder / "played", free_port()
    with playing(data, "--keep-running", "yes", port=port) as child:
        told: list[str] = []
        assert child.stdout is not None
        for line in child.stdout:
            told.append(line)
            if line.startswith(_STILL_RUNNING):
                break
        else:
            pytest.fail(f"the demonstration did not come to its end:\n{''.join(told)}")
        yield PlayedStack(url=f"http://127.0.0.1:{port}", data=data, told="".join(told))


def _environment() -> dict[str, str]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith("STICKPROV_")}
    return clean | {"PYTHONUTF8": "1"}

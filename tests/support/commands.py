"""The command ``stickprov`` as a test runs it: a process that is given its words and has ended when it returns."""

import atexit
import json
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

from support import command_server


def run_command(words: Sequence[str], environment: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    """Run the command to its end and return what it printed and its exit code."""
    server = _server()
    assert server.stdin is not None
    assert server.stdout is not None
    with tempfile.TemporaryDirectory(prefix="stickprov-command-") as folder:
        places = {name: Path(folder) / name for name in ("stdout", "stderr")}
        for place in places.values():
            place.touch()
        asked = {"words": list(words), "environment": dict(environment), "folder": str(Path.cwd())}
        server.stdin.write(json.dumps(asked | {name: str(place) for name, place in places.items()}) + "\n")
        server.stdin.flush()
        code = server.stdout.readline()
        told = {name: place.read_text(encoding="utf-8") for name, place in places.items()}
    if not code:
        raise RuntimeError(f"the command server ended while it ran: stickprov {' '.join(words)}")
    return subprocess.CompletedProcess(["stickprov", *words], int(code), told["stdout"], told["stderr"])


@cache
def _server() -> subprocess.Popen[str]:
    """Start the server at the first command; it ends with the tests."""
    server = subprocess.Popen(
        [sys.executable, command_server.__file__], stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8"
    )
    atexit.register(server.terminate)
    return server

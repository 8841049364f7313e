"""``make demo`` from a cold start: no data folder, and no module compiled yet, as right after an install.

What the operating system keeps of the files in memory is left alone: dropping it would strike whoever else works here.
"""

import os
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Final

from bench.table import Row

ROUNDS: Final = 3
_MOST: Final = 30.0
_ROOT: Final = Path(__file__).parents[2]


def run() -> list[Row]:
    """Return the rows on the demonstration, in seconds."""
    _make(".venv/.installed-runtime")  # what is to be installed is, before the clock starts
    cold, warm = list[float](), list[float]()
    for _ in range(ROUNDS):
        with tempfile.TemporaryDirectory() as compiled:
            cold.append(_demo(compiled))
            warm.append(_demo(compiled))
    return [
        Row("cold make demo after install", "30 s", "s", cold, [_MOST], "cold-demo"),
        Row("the same once more, modules compiled", "30 s", "s", warm, [_MOST]),
    ]


def _demo(compiled: str) -> float:
    started = time.perf_counter()
    _make("demo", PYTHONPYCACHEPREFIX=compiled)
    return time.perf_counter() - started


def _make(target: str, **variables: str) -> None:
    # The bench may itself be run by make, which tells what it starts.
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "MFLAGS"))}
    done = subprocess.run(
        ["make", target], cwd=_ROOT, env=environment | variables, capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        raise RuntimeError(f"make {target} ended with {done.returncode}:\n{done.stdout[-2000:]}{done.stderr[-2000:]}")

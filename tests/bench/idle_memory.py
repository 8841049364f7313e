"""Memory of the three services while nobody asks for anything: real processes of a stack that was just started.

The bar is held against resident memory, process by process: what they share (Python, its libraries) counts three
times. The proportional share (PSS), where it counts once among those who have it, is told beside it.
"""

import tempfile
import time
from pathlib import Path
from typing import Final

import psutil

from bench.table import Row
from support.stack import LocalStack

SERVICES: Final = ("sampler", "findings", "reporting")
ROUNDS: Final = 3
SETTLED: Final = 5.0
"""Seconds from readiness until memory is read."""
_MOST: Final = 350.0
_MEGABYTE: Final = 1e6


def run() -> list[Row]:
    """Return the rows on idle memory."""
    resident, proportional = zip(*(_started_and_idle() for _ in range(ROUNDS)), strict=True)
    work = "idle memory of the three services"
    return [
        Row(f"{work}, resident (RSS)", f"{_MOST:.0f} MB", "MB", resident, [_MOST], "idle-memory"),
        Row(f"{work}, proportional (PSS)", f"{_MOST:.0f} MB", "MB", proportional, [_MOST]),
    ]


def _started_and_idle() -> tuple[float, float]:
    with tempfile.TemporaryDirectory() as folder:
        stack = LocalStack(Path(folder))
        stack.start()
        try:
            time.sleep(SETTLED)
            return memory_of(stack, *SERVICES)
        finally:
            stack.close()


def memory_of(stack: LocalStack, *names: str) -> tuple[float, float]:
    """Return the resident and the proportional megabytes of parts of a stack, with their child processes."""
    processes = [psutil.Process(stack.pid(name)) for name in names]
    processes += [child for process in processes for child in process.children(recursive=True)]
    found = [process.memory_full_info() for process in processes]
    return sum(one.rss for one in found) / _MEGABYTE, sum(one.pss for one in found) / _MEGABYTE

"""Memory of the three services while nobody asks for anything: real processes of a stack that was just started.

The bar is held against what the three occupy together: what is each one's own, and what they share (Python and its
libraries, mapped from the same files) once. Resident memory added up process by process counts it three times, and is
told beside it.
"""

import tempfile
import time
from collections import defaultdict
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
    together, resident = zip(*(_started_and_idle() for _ in range(ROUNDS)), strict=True)
    work = "idle memory of the three services"
    return [
        Row(f"{work} together", f"{_MOST:.0f} MB", "MB", together, [_MOST], "idle-memory"),
        Row(f"{work}, what they share counted three times (RSS)", f"{_MOST:.0f} MB", "MB", resident, [_MOST]),
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
    """Return the megabytes that parts of a stack occupy together with their child processes, and their RSS added up."""
    processes = [psutil.Process(stack.pid(name)) for name in names]
    processes += [child for process in processes for child in process.children(recursive=True)]
    own, shared = 0, defaultdict[str, int](int)
    for process in processes:
        for mapped in process.memory_maps(grouped=True):
            private = mapped.private_clean + mapped.private_dirty
            own += private
            # Of one file the processes have very much the same pages.
            shared[mapped.path] = max(shared[mapped.path], mapped.rss - private)
    resident = sum(process.memory_info().rss for process in processes)
    return (own + sum(shared.values())) / _MEGABYTE, resident / _MEGABYTE

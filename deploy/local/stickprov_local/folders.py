"""Where the local stack keeps what: one data folder, its own user's alone.

Nothing of the stack lies elsewhere, except PostgreSQL's socket when the data folder's path is too long for one.
"""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Final

DEFAULT: Final = Path(".stickprov")
_LARGEST_LOG: Final = 10_000_000


@dataclass(frozen=True)
class DataFolder:
    """The folders and files of one local stack, under ``root``."""

    root: Path

    def make(self) -> None:
        """Make what is missing; another user of the machine may read none of it."""
        for folder in (self.root, self.logs, self.keys, self.tokens, self.broker, self.frames, self.vault):
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        for log in self.logs.glob("*.log"):
            if log.stat().st_size > _LARGEST_LOG:
                log.replace(log.with_suffix(".log.1"))

    @property
    def postgres(self) -> Path:
        return self.root / "postgres"

    @property
    def broker(self) -> Path:
        return self.root / "broker"

    @property
    def frames(self) -> Path:
        return self.root / "frames"

    @property
    def vault(self) -> Path:
        return self.root / "vault"

    @property
    def keys(self) -> Path:
        return self.root / "keys"

    @property
    def tokens(self) -> Path:
        return self.root / "tokens"

    @property
    def logs(self) -> Path:
        return self.root / "logs"

    @property
    def lock(self) -> Path:
        return self.root / "lock"

    @property
    def stack_file(self) -> Path:
        """The running stack's addresses and process ids, in JSON."""
        return self.root / "stack.json"

    def log(self, name: str) -> Path:
        """Return the log file of a process."""
        return self.logs / f"{name}.log"


def write_privately(path: Path, content: bytes) -> None:
    """Replace a file in one step; only its owner may read it."""
    fresh = path.with_name(f"{path.name}.new")
    fresh.unlink(missing_ok=True)
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
    fresh.replace(path)

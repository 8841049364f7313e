"""Bundles that were made from the pages, kept until they are fetched or others take their room.

What must not break: a bundle is its maker's alone, lies where nobody else of the machine can read it, and is gone with
the process.
"""

import tempfile
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from stickprov_client.bundle.exporting import Made

MOST: Final = 4
"""Bundles at once; the oldest gives way."""


@dataclass(frozen=True)
class KeptBundle:
    """A bundle and whose it is."""

    visit: str | None
    made: Made


@dataclass
class MadeBundles:
    """The bundles of one process, by their run: the id that a form has when it is shown."""

    _folder: tempfile.TemporaryDirectory[str] | None = None
    _kept: OrderedDict[str, KeptBundle] = field(default_factory=OrderedDict)
    _count: int = 0

    def find(self, visit: str | None, run: str) -> Made | None:
        """Return the bundle of a run that this visit had made; None when it is gone or somebody else's."""
        kept = self._kept.get(run)
        return kept.made if kept is not None and kept.visit == visit else None

    async def make(self, visit: str | None, run: str, export: Callable[[Path], Awaitable[Made]]) -> Made:
        """Have a bundle made and keep it."""
        if self._folder is None:
            self._folder = tempfile.TemporaryDirectory(prefix="stickprov-bundles-", ignore_cleanup_errors=True)
        self._count += 1
        made = await export(Path(self._folder.name) / f"{self._count}.zip")
        self._forget(run)
        self._kept[run] = KeptBundle(visit, made)
        while len(self._kept) > MOST:
            self._forget(next(iter(self._kept)))
        return made

    def let_all_go(self) -> None:
        """Forget every bundle."""
        self._kept.clear()
        if self._folder is not None:
            self._folder.cleanup()
            self._folder = None

    def _forget(self, run: str) -> None:
        kept = self._kept.pop(run, None)
        if kept is not None:
            kept.made.file.unlink(missing_ok=True)

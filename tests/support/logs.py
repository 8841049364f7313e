"""Reads what a service would have logged."""

import io
import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Literal

import structlog

from stickprov_kernel.logging import configure


@dataclass
class Logged:
    """The lines that were logged so far."""

    stream: io.StringIO = field(default_factory=io.StringIO)

    @property
    def text(self) -> str:
        """Everything, as it was written."""
        return self.stream.getvalue()

    def lines(self, event: str | None = None) -> list[dict[str, Any]]:
        """Return the JSON lines, or those of one event."""
        found = [json.loads(line) for line in self.text.splitlines()]
        return [line for line in found if event is None or line["event"] == event]


@contextmanager
def logging_to_memory(level: str = "debug", log_format: Literal["json", "console"] = "json") -> Iterator[Logged]:
    """Log as a service does, but into memory; afterwards logging is as it was."""
    root = logging.getLogger()
    handlers, root_level = root.handlers[:], root.level
    logged = Logged()
    configure("trial", level, log_format, stream=logged.stream)
    try:
        yield logged
    finally:
        root.handlers[:] = handlers
        root.setLevel(root_level)
        logging.captureWarnings(capture=False)
        structlog.reset_defaults()

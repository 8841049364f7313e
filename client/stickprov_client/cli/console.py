"""Where commands print: answers to stdout, everything else to stderr."""

import json
import sys
from collections.abc import Sequence
from typing import Final, TextIO

from pydantic import BaseModel
from rich.console import Console

_PIPED_WIDTH: Final = 132
"""Columns when nobody's terminal tells: wide enough that no table is cut."""


def stdout() -> Console:
    """Answers: tables and JSON."""
    return _console(sys.stdout)


def stderr() -> Console:
    """Progress and errors; never part of an answer."""
    return _console(sys.stderr)


def print_json(answer: BaseModel | Sequence[BaseModel]) -> None:
    """Print an API answer as JSON, with the contract's keys."""
    if isinstance(answer, BaseModel):
        plain: object = answer.model_dump(mode="json")
    else:
        plain = [one.model_dump(mode="json") for one in answer]
    sys.stdout.write(json.dumps(plain, ensure_ascii=False, indent=2) + "\n")


def _console(stream: TextIO) -> Console:
    piped = not stream.isatty()
    return Console(file=stream, width=_PIPED_WIDTH if piped else None, highlight=False, soft_wrap=piped)

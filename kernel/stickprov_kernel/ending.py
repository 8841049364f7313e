"""How work that ended for good ends the process that serves: a supervisor then starts a new one.

What must not break: a service whose sequencer, relay or consumer is gone for good does not go on answering as if
nothing were. An application that nobody serves as a process, as in a test, only logs.
"""

from collections.abc import Callable
from typing import Final

from fastapi import FastAPI

_KEY: Final = "stickprov_end_process"
_STOPPING: Final = "stickprov_stopping"

EndProcess = Callable[[], None]
"""Asks the process to end with a failure, in good order; returns at once."""


def serve_with(app: FastAPI, end: EndProcess) -> None:
    """Say how the process ends that serves this application."""
    setattr(app.state, _KEY, end)


def end_of(app: FastAPI) -> EndProcess:
    """Return how to end the process that serves this application; nothing happens when none does."""
    end: EndProcess = getattr(app.state, _KEY, _nothing_to_end)
    return end


def begin_to_stop(app: FastAPI) -> None:
    """Say that the process that serves this application was asked to stop. Safe within a signal handler."""
    setattr(app.state, _STOPPING, True)


def is_stopping(app: FastAPI) -> bool:
    """Return whether a stop was asked for: whoever lets a request wait for something answers it now."""
    return getattr(app.state, _STOPPING, False)


def _nothing_to_end() -> None:
    return

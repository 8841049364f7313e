"""The trace of a command: it begins where the command begins to ask the services, and ends with the last answer."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import version
from typing import Final

from stickprov_client.cli.failure import BadInput
from stickprov_contracts.tracing.context import TraceContext
from stickprov_contracts.tracing.spans import Span, working_in
from stickprov_contracts.tracing.tracing import Origin, Tracing, Why, collector_url

_FLUSH_SECONDS: Final = 1.0
"""How long the end of a command may wait for a collector."""


class CommandTrace:
    """The trace of one command, which may ask the services several times; always recorded."""

    def __init__(self, endpoint: str) -> None:
        origin = Origin("stickprov-command", version("stickprov"), f"command-{os.getpid()}")
        self._tracing = Tracing(origin, endpoint, 1.0, _Nobody())
        self._began: TraceContext | None = None

    def begin(self, command: str) -> Span | None:
        """Begin a span: the first begins the trace, later ones are parts of the first."""
        if self._began is None:
            self._tracing.open()
        span = self._tracing.begin(command, "internal", self._began)
        if span is not None and self._began is None:
            self._began = span.context
        return span

    def close(self) -> None:
        """Send what waits; a collector that is away is not waited for long."""
        self._tracing.close(_FLUSH_SECONDS)


def trace_to(endpoint: str | None) -> CommandTrace | None:
    """Return the trace of a command that is about to begin; None without a collector.

    Raises:
        BadInput: it is no address of a collector.
    """
    if not endpoint:
        return None
    try:
        return CommandTrace(collector_url(endpoint))
    except ValueError as error:
        raise BadInput(str(error), "--traces-endpoint") from None


@contextmanager
def traced(command: str, trace: CommandTrace | None) -> Iterator[None]:
    """Do some of a command's work in its trace.

    Args:
        command: as it is documented, such as ``stickprov plan import``, without what was given to it.
        trace: the command's; None for none.
    """
    span = None if trace is None else trace.begin(command)
    if span is None:
        yield
        return
    with working_in(span):
        yield


class _Nobody:
    """A command's spans that got lost are nobody's loss: its work is done."""

    def exported(self, spans: int) -> None:
        """Do nothing."""

    def dropped(self, why: Why, spans: int) -> None:
        """Do nothing."""

    def turned(self, *, taken: bool) -> None:
        """Do nothing."""

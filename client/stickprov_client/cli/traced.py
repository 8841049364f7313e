"""The trace of a command: it begins where the command begins to ask the services, and ends with the last answer."""

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from importlib.metadata import version
from typing import Final

from stickprov_client.cli.failure import BadInput
from stickprov_contracts.tracing.context import TraceContext
from stickprov_contracts.tracing.spans import working_in
from stickprov_contracts.tracing.tracing import Origin, Tracing, Why, collector_url

_FLUSH_SECONDS: Final = 2.0
"""How long the end of a command may wait for a collector."""


@dataclass
class CommandTrace:
    """The trace of one command, which may ask the services several times.

    Attributes:
        endpoint: the collector. began: the first span, which later ones are a part of.
    """

    endpoint: str
    began: TraceContext | None = None


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
        raise BadInput(f"--traces-endpoint: {error}") from None


@asynccontextmanager
async def traced(command: str, trace: CommandTrace | None) -> AsyncIterator[None]:
    """Do some of a command's work in its trace, which is always recorded.

    Args:
        command: as it is documented, such as ``stickprov plan import``, without what was given to it.
        trace: the command's; None for none.
    """
    if trace is None:
        yield
        return
    origin = Origin("stickprov-command", version("stickprov"), f"command-{os.getpid()}")
    tracing = Tracing(origin, trace.endpoint, 1.0, _Nobody())
    tracing.open()
    try:
        span = tracing.begin(command, "internal", trace.began)
        if span is None:
            yield
            return
        trace.began = trace.began or span.context
        with working_in(span):
            yield
    finally:
        await asyncio.to_thread(tracing.close, _FLUSH_SECONDS)


class _Nobody:
    """A command's spans that got lost are nobody's loss: its work is done."""

    def exported(self, spans: int) -> None:
        """Do nothing."""

    def dropped(self, why: Why, spans: int) -> None:
        """Do nothing."""

"""The trace of a command: it begins where the command begins to ask the services, and ends with the last answer."""

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.metadata import version
from typing import Final

from stickprov_client.cli.failure import BadInput
from stickprov_contracts.tracing.spans import working_in
from stickprov_contracts.tracing.tracing import Origin, Tracing, Why, collector_url

_FLUSH_SECONDS: Final = 2.0
"""How long the end of a command may wait for a collector."""


def collector_of(given: str | None) -> str | None:
    """Read the option.

    Raises:
        BadInput: it is no address of a collector.
    """
    if not given:
        return None
    try:
        return collector_url(given)
    except ValueError as error:
        raise BadInput(f"--traces-endpoint: {error}") from None


@asynccontextmanager
async def traced(command: str, endpoint: str | None) -> AsyncIterator[None]:
    """Do a command's work in a trace of its own, which is always recorded.

    Args:
        command: as it is documented, such as ``stickprov plan import``, without what was given to it.
        endpoint: the collector; None for no trace.
    """
    if endpoint is None:
        yield
        return
    origin = Origin("stickprov-command", version("stickprov"), f"command-{os.getpid()}")
    tracing = Tracing(origin, endpoint, 1.0, _Nobody())
    tracing.open()
    try:
        span = tracing.begin(command, "internal")
        if span is None:
            yield
            return
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

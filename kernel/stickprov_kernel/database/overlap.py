"""Work of one's own while the server does its."""

import asyncio
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from typing import Any, Final

from stickprov_kernel.database.pool import Connection

_TURNS_UNTIL_SENDING: Final = 2
"""Turns of the event loop: one to encode a statement, one to begin to send it."""
_MOST_TURNS: Final = 1_000
"""Until a statement larger than the socket takes at once has gone out. Nothing depends on it: it is only faster."""


@asynccontextmanager
async def under_way(connection: Connection, statement: Coroutine[Any, Any, object]) -> AsyncIterator[None]:
    """Enter the block when a statement is with the server; leave it when the statement is over.

    Args:
        connection: on which the statement runs; the block must not use it.
        statement: not yet started.

    Raises:
        Exception: whatever the statement or the block raises; the statement is over by then.
    """
    task = asyncio.create_task(statement, name="statement")
    try:
        for turn in range(_MOST_TURNS):
            await asyncio.sleep(0)
            if turn >= _TURNS_UNTIL_SENDING and (task.done() or not _unsent(connection)):
                break
        yield
    finally:
        await task


def _unsent(connection: Any) -> int:  # noqa: ANN401 - the driver has no public place to ask
    """Return how many bytes wait until the socket takes them."""
    waiting: int = connection._transport.get_write_buffer_size()  # noqa: SLF001
    return waiting

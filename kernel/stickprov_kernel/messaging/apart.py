"""Runs what the Kafka library does in a task apart, so that no cancellation is lost in it and no connection with one.

What must not break: whoever is cancelled ends. When aiokafka closes a client it waits for tasks that it has cancelled
itself, and takes a cancellation of its caller for one of theirs: a relay that was told to stop at that moment went on
for ever. And a client that is cancelled while it first connects forgets that connection and leaves it open.
"""

import asyncio
from collections.abc import Coroutine
from typing import Any, Final, TypeVar

_T = TypeVar("_T")
_STOP_SECONDS: Final = 6.0
_CONNECTING_SECONDS: Final = 1.0
"""Longer than a broker that is there takes to let one in."""


async def started(work: Coroutine[Any, Any, _T]) -> _T:
    """Wait for a client to start. Whoever is cancelled meanwhile lets it finish connecting for a moment.

    Raises:
        CancelledError: the caller was cancelled; the start has ended, or was cancelled too.
    """
    task = asyncio.create_task(work)
    try:
        await asyncio.wait({task})
    except asyncio.CancelledError:
        await _settle(task, _CONNECTING_SECONDS)
        raise
    return task.result()


async def ended(work: Coroutine[Any, Any, None], within: float = _STOP_SECONDS) -> bool:
    """Wait for a client to stop, also when the caller is cancelled meanwhile.

    Args:
        work: what stops it.
        within: seconds after which it is given up.

    Returns:
        Whether it has stopped.

    Raises:
        CancelledError: the caller was cancelled; told when the client has stopped or was given up.
    """
    task = asyncio.create_task(work)
    try:
        await asyncio.wait({task}, timeout=within)
    except asyncio.CancelledError:
        await _settle(task, within)
        raise
    if task.done():
        task.result()
        return True
    await _settle(task, 0.0)
    return False


async def _settle(task: asyncio.Task[Any], seconds: float) -> None:
    """Let the task end within that time, else cancel it. How it ended is of no interest any more."""
    await asyncio.wait({task}, timeout=seconds)
    if not task.done():
        task.cancel()
        await asyncio.wait({task}, timeout=_CONNECTING_SECONDS)
    if task.done() and not task.cancelled():
        task.exception()

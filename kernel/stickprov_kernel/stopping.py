"""Stops a task of one's own without losing a cancellation that is meant for whoever stops it."""

import asyncio
from typing import Any


async def stopped(task: asyncio.Task[Any]) -> None:
    """Cancel a task and wait until it has ended, also when the caller is cancelled meanwhile.

    Raises:
        CancelledError: the caller was cancelled; told when the task has ended.
        Exception: the task had failed.
    """
    task.cancel()
    try:
        await asyncio.wait({task})
    except asyncio.CancelledError:
        await asyncio.wait({task})
        raise
    if not task.cancelled():
        task.result()

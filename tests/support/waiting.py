"""Waiting for a condition instead of for a time."""

import asyncio
import time
from collections.abc import Awaitable, Callable

_PAUSE = 0.02


def wait_until(condition: Callable[[], bool], *, bound: float = 20.0, what: str = "the condition") -> None:
    """Return as soon as ``condition()`` is true.

    Raises:
        TimeoutError: not true within ``bound`` seconds; names ``what``.
    """
    deadline = time.monotonic() + bound
    while not condition():
        if time.monotonic() > deadline:
            raise TimeoutError(f"{what} did not come true within {bound} s")
        time.sleep(_PAUSE)


async def eventually(
    condition: Callable[[], Awaitable[bool]], *, bound: float = 20.0, what: str = "the condition"
) -> None:
    """Return as soon as ``await condition()`` is true.

    Raises:
        TimeoutError: not true within ``bound`` seconds; names ``what``.
    """
    deadline = time.monotonic() + bound
    while not await condition():
        if time.monotonic() > deadline:
            raise TimeoutError(f"{what} did not come true within {bound} s")
        await asyncio.sleep(_PAUSE)

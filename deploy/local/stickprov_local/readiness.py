"""Waiting until the stack's parts answer."""

import asyncio
import time
from collections.abc import Callable, Mapping
from typing import Final

import httpx

from stickprov_local.errors import ChildFailedError

START_SECONDS: Final = 60.0
_PAUSE_SECONDS: Final = 0.05
_ANSWER_SECONDS: Final = 5.0
_LONGEST_QUOTE: Final = 500


async def until(condition: Callable[[], bool], what: str) -> None:
    """Return as soon as ``condition()`` is true.

    Raises:
        ChildFailedError: not within a minute; names ``what``.
    """
    deadline = time.monotonic() + START_SECONDS
    while not condition():
        if time.monotonic() > deadline:
            raise ChildFailedError(f"{what} did not come up within {START_SECONDS:.0f} s")
        await asyncio.sleep(_PAUSE_SECONDS)


async def takes_connections(port: int, host: str) -> None:
    """Return as soon as something listens on the port.

    Raises:
        ChildFailedError: not within a minute.
    """
    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            _, writer = await asyncio.open_connection(host, port)
        except OSError as error:
            if time.monotonic() > deadline:
                raise ChildFailedError(f"nothing listens on {host}:{port}: {error}") from error
            await asyncio.sleep(_PAUSE_SECONDS)
        else:
            writer.close()
            return


async def all_answer(urls: Mapping[str, str]) -> None:
    """Return as soon as every url answers 200; asks them all at once.

    Args:
        urls: what to ask, by the name of who answers.

    Raises:
        ChildFailedError: one did not within a minute; says who, and its last answer.
    """
    # No proxy of the user's environment may come between us and the loopback address.
    async with httpx.AsyncClient(timeout=_ANSWER_SECONDS, trust_env=False) as client, asyncio.TaskGroup() as group:
        for name, url in urls.items():
            group.create_task(_answers(client, name, url))


async def _answers(client: httpx.AsyncClient, name: str, url: str) -> None:
    deadline = time.monotonic() + START_SECONDS
    last = "no answer"
    while time.monotonic() < deadline:
        try:
            answer = await client.get(url)
        except httpx.TransportError as error:
            last = str(error) or type(error).__name__
        else:
            if answer.status_code == httpx.codes.OK:
                return
            last = f"{answer.status_code} {answer.text[:_LONGEST_QUOTE]}"
        await asyncio.sleep(_PAUSE_SECONDS)
    raise ChildFailedError(f"{name} was not ready within {START_SECONDS:.0f} s ({url}): {last}")

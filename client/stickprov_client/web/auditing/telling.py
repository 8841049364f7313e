"""Telling a page how far a long piece of work is, line by line, while it waits for what comes of it."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Final, TypeVar

import structlog
from starlette.requests import Request

from stickprov_client.api import ClientError
from stickprov_contracts.http.progress import NDJSON

_log = structlog.get_logger(__name__)

Stage = TypeVar("Stage")
Outcome = TypeVar("Outcome")

MEDIA_TYPE: Final = NDJSON


def wants_stages(request: Request) -> bool:
    """Tell whether a page's script asks and listens, and not the browser by itself."""
    return NDJSON in request.headers.get("accept", "")


async def lines_of(
    work: Callable[[Callable[[Stage], object]], Awaitable[Outcome]],
    told: Callable[[Stage], tuple[str, float | None]],
    last: Callable[[Outcome], dict[str, str]],
) -> AsyncIterator[str]:
    """Give a line for each stage of some work, then one with what came of it.

    When the work fails, the last line says no more than that: the page asks again in the plain way, which tells why.

    Args:
        work: is given what to tell each stage to.
        told: a stage in words, and its share of the whole if that is known.
        last: what the last line holds.
    """
    heard: asyncio.Queue[Stage | None] = asyncio.Queue()

    async def done() -> Outcome:
        return await work(heard.put_nowait)

    task = asyncio.create_task(done())
    task.add_done_callback(lambda _task: heard.put_nowait(None))
    try:
        while (stage := await heard.get()) is not None:
            text, share = told(stage)
            yield json.dumps({"text": text, "share": share}) + "\n"
        yield json.dumps(last(await task)) + "\n"
    except ClientError as error:
        _log.warning("work did not come to its end", reason=str(error))
        yield json.dumps({"failed": True}) + "\n"
    finally:
        task.cancel()

"""Answers that tell the stages of their work, a line of JSON each, for a client that asks for lines.

What must not break: the work goes on to its end when the client goes away, as it does for an ordinary answer, so that
a retry finds what came of it.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any, TypeAlias

from fastapi import Request, Response
from pydantic import BaseModel
from starlette.types import Receive, Scope, Send

from stickprov_contracts.http.progress import NDJSON, Outcome
from stickprov_kernel.http.problems import answer_to_fault

Tell: TypeAlias = Callable[[Any], None]
"""Is told each stage: the model that the route's description names. May be called from any thread."""

Work: TypeAlias = Callable[[Tell], Awaitable[Response]]

LINES: dict[int | str, dict[str, Any]] = {
    200: {
        "content": {
            NDJSON: {
                "schema": {"type": "string"},
                "example": '{"stage":"checking","rows":1000000}\\n{"status":201,"answer":{}}\\n',
            }
        }
    }
}
"""What the documentation says of it."""


async def staged(request: Request, work: Work) -> Response:
    """Return the answer of a long piece of work, or one that tells its stages when the client accepts lines."""
    if NDJSON in request.headers.get("accept", ""):
        return _Lines(work)
    return await work(_nobody)


def _nobody(_stage: BaseModel) -> None:
    """Tell nobody."""


class _Lines(Response):
    """Does the work while it is being sent."""

    def __init__(self, work: Work) -> None:
        super().__init__(media_type=NDJSON)
        del self.headers["content-length"]
        self._work = work

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002 - as ASGI has it
        """Send a line for each stage, and then the outcome."""
        told: asyncio.Queue[BaseModel] = asyncio.Queue()
        loop = asyncio.get_running_loop()
        work = asyncio.create_task(self._outcome(lambda stage: _tell(loop, told, stage)))
        try:
            await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
            work.add_done_callback(lambda done: told.put_nowait(done.result()))
            line: BaseModel | None = None
            while not isinstance(line, Outcome):
                line = await told.get()
                body = line.model_dump_json().encode() + b"\n"
                await send({"type": "http.response.body", "body": body, "more_body": not isinstance(line, Outcome)})
        except asyncio.CancelledError:
            work.cancel()
            raise
        finally:
            await asyncio.wait([work])

    async def _outcome(self, tell: Tell) -> Outcome:
        try:
            response = await self._work(tell)
        except Exception as error:  # noqa: BLE001 - whatever it is, it is answered as a problem
            response = answer_to_fault(error)
        return Outcome(status=response.status_code, answer=json.loads(bytes(response.body)))


def _tell(loop: asyncio.AbstractEventLoop, told: "asyncio.Queue[BaseModel]", stage: BaseModel) -> None:
    loop.call_soon_threadsafe(told.put_nowait, stage)

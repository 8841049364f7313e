"""Live pages: one question to reporting for the whole process, its answer told on to every page that is open.

What must not break: however many pages are open, reporting has one long poll of ours; and no page waits for it when
the application ends.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from http import HTTPStatus
from typing import Final

import structlog
from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from stickprov_client.api import ApiProblem, ClientError
from stickprov_client.web.reporting.listeners import Listeners
from stickprov_client.web.sessions import Session
from stickprov_client.web.visitor import signed_in
from stickprov_contracts.http.dashboard import Changed
from stickprov_contracts.http.statistics import AsOf

_log = structlog.get_logger(__name__)

_PACE: Final = 1.0
"""Seconds between questions while much is happening: people do not read faster."""
_LONGEST_PAUSE: Final = 30.0
_HEARTBEAT: Final = 15.0
"""Seconds until an idle stream says that it is there, so that nothing between us and the browser closes it."""
_MOST_PAGES: Final = 500

Ask = Callable[[str | None], Awaitable[Changed]]


def positions_of(as_of: dict[str, AsOf]) -> str:
    """Write how far the logs were read, as pages and stream compare it."""
    return " ".join(f"{source}:{at.position}" for source, at in sorted(as_of.items()))


class Changes:
    """Asks while somebody listens, and stops when the last has gone."""

    def __init__(self, ask: Ask) -> None:
        self._ask = ask
        self._moved = asyncio.Condition()
        self._task: asyncio.Task[None] | None = None
        self._listeners = 0
        self._latest: str | None = None
        self._ended = asyncio.Event()

    @property
    def is_full(self) -> bool:
        """Whether no more pages are let in."""
        return self._listeners >= _MOST_PAGES or self._ended.is_set()

    async def heard(self) -> AsyncIterator[str | None]:
        """Give the newest positions, now and whenever they move; None when nothing has for a while."""
        self._listeners += 1
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._follow())
        seen: str | None = None
        try:
            while not self._ended.is_set():
                newest = await self._newer_than(seen)
                if self._ended.is_set():
                    return
                yield newest
                seen = newest or seen
        finally:
            self._listeners -= 1
            if not self._listeners and self._task is not None:
                self._task.cancel()
                self._task = None

    async def _newer_than(self, seen: str | None) -> str | None:
        """Wait for other positions than those seen; None when nothing moves for a while, or all is ended."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_HEARTBEAT), self._moved:
                await self._moved.wait_for(lambda: self._ended.is_set() or self._latest != seen)
        return None if self._latest == seen else self._latest

    async def close(self) -> None:
        """End every stream, so that nobody waits for them."""
        async with self._moved:
            self._ended.set()
            self._moved.notify_all()

    async def _follow(self) -> None:
        mark: str | None = None
        pause = _PACE
        while not self._ended.is_set():
            try:
                changed = await self._ask(mark)
            except ApiProblem as error:
                if error.problem.status in {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND}:
                    _log.warning("pages are not kept up to date", reason=str(error))
                    await self.close()
                    return
                pause = min(2 * pause, _LONGEST_PAUSE)
            except ClientError as error:
                _log.info("reporting does not tell of changes", reason=str(error))
                pause = min(2 * pause, _LONGEST_PAUSE)
            else:
                mark, pause = changed.mark, _PACE
                await self._tell(positions_of(changed.as_of))
            await asyncio.sleep(pause)

    async def _tell(self, positions: str) -> None:
        async with self._moved:
            self._latest = positions
            self._moved.notify_all()


def live_router() -> APIRouter:
    """Return ``/live``: server-sent events with the positions of the logs."""
    router = APIRouter()

    @router.get("/live")
    async def live(request: Request) -> Response:
        changes: Changes = request.app.state.changes
        listeners: Listeners | None = request.app.state.listeners
        session = signed_in(request)
        if changes.is_full:
            # 204 tells a browser not to come again; the page keeps its plain link.
            return Response(status_code=HTTPStatus.NO_CONTENT)
        return StreamingResponse(
            _events(changes, listeners, session), media_type="text/event-stream", headers={"X-Accel-Buffering": "no"}
        )

    return router


async def _events(changes: Changes, listeners: Listeners | None, session: Session | None) -> AsyncIterator[str]:
    joined = listeners.joined_by(session.token) if listeners and session else contextlib.nullcontext()
    with joined:
        async for positions in changes.heard():
            yield f"data: {positions}\n\n" if positions is not None else ": still here\n\n"

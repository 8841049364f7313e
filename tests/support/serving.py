"""An application served over real HTTP: a small one in a thread, or a service beside the test that runs it."""

import asyncio
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager

import uvicorn
from fastapi import FastAPI

from stickprov_contracts.serving.connections import BoundedConnection
from stickprov_local.ports import free_port
from support.waiting import eventually, wait_until


@contextmanager
def serving(app: FastAPI, port: int | None = None) -> Iterator[str]:
    """Serve an application, on a free port if none is given, and give its address; it is stopped at the end."""
    port = port or free_port()
    server = uvicorn.Server(
        uvicorn.Config(
            app,
            host="127.0.0.1",
            port=port,
            log_config=None,
            access_log=False,
            http=BoundedConnection,
            proxy_headers=False,
        )
    )
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    try:
        wait_until(lambda: server.started, what="the served application")
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join(timeout=20)


@asynccontextmanager
async def served(app, port: int) -> AsyncIterator[None]:
    """Serve an application whose lifespan somebody else keeps."""
    config = uvicorn.Config(app, host="127.0.0.1", port=port, log_config=None, access_log=False, lifespan="off")
    server = uvicorn.Server(config)
    # Without its handling of signals: those are pytest's.
    running = asyncio.create_task(server._serve())

    async def started() -> bool:
        return server.started

    await eventually(started, what="the served application")
    yield
    server.should_exit = True
    await running

"""Speaks PostgreSQL's TLS before a server that was built without it: whoever asks in the clear is turned away.

The embedded server cannot speak TLS. What is on trial is our side of it, which cannot tell the difference.
"""

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from stickprov_local.ports import LOOPBACK
from support.certificates import Certificate

_SSL_REQUEST = bytes.fromhex("0000000804d2162f")  # length 8, code 80877103


@dataclass
class TlsFront:
    """A running front.

    Attributes:
        port: of loopback. encrypted, turned_away: connections so far.
    """

    socket: Path
    port: int = 0
    encrypted: int = 0
    turned_away: int = 0


@asynccontextmanager
async def tls_front(socket: Path, served: Certificate) -> AsyncIterator[TlsFront]:
    """Stand before the server behind a unix socket for as long as the block lasts."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(served.certificate, served.key)
    front = TlsFront(socket)
    running: set[asyncio.Task[None]] = set()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        if task is not None:
            running.add(task)
            task.add_done_callback(running.discard)
        try:
            await _serve(front, context, reader, writer)
        except (OSError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(serve, LOOPBACK, 0)
    front.port = server.sockets[0].getsockname()[1]
    try:
        yield front
    finally:
        server.close()
        for task in list(running):
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)


async def _serve(
    front: TlsFront, context: ssl.SSLContext, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
) -> None:
    if await reader.readexactly(len(_SSL_REQUEST)) != _SSL_REQUEST:
        front.turned_away += 1
        return
    writer.write(b"S")
    await writer.start_tls(context)
    front.encrypted += 1
    behind_reader, behind_writer = await asyncio.open_unix_connection(str(front.socket))
    try:
        async with asyncio.TaskGroup() as both:
            both.create_task(_pass_on(reader, behind_writer))
            both.create_task(_pass_on(behind_reader, writer))
    finally:
        behind_writer.close()


async def _pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(ConnectionError):
        while piece := await reader.read(65536):
            writer.write(piece)
            await writer.drain()
    writer.close()

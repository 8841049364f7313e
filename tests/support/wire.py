"""A counting door between a service and its PostgreSQL: what was sent, and how often somebody waited for an answer.

It reads the wire, so that nothing is missed, whoever sends it. Only the service's pool is counted: sequencer, relay and
signal have connections of their own and work while nobody asks for anything.
"""

import asyncio
import struct
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final
from urllib.parse import parse_qs, quote, unquote, urlsplit, urlunsplit

from support.postgres import Database
from support.waiting import eventually

_POOL: Final = b"application_name\0stickprov\0"
_BRACKETS: Final = ("BEGIN", "COMMIT", "ROLLBACK")
_PREPARING: Final = ("typeinfo_tree", "set_config('jit'")
"""What asyncpg asks of types that a connection meets for the first time."""
_SOCKET: Final = ".s.PGSQL.5432"
_QUIET_SECONDS: Final = 0.5


@dataclass
class Wire:
    """What went over the wire.

    Attributes:
        statements: the SQL of each statement that was run, but those that begin and end transactions.
        round_trips: how often an answer was waited for, beginnings and ends of transactions included; not for the
            preparation of a statement, which is done once in a connection's life.
    """

    statements: list[str] = field(default_factory=list)
    round_trips: int = 0


@dataclass
class Door:
    """Counts whatever passes."""

    database: Database
    wires: list[Wire] = field(default_factory=list)
    last: float = field(default_factory=time.monotonic)

    async def is_quiet(self) -> None:
        """Return once nothing has passed for a moment: a service that just started has looked after its own."""

        async def quiet() -> bool:
            return time.monotonic() - self.last > _QUIET_SECONDS

        await eventually(quiet, what="a moment in which nothing is asked of the database")

    @asynccontextmanager
    async def counting(self) -> AsyncIterator[Wire]:
        """Count for as long as the block runs."""
        wire = Wire()
        self.wires.append(wire)
        yield wire
        self.wires.remove(wire)

    def said(self, sql: str) -> None:
        if not sql.lstrip().upper().startswith(_BRACKETS):
            for wire in self.wires:
                wire.statements.append(sql)

    def waited(self) -> None:
        self.last = time.monotonic()
        for wire in self.wires:
            wire.round_trips += 1


@asynccontextmanager
async def counting_door(database: Database, folder: Path) -> AsyncIterator[Door]:
    """Stand before a database for as long as the block runs; the door's own database leads through it."""
    url = urlsplit(database.service_url)
    behind = Path(unquote(parse_qs(url.query)["host"][0])) / _SOCKET
    before = urlunsplit(url._replace(query=f"host={quote(str(folder), safe='')}"))
    door = Door(replace(database, service_url=before))
    passing: set[asyncio.Task[None]] = set()

    def enter(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.create_task(_pass(door, behind, reader, writer))
        passing.add(task)
        task.add_done_callback(passing.discard)

    server = await asyncio.start_unix_server(enter, folder / _SOCKET)
    try:
        yield door
    finally:
        server.close()
        for task in passing:
            task.cancel()
        await asyncio.gather(*passing, return_exceptions=True)


async def _pass(door: Door, behind: Path, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    answers, questions = await asyncio.open_unix_connection(behind)
    there = asyncio.create_task(_questions(door, reader, questions))
    back = asyncio.create_task(_answers(answers, writer))
    try:
        await asyncio.wait([there, back], return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in (there, back):
            task.cancel()
        await asyncio.gather(there, back, return_exceptions=True)
        for end in (writer, questions):
            end.close()


async def _answers(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while data := await reader.read(65_536):
        writer.write(data)
        await writer.drain()


async def _questions(door: Door, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    listener = _Listener(door)
    head = await reader.readexactly(4)
    start = await reader.readexactly(_length(head))
    counted = _POOL in start
    writer.write(head + start)
    while kind := await reader.read(1):
        head = await reader.readexactly(4)
        body = await reader.readexactly(_length(head))
        # Counted before it is passed on, so that whoever has an answer finds it counted.
        if counted:
            listener.hear(kind, body)
        writer.write(kind + head + body)
        await writer.drain()


def _length(head: bytes) -> int:
    return int(struct.unpack("!i", head)[0]) - 4


class _Listener:
    """Understands what one connection sends."""

    def __init__(self, door: Door) -> None:
        self._door = door
        self._prepared: dict[bytes, str] = {}
        self._bound = b""
        self._preparing = False

    def hear(self, kind: bytes, body: bytes) -> None:
        match kind:
            case b"Q":  # a plain statement, such as BEGIN
                self._run(body[:-1].decode())
                self._wait()
            case b"P":  # prepare: the name, the text
                name, text, _ = body.split(b"\0", 2)
                self._prepared[name] = text.decode()
            case b"B":  # bind: the portal, the name
                self._bound = body.split(b"\0", 2)[1]
            case b"E":  # execute
                self._run(self._prepared[self._bound])
            case b"S":  # wait for everything sent
                self._wait()

    def _run(self, sql: str) -> None:
        self._preparing = any(sign in sql for sign in _PREPARING)
        if not self._preparing:
            self._door.said(sql)

    def _wait(self) -> None:
        if not self._preparing:
            self._door.waited()

"""Disturbs everything around the services, one thing after another, and counts."""

import asyncio
import json
import random
import signal
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import UTC, datetime
from typing import Final
from uuid import uuid4

import asyncpg
from aiokafka.errors import KafkaError

from chaos.copies import published
from chaos.lives import Order
from chaos.memory import Memory
from chaos.points import SERVICES, SOURCES
from chaos.world import World
from stickprov_contracts.envelope import Envelope
from stickprov_contracts.topics import source_uri
from stickprov_kernel.log.envelope import encode, time_text
from stickprov_kernel.log.ids import new_id

_LONGER_THAN_A_SESSION: Final = 7.0
"""Seconds; a consumer's session ends after six."""
_BESIDE_SECONDS: Final = 4.0
_READ_SECONDS: Final = 10.0
_PAUSE_SECONDS: Final = 1.5

_POISON = """
INSERT INTO event (id, stream, version, type, schema_version, time, actor, correlation_id, envelope, data)
VALUES ($1, $2, 1, $3, 1, $4, 'p0', $5, $6, $7)
"""

STOPPED_DATABASE = "PostgreSQL stopped at once and started"
LOST_BROKER = "broker killed and its data removed"
DOUBLED = "a second instance of each source"
STOPPED = "a service stopped for longer than a session"
IDLE = "an idle open transaction in each source"
POISON = "poison events (unknown type, invalid data)"


class Disturbing:
    """Goes round and round through the disturbances."""

    def __init__(self, world: World, memory: Memory, seed: int) -> None:
        self.counts: Counter[str] = Counter()
        self._world = world
        self._memory = memory
        self._chance = random.Random(f"{seed} disturbing")
        self._kinds: dict[str, Callable[[], Awaitable[None]]] = {
            STOPPED_DATABASE: self._stop_database,
            LOST_BROKER: self._lose_broker,
            DOUBLED: self._double,
            STOPPED: self._stop_a_service,
            IDLE: self._leave_open,
            POISON: self._poison,
        }

    async def run(self, enough: asyncio.Event) -> None:
        """Disturb until it is enough, and everything at least once."""
        while not enough.is_set():
            for name in self._chance.sample(sorted(self._kinds), len(self._kinds)):
                if enough.is_set() and self.counts[name]:
                    continue
                await self._kinds[name]()
                self.counts[name] += 1
                await asyncio.sleep(_PAUSE_SECONDS)

    async def _stop_database(self) -> None:
        await self._world.apart(self._world.server.kill)
        await asyncio.sleep(self._chance.uniform(0, 1))
        await self._world.apart(self._world.server.start)

    async def _lose_broker(self) -> None:
        broker = self._world.broker
        with suppress(KafkaError, OSError, TimeoutError):
            async with asyncio.timeout(_READ_SECONDS):
                self._memory.published |= await published(self._world)
        await self._world.apart(broker.kill)
        await self._world.apart(broker.wipe)
        await asyncio.sleep(self._chance.uniform(0, 1))
        await self._world.apart(broker.start)

    async def _double(self) -> None:
        twins = list(self._world.twins.values())
        lives = [await twin.start(Order()) for twin in twins]
        try:
            async with asyncio.timeout(_BESIDE_SECONDS):
                await asyncio.gather(*(twin.ready.wait() for twin in twins))
            await asyncio.sleep(_BESIDE_SECONDS)
        except TimeoutError:
            pass
        for twin, life in zip(twins, lives, strict=True):
            life.kill()
            await twin.death_of(life)

    async def _stop_a_service(self) -> None:
        seat = self._world.seats[self._chance.choice(SERVICES)]
        life = seat.life
        if life is None:
            return
        life.kill(signal.SIGSTOP)
        await asyncio.sleep(_LONGER_THAN_A_SESSION)
        life.kill(signal.SIGCONT)

    async def _leave_open(self) -> None:
        """Hold a transaction open that has an id, so that the sequencers' search bound cannot move."""
        connections = [await self._connect(source) for source in SOURCES]
        try:
            for connection in connections:
                await connection.execute("BEGIN; SELECT pg_current_xact_id()")
            await asyncio.sleep(_BESIDE_SECONDS)
        finally:
            for connection in connections:
                connection.terminate()

    async def _poison(self) -> None:
        """Put events into the logs that this release does not understand, as a newer release would have."""
        for source in SOURCES:
            for type_, data in (
                (f"stickprov.{source}.not-known-here.v7", {"anything": 1}),
                ("stickprov.sampler.case-drawn.v1", {"draw": "no draw"}),
            ):
                await self._put_in(source, type_, json.dumps(data).encode())
                self._memory.poison[source] += 1

    async def _put_in(self, source: str, type_: str, data: bytes) -> None:
        event, correlation, now = new_id(), uuid4(), datetime.now(UTC)
        stream = f"poison/{event}"
        envelope = Envelope(
            id=str(event),
            source=source_uri(source),  # type: ignore[arg-type]
            type=type_,
            subject=stream,
            streamversion="1",
            time=time_text(now),
            actor="p0",
            correlationid=str(correlation),
        )
        connection = await self._connect(source)
        try:
            await connection.execute(_POISON, event, stream, type_, now, correlation, encode(envelope), data)
        finally:
            await connection.close()

    async def _connect(self, source: str) -> asyncpg.Connection:
        while True:
            try:
                return await asyncpg.connect(self._world.database_url(source))
            except (OSError, asyncpg.PostgresError):
                await asyncio.sleep(0.2)

"""Kills the services, each at its own points and all of them in parallel, and starts them again."""

import asyncio
import random
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Final

from chaos.lives import Life, Order, Seat
from chaos.points import ANY_MOMENT, AT_ONCE, SERVICES, Service, points_of
from chaos.world import World

_PATIENCE_SECONDS: Final = 20.0
"""How long a point may stay out of reach; then the service is killed wherever it is."""
_LARGEST_REACH: Final = 6
_SPOILED_LIVES: Final = 0.5
_SPOILED_RECORDS: Final = 0.02
_AT_BIRTH: Final = 0.2
_SIGKILLED: Final = -9


@dataclass
class Kills:
    """What was killed where."""

    wanted: int
    by_point: Counter[tuple[Service, str]] = field(default_factory=Counter)
    unasked: Counter[Service] = field(default_factory=Counter)

    def of(self, service: Service) -> int:
        """Return how often a service was killed."""
        return sum(count for (killed, _), count in self.by_point.items() if killed == service)

    def progress(self) -> float:
        """Return which part of the wanted kills there was, of the service that has the fewest."""
        return min(self.of(service) for service in SERVICES) / self.wanted


class Killing:
    """Kills every service until each was killed as often as wanted."""

    def __init__(self, world: World, kills: Kills, seed: int) -> None:
        self._world = world
        self._kills = kills
        self._chance = {service: random.Random(f"{seed} {service}") for service in SERVICES}
        self._at_once = asyncio.Barrier(len(SERVICES))

    async def run(self) -> None:
        """Kill every service as often as wanted, in parallel."""
        async with asyncio.TaskGroup() as group:
            for service in SERVICES:
                group.create_task(self._kill(service))

    async def look_after(self, seat: Seat) -> None:
        """Let a service live on, and start it again when it ends by itself."""
        while True:
            await seat.death_of(await seat.start(Order()))
            self._kills.unasked[seat.service] += 1

    async def _kill(self, service: Service) -> None:
        seat, chance = self._world.seats[service], self._chance[service]
        together = max(1, self._kills.wanted // 10)
        alone = [point for point in points_of(service) if point != AT_ONCE]
        round_: list[str] = []
        while self._kills.of(service) < self._kills.wanted - together:
            if not round_:
                round_ = chance.sample(alone, len(alone))
            await self._live(seat, round_.pop())
        for _ in range(together):
            await self._live(seat, AT_ONCE)
        while self._kills.of(service) < self._kills.wanted:
            await self._live(seat, ANY_MOMENT)

    async def _live(self, seat: Seat, point: str) -> None:
        """Bring up one life and see it killed."""
        chance = self._chance[seat.service]
        outside = point in {ANY_MOMENT, AT_ONCE}
        order = Order(
            point=None if outside else point,
            reach=chance.randint(1, _LARGEST_REACH),
            at_birth=chance.random() < _AT_BIRTH,
            share=_SPOILED_RECORDS if chance.random() < _SPOILED_LIVES else 0.0,
            seed=chance.randrange(2**32),
        )
        life = await seat.start(order)
        if point == AT_ONCE:
            await self._all_ready(life)
            await self._at_once.wait()
            life.kill()
        elif point == ANY_MOMENT:
            await asyncio.sleep(chance.uniform(0.0, 3.0))
            life.kill()
        reached = await self._ended(life)
        code = await seat.death_of(life)
        if code == _SIGKILLED:
            self._kills.by_point[seat.service, point if reached else ANY_MOMENT] += 1
        else:
            self._kills.unasked[seat.service] += 1

    async def _all_ready(self, life: Life) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(_PATIENCE_SECONDS):
                while not life.ended.done() and not all(seat.ready.is_set() for seat in self._world.seats.values()):
                    await asyncio.sleep(0.05)

    async def _ended(self, life: Life) -> bool:
        """Wait for a life's end, at most as long as there is patience; return whether it came by itself."""
        try:
            await asyncio.wait_for(asyncio.shield(life.ended), _PATIENCE_SECONDS)
        except TimeoutError:
            life.kill()
            return False
        return True

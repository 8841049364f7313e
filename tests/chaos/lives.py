"""The lives of one service, one after another at the same address, and the nursery that brings them up."""

import asyncio
import json
import os
import signal
import sys
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

import httpx

from chaos.points import Service

_END_SECONDS: Final = 15.0
_POLL_SECONDS: Final = 0.1
_PROBE: Final = httpx.Timeout(3.0)
_TESTS: Final = Path(__file__).parents[1]
_PATH: Final = [part for part in os.environ.get("PYTHONPATH", "").split(os.pathsep) if part]


@dataclass(frozen=True, kw_only=True)
class Order:
    """How a life is to go.

    Attributes:
        point, reach: where it is killed, and at which reach of that point; no point: it goes on.
        at_birth: whether reaches count from the start, or from when it was ready.
        share, seed: which share of Kafka's records is spoiled on the way, and how.
    """

    point: str | None = None
    reach: int = 1
    at_birth: bool = False
    share: float = 0.0
    seed: int = 0


class Life:
    """One process of a service.

    Attributes:
        ended: its exit code, or the signal that ended it as a negative number.
    """

    def __init__(self) -> None:
        self.pid = 0
        self.ended: asyncio.Future[int] = asyncio.get_running_loop().create_future()

    def kill(self, number: signal.Signals = signal.SIGKILL) -> None:
        """Send it a signal, if it still is there."""
        if self.pid and not self.ended.done():
            with suppress(ProcessLookupError):
                os.kill(self.pid, number)


class Nursery:
    """Brings up lives of one service.

    Attributes:
        importing: seconds that it took to import the service, which each life is spared.
    """

    def __init__(self, service: Service, folder: Path) -> None:
        self.service = service
        self.importing = 0.0
        self._folder = folder
        self._process: asyncio.subprocess.Process | None = None
        self._listening: asyncio.Task[None] | None = None
        self._lives: dict[int, Life] = {}
        self._born = 0

    async def open(self) -> None:
        """Start the process that lives are forked from."""
        with (self._folder / f"{self.service}-nursery.log").open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "chaos.nursery", self.service),
                # A numerical library starts threads when it is imported, and who has threads cannot be forked.
                env={**os.environ, "OPENBLAS_NUM_THREADS": "1", "PYTHONPATH": os.pathsep.join([str(_TESTS), *_PATH])},
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=log,
            )
        self._listening = asyncio.create_task(self._listen())

    async def close(self) -> None:
        """End it, and every life with it."""
        if self._process is not None and self._process.stdin is not None:
            self._process.stdin.close()
            await self._process.wait()
        if self._listening is not None:
            await self._listening

    async def bear(self, order: Order, environment: Mapping[str, str], armed: Path) -> Life:
        """Start a life."""
        if self._process is None or self._process.stdin is None:
            raise RuntimeError("the nursery is not open")
        self._born += 1
        life = self._lives[self._born] = Life()
        told = {
            "life": self._born,
            "environment": dict(environment),
            "log": str(self._folder / f"{armed.stem}.log"),
            "witness": str(self._folder / f"{self.service}.witness"),
            "armed": str(armed),
            **asdict(order),
        }
        _write_in_place(armed, b"\x01" if order.at_birth else b"\x00")
        self._process.stdin.write(json.dumps(told).encode() + b"\n")
        await self._process.stdin.drain()
        return life

    async def _listen(self) -> None:
        if self._process is None or self._process.stdout is None:
            raise RuntimeError("the nursery is not open")
        by_pid: dict[int, Life] = {}
        # A life may end before its birth was told.
        early: dict[int, int] = {}
        async for line in self._process.stdout:
            told = json.loads(line)
            if "imported" in told:
                self.importing = told["imported"]
            elif "pid" in told:
                life = by_pid[told["pid"]] = self._lives[told["life"]]
                life.pid = told["pid"]
                if life.pid in early:
                    life.ended.set_result(early.pop(life.pid))
            elif "ended" in told and told["ended"] in by_pid:
                by_pid.pop(told["ended"]).ended.set_result(told["code"])
            elif "ended" in told:
                early[told["ended"]] = told["code"]
        for life in self._lives.values():
            if not life.ended.done():
                life.ended.set_result(-signal.SIGKILL)


class Seat:
    """An address at which a service lives, life after life.

    Attributes:
        recoveries: seconds from each death to the next time that it was ready.
        unasked: deaths that nobody had ordered: the process gave up by itself.
    """

    def __init__(self, nursery: Nursery, name: str, url: str, environment: Mapping[str, str], folder: Path) -> None:
        self.service = nursery.service
        self.nursery = nursery
        self.url = url
        self.recoveries: list[float] = []
        self.unasked = 0
        self.life: Life | None = None
        self.environment = environment
        self._armed = folder / f"{name}.armed"
        self._deaths: list[float] = []
        self._probing: asyncio.Task[None] | None = None
        self._client = httpx.AsyncClient(base_url=url, timeout=_PROBE)
        self.ready = asyncio.Event()

    async def start(self, order: Order) -> Life:
        """Start the next life; its points count from when it is ready, or from its birth."""
        self.ready.clear()
        self.life = await self.nursery.bear(order, self.environment, self._armed)
        self._probing = asyncio.create_task(self._probe(self.life))
        return self.life

    async def death_of(self, life: Life) -> int:
        """Wait for a life's end and note the time."""
        code = await life.ended
        self._deaths.append(time.monotonic())
        self.ready.clear()
        return code

    async def end(self) -> None:
        """End the life that is there now, in good order if that is possible."""
        if self.life is not None and not self.life.ended.done():
            self.life.kill(signal.SIGTERM)
            try:
                await asyncio.wait_for(asyncio.shield(self.life.ended), _END_SECONDS)
            except TimeoutError:
                self.life.kill()
                await self.life.ended
        if self._probing is not None:
            self._probing.cancel()

    async def close(self) -> None:
        """End it and forget the connection."""
        await self.end()
        await self._client.aclose()

    async def _probe(self, life: Life) -> None:
        while not life.ended.done():
            with suppress(httpx.HTTPError):
                if (await self._client.get("/health/ready")).is_success:
                    now = time.monotonic()
                    self.recoveries += [now - death for death in self._deaths]
                    self._deaths.clear()
                    _write_in_place(self._armed, b"\x01")
                    self.ready.set()
                    return
            await asyncio.sleep(_POLL_SECONDS)


def _write_in_place(path: Path, byte: bytes) -> None:
    """Set the byte of a file that another process has mapped into its memory: it must not shrink for a moment."""
    path.touch()
    with path.open("r+b") as file:
        file.write(byte)

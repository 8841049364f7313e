"""Everything around the services: PostgreSQL, a broker, keys, addresses; and where each service lives."""

import asyncio
import dataclasses
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, TypeVar

import psutil

from chaos.lives import Nursery, Seat
from chaos.options import Options
from chaos.points import SERVICES, SOURCES, Service
from stickprov_local import keys, processes
from stickprov_local.databases import ensure_databases
from stickprov_local.folders import DataFolder
from stickprov_local.ports import free_port
from stickprov_local.postgres import Postgres
from stickprov_local.services import Surroundings
from support.apache_kafka import ApacheKafka
from support.broker import Broker
from support.waiting import wait_until

T = TypeVar("T")

# Processes are killed here, never the power.
_NOT_FOR_POWER_CUTS: Final = {"fsync": "off", "full_page_writes": "off"}
_SIGNING: Final = {"CHECKPOINT_MINUTES": "0.01"}


class Server:
    """PostgreSQL with its data in a folder, to be stopped at once and started again."""

    def __init__(self, folder: Path) -> None:
        self._postgres = Postgres(folder, folder / "postgres.log", max_connections=300, options=_NOT_FOR_POWER_CUTS)
        self._postgres.prepare()
        initialisation = self._postgres.initialisation()
        if initialisation is None or processes.spawn(initialisation).wait() != 0:
            raise RuntimeError("initdb failed")
        self._postgres.initialised()
        self.start()

    @property
    def postgres(self) -> Postgres:
        return self._postgres

    def start(self) -> None:
        """Start it and wait until it takes connections."""
        self._child = processes.spawn(self._postgres.program())
        wait_until(lambda: self._postgres.is_ready(self._child.pid), bound=60, what="PostgreSQL's start")

    def kill(self) -> None:
        """End it and all of its processes at once, as a crash does; what was committed is recovered at the start."""
        children = psutil.Process(self._child.pid).children(recursive=True)
        for process in (*children, psutil.Process(self._child.pid)):
            try:
                process.kill()
            except psutil.NoSuchProcess:
                continue
        self._child.wait()

    def stop(self) -> None:
        """End it in good order."""
        processes.stop(self._child, self._postgres.program().stop_signal)


@dataclasses.dataclass
class World:
    """All of it.

    Attributes:
        seats: where each service lives. twins: where a second instance of each source lives, while there is one.
        tokens: by subject.
    """

    folder: Path
    server: Server
    broker: Broker | ApacheKafka
    seats: dict[Service, Seat]
    twins: dict[Service, Seat]
    tokens: dict[str, str]
    _servers_thread: ThreadPoolExecutor

    def database_url(self, service: str) -> str:
        """Return how the superuser reaches a service's database."""
        return self.server.postgres.url(database=f"stickprov_{service}")

    async def apart(self, work: Callable[[], T]) -> T:
        """Do something with a server that takes its time.

        Always in the same thread: a child ends with the thread that started it.
        """
        return await asyncio.get_running_loop().run_in_executor(self._servers_thread, work)

    def gave_up(self) -> list[str]:
        """Return the log lines of services that ended because work in their background could not go on."""
        logs = [path for service in SERVICES for path in self.folder.glob(f"{service}*.log")]
        return [line for log in logs for line in log.read_text().splitlines() if '"background-work-ended"' in line]

    def witnessed(self) -> dict[str, int]:
        """Return what the services' processes wrote down, and how often."""
        counts: dict[str, int] = {}
        for service in SERVICES:
            path = self.folder / f"{service}.witness"
            for line in path.read_text().splitlines() if path.exists() else ():
                counts[line] = counts.get(line, 0) + 1
        return counts


@asynccontextmanager
async def new_world(folder: Path, options: Options) -> AsyncIterator[World]:
    """Start everything but the services; all of it is ended at the end."""
    data = DataFolder(folder / "data")
    data.make()
    with ThreadPoolExecutor(1) as thread:
        loop = asyncio.get_running_loop()
        (folder / "broker").mkdir()
        broker = (ApacheKafka if options.broker == "apache" else Broker)(folder / "broker")
        server = await loop.run_in_executor(thread, Server, folder / "postgres")
        await loop.run_in_executor(thread, broker.start)
        nurseries = {service: Nursery(service, folder) for service in SERVICES}
        seats: dict[Service, Seat] = {}
        twins: dict[Service, Seat] = {}
        try:
            surroundings = Surroundings(
                folder=data,
                keys=keys.prepare(data, datetime.now(UTC)),
                kafka_bootstrap=broker.bootstrap,
                databases=await ensure_databases(server.postgres),
                ports={name: free_port() for name in (*SERVICES, "web")},
            )
            for service, nursery in nurseries.items():
                await nursery.open()
                seats[service] = _seat(nursery, service, surroundings, folder)
            for service in SOURCES:
                beside = dataclasses.replace(surroundings, ports={**surroundings.ports, service: free_port()})
                twins[service] = _seat(nurseries[service], f"{service}-twin", beside, folder)
            tokens = {subject: (data.tokens / f"{subject}.jwt").read_text() for subject in keys.ROLES}
            yield World(folder, server, broker, seats, twins, tokens, thread)
        finally:
            await asyncio.gather(*(seat.close() for seat in (*seats.values(), *twins.values())))
            await asyncio.gather(*(nursery.close() for nursery in nurseries.values()))
            await loop.run_in_executor(thread, broker.close)
            await loop.run_in_executor(thread, server.stop)


def _seat(nursery: Nursery, name: str, surroundings: Surroundings, folder: Path) -> Seat:
    service = nursery.service
    program = next(program for program in surroundings.programs() if program.name == service)
    signing = {f"STICKPROV_{service.upper()}_{setting}": value for setting, value in _SIGNING.items()}
    # A handful of actors load it as hundreds would.
    shares = {f"STICKPROV_{service.upper()}_REQUESTS_PER_SECOND": "1000000"}
    environment = program.environment | shares | (signing if service in SOURCES else {})
    return Seat(nursery, name, surroundings.url(service), environment, folder)
